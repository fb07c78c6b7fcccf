"""Which column is what: whatever order, case, accents or title lines; told by the head, else by the keys themselves. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from parvis.kit.text import fold

KEY, NUMBER, OFFICE, OWN, RENT, PREVIOUS = "key", "number", "office", "own", "rent", "previous"
ACCOUNT = "account"
"""Told by a table of several accounts alone; that of one looks at no such column."""
MOST_TITLE_LINES = 40
_KEY = re.compile(r"\s*(\d{4})-([0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12})\s*", re.ASCII)
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_AMOUNT = re.compile(r"^[^A-Za-z]*\d")
_OTHER_RENTS = re.compile(r"connu|ancien|precedent|actuel|dernier|charges comprises|\bcc\b|charges$|provision|residuel")
_RENT_WORDS = re.compile(r"loyer|montant|juillet|rent")
_NUMBER_WORDS = re.compile(r"allocataire|matricule|\bn alloc|numalloc")
_OFFICE_WORDS = re.compile(r"^(?:code )?(?:caisse|caf)s?$|^code organisme$")
_ACCOUNT_WORDS = ("compte", "nom du compte", "bailleur")
_OWN_WORDS = re.compile(r"votre reference|reference (?:du )?lo|^reference$|^ref$|^lot$|n de lot|contrat")


def key_of(year: int, tenancy: UUID) -> str:
    """The key of one line: the campaign and the tenancy."""
    return f"{year}-{tenancy}"


def read_key(text: str) -> tuple[int, UUID] | None:
    """Year and tenancy of a key, or None."""
    found = _KEY.fullmatch(text)
    return (int(found[1]), UUID(found[2])) if found else None


def tenancy_in(text: str, year: int) -> str:
    """The tenancy a key of this campaign names, as text for the database; empty if the key is none, or another year's."""
    found = _KEY.fullmatch(text)
    return found[2] if found and found[1] == str(year) else ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are: ``places`` by name; ``first`` is the first line, from 0, that may be a tenant's."""

    places: dict[str, int]
    first: int
    header: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether rents and tenants are found."""
        return RENT in self.places and (KEY in self.places or NUMBER in self.places)


def find(rows: Sequence[Sequence[str]], year: int) -> Layout:
    """The layout of a table by its first rows; what is not found is not in ``places``."""
    best = Layout({}, 0, ())
    for index, row in enumerate(rows[:MOST_TITLE_LINES]):
        if any(read_key(cell) for cell in row):
            return _with_keys(rows, index, best)
        tries = [(row, index + 1)]
        if index + 1 < len(rows) and not any(read_key(cell) for cell in rows[index + 1]):
            tries.append((_under(row, rows[index + 1]), index + 2))
        for header, first in tries:
            places = _named(header, year)
            if _weight(places) > _weight(best.places):
                best = Layout(places, first, _told(header))
    if not best.header:
        best = Layout({}, 1, _told(next((row for row in rows if any(row)), ())))
    return best


def head_of(rows: Sequence[Sequence[str]], header: Sequence[str]) -> tuple[int, list[str]]:
    """Which of the first lines, from 1, ends the head that was found as ``header``, and its cells whole; 0 where no line says it."""
    wanted = tuple(header)
    for index, row in enumerate(rows if wanted else ()):
        if _told(row)[: len(wanted)] == wanted:
            return index + 1, list(row)
        joined = _under(row, rows[index + 1]) if index + 1 < len(rows) else []
        if _told(joined)[: len(wanted)] == wanted:
            return index + 2, joined
    return 0, list(wanted)


def _told(header: Sequence[str]) -> tuple[str, ...]:
    """A head as it is kept and shown: each cell cut short."""
    return tuple(cell.strip()[:60] for cell in header)


def _weight(places: dict[str, int]) -> int:
    return len(places) + 3 * (RENT in places) + 3 * (KEY in places or NUMBER in places)


def _with_keys(rows: Sequence[Sequence[str]], index: int, best: Layout) -> Layout:
    """The line of the first key ends the head, whatever the column of keys is called; lines filled above it have no key."""
    row = rows[index]
    place = next(number for number, cell in enumerate(row) if read_key(cell))
    places = {name: where for name, where in best.places.items() if where != place}
    header = best.header or tuple(f"Colonne {number}" for number in range(1, len(row) + 1))
    filled = (number for number in range(best.first, index) if best.header and _is_filled(rows[number], places))
    return Layout({**places, KEY: place}, next(filled, index), header)


def _is_filled(row: Sequence[str], places: dict[str, int]) -> bool:
    """Whether a line under the head says an amount: what else stands there, a second line of the head, does not."""
    place = places.get(RENT, len(row))
    said = row[place].strip() if place < len(row) else ""
    return bool(_AMOUNT.search(said)) and not _YEAR.fullmatch(said)


def _under(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """A head of two lines, the upper one merged over several columns, as one."""
    joined, last = [], ""
    for number in range(max(len(upper), len(lower))):
        over = upper[number].strip() if number < len(upper) else ""
        under = lower[number].strip() if number < len(lower) else ""
        last = over or last
        joined.append(f"{last if under else over} {under}".strip())
    return joined


def _named(header: Sequence[str], year: int) -> dict[str, int]:
    places: dict[str, int] = {}
    rents: list[tuple[int, int]] = []
    for number, cell in enumerate(header):
        words = re.sub(r"[^a-z0-9 ]+", " ", fold(cell[:120])).strip()
        words = re.sub(" +", " ", words)
        if not words:
            continue
        name = _name_of(words)
        if name:
            places.setdefault(name, number)
        elif _RENT_WORDS.search(words) or str(year) in words:
            rents.append((_likeness(words, year), number))
            if str(year - 1) in words and _years(words) == {year - 1}:
                places.setdefault(PREVIOUS, number)
    best = max((likeness for likeness, _ in rents), default=0)
    chosen = [number for likeness, number in rents if likeness == best]
    if best > 0 and len(chosen) == 1:
        places[RENT] = chosen[0]
    return places


def _years(words: str) -> set[int]:
    return {int(found) for found in _YEAR.findall(words)}


def _name_of(words: str) -> str:
    if words.startswith("cle") and (words == "cle" or "modifier" in words or "changer" in words):
        return KEY
    if _NUMBER_WORDS.search(words):
        return NUMBER
    if _OFFICE_WORDS.search(words):
        return OFFICE
    if words in _ACCOUNT_WORDS:
        return ACCOUNT
    return OWN if _OWN_WORDS.search(words) else ""


def _likeness(words: str, year: int) -> int:
    """How much a head looks like that of the rents asked for; 0 for what is surely another amount."""
    years = _years(words)
    if years and year not in years:
        return 0
    if _OTHER_RENTS.search(words.replace("hors charges", "").strip()):
        return 0
    score = 1
    score += 8 if year in years else 0
    score += 4 if "juillet" in words else 0
    score += 2 if "loyer" in words else 0
    return score + (1 if "hors charges" in words or re.search(r"\bhc\b", words) else 0)
