"""P3: the list of tenants against its floor, and against the same list as Django's manual has it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

from benchmarks import pages, people
from benchmarks.measure import Line, children_of, cpu_seconds, interleaved
from benchmarks.peers import environment
from benchmarks.stage import ROOT, Stage, WebServer

NUMBER = 900_003
OURS, FLOOR, PEER = 18_412, 18_413, 18_414


def run(stage: Stage) -> list[Line]:
    """Twenty-five rows of a hundred: CPU of the web server and of PostgreSQL, and statements a page."""
    people.office()
    owner = people.somebody(NUMBER)
    people.tenancies(NUMBER, 1, 100)
    pages.open_campaign()
    told = {"PYTHONPATH": str(ROOT / "benchmarks" / "peers")}
    interpreter = environment.python()
    prepare = [str(interpreter), "benchmarks/peers/list_site.py", "prepare"]
    env = {**os.environ, **told}
    session = subprocess.run(prepare, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout.strip()
    ours = WebServer("parvis.config.wsgi:application", OURS)
    floor = WebServer("benchmarks.floor:application", FLOOR)
    peer = WebServer("list_site:application", PEER, told, granian=interpreter.with_name("granian"))
    path = f"/c/{owner.account}/bailleur/locataires/"
    try:
        here = pages.requests(stage, ours, path, owner.cookie)
        bare = pages.requests(stage, floor, path, owner.cookie)
        usual = pages.requests(stage, peer, f"/{owner.partner_id}/tenants/", f"sessionid={session}", name="")
        return [
            *_compared(here, bare, [ours, floor], stage, "raw WSGI, 2 SQL, strings"),
            *_compared(here, usual, [ours, peer], stage, ""),
            _apart(stage, ours, path, owner.cookie),
            _statements(path, owner.cookie),
        ]
    finally:
        for server in (ours, floor, peer):
            server.stop()


def _compared(
    here: Callable[[], float], there: Callable[[], float], servers: list[WebServer], stage: Stage, floor: str
) -> list[Line]:
    def both() -> float:
        pids = [pid for server in servers for pid in children_of(server.process.pid)]
        return cpu_seconds([*pids, *children_of(stage.postgres_pid), os.getpid()])

    here(), there()
    page, other = interleaved(("tenant list", here), ("other", there), unit="ms CPU", rounds=6, our_cpu=both)
    what = "tenant list page of 25 rows, CPU"
    if floor:
        ratio = page.median / other.median
        return [Line("P3", what, str(page), f"{floor} {other}", f"{ratio:.1f} ×", "≤ 6 ×", ratio <= 6)]
    ratio = other.median / page.median
    against = f"idiomatic Django: ORM, its templates, COUNT, OFFSET {other}"
    return [Line("P3", f"{what}, idiomatic", str(page), against, f"{ratio:.1f} × less", "≥ 3 × less", ratio >= 3)]


def _apart(stage: Stage, server: WebServer, path: str, cookie: str) -> Line:
    """What of it is the web server's, and what PostgreSQL's."""
    visitor = people.Visitor(server.port, f"session={cookie}")

    def spent() -> list[float]:
        # Listed each time: a connection taken anew meanwhile is another process, one given back is counted by its parent.
        return [cpu_seconds(children_of(pid)) for pid in (server.process.pid, stage.postgres_pid)]

    visitor.get(path)
    before = spent()
    for _ in range(pages.REQUESTS * 4):
        visitor.get(path)
    web, database = ((now - was) / pages.REQUESTS / 4 * 1000 for now, was in zip(spent(), before, strict=True))
    return Line("P3", "the same, apart", f"{web:.2f} ms web + {database:.2f} ms PostgreSQL", "–", "–", "–", None)


def _statements(path: str, cookie: str) -> Line:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    browser = Client()
    browser.cookies["session"] = cookie
    browser.get(path, HTTP_HOST="localhost")
    with CaptureQueriesContext(connection) as seen:
        answer = browser.get(path, HTTP_HOST="localhost")
    assert answer.status_code == 200
    count = len(seen)
    return Line("P3", "tenant list page, SQL statements", str(count), "–", "–", "≤ 6", count <= 6)
