"""A bank statement held against the transfers: found again, missing, of another amount, in excess. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from parvis.kit.text import fold
from parvis.sheets.bank import BankLine
from parvis.tenancies.selectors.payments.transfers import TransferLine

DAYS_BEFORE = 2
DAYS_AFTER = 5
_FROM_AN_OFFICE = re.compile(r"\b(?:caf|cnaf)(?:\d{1,3})?\b|\bcaisse d ?allocations?\b|\ballocations? familiales?\b")


class Pair(NamedTuple):
    """A transfer, and the line of the bank that is it."""

    transfer: TransferLine
    line: BankLine


@dataclass(frozen=True, slots=True)
class Matching:
    """What comes of it. ``different``: the reference is the same, the amount is not. ``others``: lines of no concern here.

    ``expected_later``: transfers of the last days, that the bank may not have written down yet.
    """

    first: date
    last: date
    matched: tuple[Pair, ...]
    different: tuple[Pair, ...]
    missing: tuple[TransferLine, ...]
    expected_later: tuple[TransferLine, ...]
    excess: tuple[BankLine, ...]
    others: int


def period_of(lines: Iterable[BankLine]) -> tuple[date, date]:
    """The first and last day of a statement that has lines."""
    days = [line.day for line in lines]
    return min(days), max(days)


class _Search:
    """The lines that bring money, by amount and by word; each is taken once, by the transfer nearest in time."""

    def __init__(self, lines: Sequence[BankLine], transfers: Sequence[TransferLine]) -> None:
        self.transfers = transfers
        self.paid = {place: line for place, line in enumerate(lines) if line.cents > 0}
        self.by_cents: dict[int, list[int]] = defaultdict(list)
        self.by_word: dict[str, list[int]] = defaultdict(list)
        for place, line in self.paid.items():
            self.by_cents[line.cents].append(place)
            for word in set(_words(line.label)):
                self.by_word[word].append(place)
        self.used: set[int] = set()
        self.found: dict[int, int] = {}

    def named(self, number: int) -> list[int]:
        """The lines that carry the reference of a transfer."""
        return self.by_word.get(self.transfers[number].transfer_ref.upper(), [])

    def alike(self, number: int) -> list[int]:
        """The lines of the same amount within some days."""
        item = self.transfers[number]
        return [place for place in self.by_cents.get(item.total_cents, ()) if _near(item, self.paid[place])]

    def take(self, number: int, candidates: Iterable[int]) -> None:
        """Of the lines that are nobody's yet, the one nearest in time."""
        free = [place for place in candidates if place not in self.used]
        if number not in self.found and free:
            paid_on = self.transfers[number].paid_on
            self.found[number] = min(free, key=lambda place: (abs((self.paid[place].day - paid_on).days), place))
            self.used.add(self.found[number])

    def pairs(self, *, alike: bool) -> tuple[Pair, ...]:
        """What was found, of the same amount or of another one."""
        pairs = [Pair(self.transfers[number], self.paid[place]) for number, place in sorted(self.found.items())]
        return tuple(pair for pair in pairs if (pair.line.cents == pair.transfer.total_cents) is alike)


def match(lines: Sequence[BankLine], transfers: Sequence[TransferLine]) -> Matching:
    """Hold ``lines`` against ``transfers``: by reference and amount, else by amount within some days, else by reference."""
    first, last = period_of(lines)
    search = _Search(lines, transfers)
    every = range(len(transfers))
    for number in every:
        cents = transfers[number].total_cents
        search.take(number, [place for place in search.named(number) if search.paid[place].cents == cents])
    for number in every:
        search.take(number, search.alike(number))
    for number in every:
        search.take(number, search.named(number))
    absent = [transfers[number] for number in every if number not in search.found]
    absent = [item for item in absent if item.total_cents > 0 and first <= item.paid_on <= last]
    sure_until = last - timedelta(days=DAYS_AFTER)
    rest = [line for place, line in search.paid.items() if place not in search.used]
    excess = tuple(line for line in rest if is_from_an_office(line.label))
    return Matching(
        first,
        last,
        search.pairs(alike=True),
        search.pairs(alike=False),
        missing=tuple(item for item in absent if item.paid_on <= sure_until),
        expected_later=tuple(item for item in absent if item.paid_on > sure_until),
        excess=excess,
        others=len(lines) - len(search.used) - len(excess),
    )


def is_from_an_office(label: str) -> bool:
    """Whether a label names a family-benefit office."""
    return bool(_FROM_AN_OFFICE.search(re.sub(r"[^a-z0-9 ]", " ", fold(label.replace(".", "")))))


def _words(label: str) -> list[str]:
    return re.findall(r"[A-Z0-9][A-Z0-9_/-]{3,}", label.upper())


def _near(transfer: TransferLine, line: BankLine) -> bool:
    return -DAYS_BEFORE <= (line.day - transfer.paid_on).days <= DAYS_AFTER
