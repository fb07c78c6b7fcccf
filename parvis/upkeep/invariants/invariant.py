"""What an invariant is: a question whose answer is the first row that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from parvis.kit.merging import rows


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row that breaks an invariant: its table and key, never what it holds."""

    row: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Invariant:
    """``code`` is that of security.md §4.2; ``find`` names the first bad row, or nothing."""

    code: str
    says: str
    find: Callable[[datetime], Fault | None]


def none_of(code: str, says: str, question: str) -> Invariant:
    """An invariant as one statement: it selects the table and key of rows that must not be; ``%(at)s`` is the moment."""
    statement = f"SELECT bad FROM ({question}) AS asked (bad) ORDER BY bad LIMIT 1"

    def find(at: datetime) -> Fault | None:
        # A statement without the moment is given it all the same: the driver must know its type.
        asked = f"WITH moment AS (SELECT %(at)s::timestamptz AS now) {statement}"
        found = rows(asked, {"at": at})
        return Fault(str(found[0][0])) if found else None

    return Invariant(code, says, find)
