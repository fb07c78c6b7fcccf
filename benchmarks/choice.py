"""P5: the choice of accounts of somebody who has five hundred, against that of somebody who has ten.

The aim is that a page costs what it shows, so both must show as much: each account of the ten holds the words that are looked
for and has rents to declare, as many of the five hundred do as fill the same page of ten accounts, or of twenty-five rents.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks import pages, people
from benchmarks.measure import Line, interleaved
from benchmarks.stage import Stage, WebServer

FEW, MANY = 10, 500
OTHERS = 20_000
ROUNDS = 5
OWING_EVERY = 2
FOUND = "SCI des Trois Tilleuls"
NAMES = ("Société Écologique", "Alliance Familiale", FOUND, "Résidences du Lac", "Foncière du Clos Neuf")
QUESTIONS = {
    "account selection": "/comptes/",
    "account selection, searched": "/comptes/?q=tilleuls+nantes",
    "account selection, to declare": "/comptes/?filtre=a-declarer",
    "rents of all accounts": "/comptes/loyers-a-declarer/",
}


def _group_of(
    first: int, count: int, names: tuple[str, ...] = NAMES, owing_every: int = OWING_EVERY
) -> people.Somebody:
    """Somebody with ``count`` accounts: one in two has three rents to declare, two names in five have accents."""
    from parvis.identity.models import Account
    from parvis.landlords.models import Landlord

    held = [people.somebody(first + rank) for rank in range(count)]
    credential = Account.objects.get(reference=held[0].account).credential_id
    Account.objects.filter(reference__in=[somebody.account for somebody in held]).update(credential=credential)
    for rank, somebody in enumerate(held):
        name = (
            f"{names[rank % len(names)]} {'Nantes' if rank % 7 or len(names) == 1 else 'Rezé'} {rank * 37 % count:03d}"
        )
        Landlord.objects.filter(pk=somebody.partner_id).update(company_name=name, siret=f"{first + rank:014d}")
        if rank % owing_every == 0:
            people.tenancies(first + rank, (first + rank) * 4, 3)
    return held[0]


def run(stage: Stage) -> list[Line]:
    """The page as it opens, searched, filtered; and the rents of all accounts."""
    people.office()
    people.others(100_000, OTHERS)
    few, many = _group_of(960_000, FEW, (FOUND,), 1), _group_of(970_000, MANY)
    pages.open_campaign()
    people.settle()
    server = WebServer("parvis.config.wsgi:application", 18_404)
    try:
        return [_line(stage, server, what, path, few, many) for what, path in QUESTIONS.items()]
    finally:
        server.stop()


def _line(stage: Stage, server: WebServer, what: str, path: str, few: people.Somebody, many: people.Somebody) -> Line:
    works: list[Callable[[], float]] = [pages.requests(stage, server, path, who.cookie) for who in (few, many)]
    for work in works:
        work()
    small, large = interleaved((f"{FEW}", works[0]), (f"{MANY}", works[1]), unit="ms CPU", rounds=ROUNDS)
    ratio = large.median / small.median
    against = f"itself with {FEW} {small}"
    return Line("P5", f"{what}, {MANY} accounts", str(large), against, f"{ratio:.2f} ×", "≤ 1.3 ×", ratio <= 1.3)
