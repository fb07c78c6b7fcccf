"""P4, P5: list pages against themselves when the tables grow."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks import people
from benchmarks.measure import Figure, Line, children_of, cpu_seconds
from benchmarks.stage import Stage, WebServer

REQUESTS = 150
SMALL, LARGE = 900_101, 900_102
PAGES = {
    "tenant list": "/c/{}/bailleur/locataires/",
    "tenant list, rents to type": "/c/{}/bailleur/locataires/?loyer=a-saisir",
    "tenant list, by building": "/c/{}/bailleur/locataires/?tri=immeuble",
    "tenant list, searched": "/c/{}/bailleur/locataires/?q=moreau",
    "July grid": "/c/{}/bailleur/loyers/",
}


def open_campaign() -> Callable[[], None]:
    """Open this year's campaign; the answer brings it in line with the tenancies that have come since."""
    from datetime import UTC, date, datetime

    from parvis.declarations.services import campaigns
    from parvis.kit.actors import system

    today, by = datetime.now(UTC), system("bench")
    year = today.year if today.month >= 7 else today.year - 1
    campaigns.open_campaign(
        year,
        opens_on=date(year, 7, 1),
        deadline_on=date(year, 12, 30),
        suspension_on=date(year + 1, 12, 30),
        by=by,
        at=today,
    )

    def refresh() -> None:
        campaigns.refresh_entries(by=by, at=today)
        people.settle()

    refresh()
    return refresh


def run(stage: Stage) -> list[Line]:
    """The same page with 100, 10,000 and 1,000,000 tenancies in the table, and for a landlord of 300,000."""
    people.office()
    small = people.somebody(SMALL)
    people.tenancies(SMALL, 1, 100)
    refresh = open_campaign()
    server = WebServer("parvis.config.wsgi:application", 18_402)
    try:
        measure, lines = _Measure(stage, server), list[Line]()
        at_100 = {name: measure.page(name, path.format(small.account), small.cookie) for name, path in PAGES.items()}
        for index in range(99):
            people.somebody(900_200 + index)
            people.tenancies(900_200 + index, 1_000 + index * 100, 100)
        refresh()
        at_10_000 = {name: measure.page(name, path.format(small.account), small.cookie) for name, path in PAGES.items()}
        large = people.somebody(LARGE)
        people.tenancies(LARGE, 2_000_000, 300_000)
        people.tenancies(900_200, 3_000_000, 690_000)
        refresh()
        for name, path in PAGES.items():
            at_million = measure.page(name, path.format(small.account), small.cookie)
            at_large = measure.page(name, path.format(large.account), large.cookie)
            first = at_100[name]
            grown = {
                "10,000 in the table": at_10_000[name],
                "1,000,000 in the table": at_million,
                "1,000,000 in the table, 300,000 for the landlord": at_large,
            }
            number = "P5" if name == "July grid" else "P4"
            for what, figure in grown.items():
                ratio, against = figure.median / first.median, f"itself at 100 {first}"
                lines.append(
                    Line(number, f"{name}, {what}", str(figure), against, f"{ratio:.2f} ×", "≤ 1.3 ×", ratio <= 1.3)
                )
    finally:
        server.stop()
    return lines


class _Measure:
    """CPU of the web server and of PostgreSQL, a request."""

    def __init__(self, stage: Stage, server: WebServer) -> None:
        self.stage, self.server = stage, server

    def page(self, name: str, path: str, cookie: str) -> Figure:
        """Median of seven rounds, after one to warm up."""
        figure = Figure(name, "ms CPU")
        work = requests(self.stage, self.server, path, cookie)
        work()
        figure.samples = [work() for _ in range(7)]
        return figure


def requests(stage: Stage, server: WebServer, path: str, cookie: str, *, name: str = "session=") -> Callable[[], float]:
    """A round of requests; answers the CPU milliseconds of one."""
    visitor = people.Visitor(server.port, f"{name}{cookie}")

    def work() -> float:
        pids = children_of(server.process.pid) + children_of(stage.postgres_pid)
        before = cpu_seconds(pids)
        for _ in range(REQUESTS):
            visitor.get(path)
        return (cpu_seconds(pids) - before) / REQUESTS * 1000

    return work
