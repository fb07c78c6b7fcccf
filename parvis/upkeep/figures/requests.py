"""How many pages were asked for and how long they took, by route and by sort of answer: nothing of addresses or of people.

Each web process counts in its memory and adds what it counted to the database every few seconds, so that any process of any
machine tells the sums of all. A process that is killed forgets its last seconds.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import sleep

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from parvis.kit.merging import execute
from parvis.upkeep.models import RequestFigure

BOUNDS = {"within_25ms": 0.025, "within_100ms": 0.1, "within_500ms": 0.5, "within_2s": 2.0}
"""The columns that count answers given in as many seconds at most."""
EVERY_SECONDS = 10.0
UNKNOWN = "none"
"""The route of what has no page."""

_COLUMNS = ("count", "seconds", *BOUNDS)
_ADD = f"""
INSERT INTO upkeep_requestfigure AS f (route, status, {", ".join(_COLUMNS)})
SELECT * FROM unnest(%(routes)s::text[], %(statuses)s::text[], %(count)s::bigint[], %(seconds)s::float8[],
  {", ".join(f"%({bound})s::bigint[]" for bound in BOUNDS)}) ORDER BY 1, 2
ON CONFLICT (route, status) DO UPDATE SET {", ".join(f"{column} = f.{column} + EXCLUDED.{column}" for column in _COLUMNS)}
"""


@dataclass(slots=True)
class _Tally:
    count: int = 0
    seconds: float = 0.0
    within: list[int] = field(default_factory=lambda: [0] * len(BOUNDS))


_lock, _kept = Lock(), dict[tuple[str, str], _Tally]()


def count(route: str, status: int, seconds: float) -> None:
    """One answer was given."""
    with _lock:
        _add((route or UNKNOWN, f"{status // 100}xx"), 1, seconds, [seconds <= bound for bound in BOUNDS.values()])


def count_refused(route: str, why: str) -> None:
    """Something was asked that could not be done then; ``why`` is one of our own words, of at most eight letters.

    Told beside the answer itself, which is counted like any other.
    """
    with _lock:
        _add((route or UNKNOWN, why), 1, 0.0, [0] * len(BOUNDS))


def keep() -> bool:
    """Add what this process counted to the database's sums; while the database is away it is kept for the next time."""
    global _kept
    with _lock:
        taken, _kept = _kept, {}
    if not taken:
        return False
    try:
        _write(taken)
    except (DatabaseError, InterfaceError, OperationalError):
        with _lock:
            for key, tally in taken.items():
                _add(key, tally.count, tally.seconds, tally.within)
        return False
    return True


def forget() -> None:
    """Count from nothing; the database's sums stay."""
    with _lock:
        _kept.clear()


def begin() -> None:
    """Keep the counts of this web process from now on, in a thread of its own, and once more as it ends."""
    Thread(target=_stay, name="request-figures", daemon=True).start()
    atexit.register(keep)


def figures() -> Iterator[RequestFigure]:
    """The sums of all processes: of answers, and of what could not be done (:func:`count_refused`)."""
    yield from RequestFigure.objects.order_by("route", "status")


def _add(key: tuple[str, str], count: int, seconds: float, within: list[bool] | list[int]) -> None:
    tally = _kept.get(key) or _kept.setdefault(key, _Tally())
    tally.count += count
    tally.seconds += seconds
    tally.within = [had + more for had, more in zip(tally.within, within, strict=True)]


def _write(taken: dict[tuple[str, str], _Tally]) -> None:
    tallies = taken.values()
    columns = {name: [tally.within[index] for tally in tallies] for index, name in enumerate(BOUNDS)}
    execute(
        _ADD,
        {
            "routes": [route for route, _ in taken],
            "statuses": [status for _, status in taken],
            "count": [tally.count for tally in tallies],
            "seconds": [tally.seconds for tally in tallies],
            **columns,
        },
    )


def _stay() -> None:
    while True:
        sleep(EVERY_SECONDS)
        if keep():
            connection.close()
