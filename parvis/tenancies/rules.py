"""Decisions about tenancies: how a search is read, which rent held in which month, what a month's payment tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from parvis.kit.money import euros
from parvis.kit.periods import month
from parvis.kit.text import fold
from parvis.tenancies.reasons import NOTHING_TO_DO, Surroundings, reason_of

SHORTEST_NUMBER = 4
SHORTEST_JOINED = 3
CLAIMANT_NUMBER_LENGTH = 7
LONGEST_OWN_REFERENCE = 40
MOST_WORDS = 6
TITLES = frozenset({"n°", "nº", "numero", "m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle"})


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Names that begin with ``prefix`` and, further on, have words that begin with ``containing`` (may be empty)."""

    prefix: str
    containing: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """A search as understood. ``number`` holds the bounds of claimant numbers, or None."""

    words: tuple[str, ...]
    names: tuple[NameMatch, ...]
    number: tuple[str, str] | None = None

    @property
    def joined(self) -> str:
        """All of it in one word, as names of several are often written; empty where that is too short to tell."""
        joined = "".join(self.words)
        return joined if len(joined) >= SHORTEST_JOINED and self.number is None else ""


def read_search(written: str) -> Search | None:
    """Read what was typed in the search of tenants; None when there is nothing to look for.

    Names are kept as « last first »; ``lina mor`` is therefore also looked up as names in ``mor`` that contain
    ``lina``, and ``d almeida`` as a name in one word. Four to seven digits, blanks ignored, are the beginning of a claimant number.
    """
    words = fold(written)[:120].split()[:MOST_WORDS]
    if len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    if not words:
        return None
    names = [NameMatch(" ".join(words))]
    names += [NameMatch(" ".join(words[cut:]), " ".join(words[:cut])) for cut in range(1, len(words))]
    names += [NameMatch("".join(words))] if len(words) > 1 else []
    digits = "".join(words)
    number = None
    if digits.isascii() and digits.isdigit() and SHORTEST_NUMBER <= len(digits) <= CLAIMANT_NUMBER_LENGTH:
        number = (digits.ljust(CLAIMANT_NUMBER_LENGTH, "0"), digits.ljust(CLAIMANT_NUMBER_LENGTH, "9"))
    return Search(tuple(words), tuple(names), number)


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One line of payment for a tenancy: the month of right, what it is, when it was paid."""

    month: date
    kind: str
    cents: int
    paid_on: date
    reason_code: str = ""
    remaining_cents: int | None = None


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """One month of a tenancy. ``None`` means that nothing is known, or that nothing may be told."""

    month: date
    rent_cents: int | None
    aid_cents: int | None
    recovery_cents: int = 0
    note: str = ""


def rents_by_month(
    months: Sequence[date],
    july_rents: Mapping[int, int],
    *,
    current_cents: int | None,
    start_on: date,
    end_on: date | None,
) -> list[int | None]:
    """The rent known in each month: the last known July goes on until the next; the newest month has today's rent.

    A lease whose July rents are all unknown has had its present rent from the beginning, as far as we know.
    """
    found: list[int | None] = []
    for item in months:
        july = item.year if item.month >= 7 else item.year - 1
        known = [year for year in july_rents if year <= july]
        rent = july_rents[max(known)] if known else None
        if (item == months[-1] or not july_rents) and current_cents is not None:
            rent = current_cents
        outside = item < start_on.replace(day=1) or (end_on is not None and item > end_on)
        found.append(None if outside else rent)
    return found


def months_of_aid(
    months: Sequence[date],
    rents: Sequence[int | None],
    lines: Sequence[PaymentLine],
    *,
    aid_from: date | None,
    left_on: date | None = None,
) -> list[MonthFigures]:
    """Aid month by month of right: aid and back-payments together, recoveries apart, each change said in words.

    A month between two paid ones without payment counts 0; before the first and after the last, nothing is known.
    ``left_on``: when the tenant left, for the sentence that says so.
    """
    by_month: dict[date, list[PaymentLine]] = {}
    for line in lines:
        by_month.setdefault(line.month.replace(day=1), []).append(line)
    paid = [item for item, own in by_month.items() if any(line.kind != "recovery" for line in own)]
    first = min([*paid, *([aid_from.replace(day=1)] if aid_from and paid else [])], default=None)
    last = max(paid, default=None)
    figures: list[MonthFigures] = []
    before: int | None = None
    for item, rent in zip(months, rents, strict=True):
        own = by_month.get(item, [])
        inside = first is not None and last is not None and first <= item <= last
        aid = _sum(own, "aid", "back_payment") if inside else None
        figures.append(MonthFigures(item, rent, aid, _sum(own, "recovery"), _note(item, own, aid, before, left_on)))
        before = _sum(own, "aid") or before
    return figures


def _note(item: date, own: Sequence[PaymentLine], aid: int | None, before: int | None, left_on: date | None) -> str:
    """What is worth saying of a month, in one or two sentences; empty when it is a month like any other."""
    said = []
    # Paid in the end, a month does not say any more why it was not.
    kept = [line for line in own if line.cents] or own
    codes = list(dict.fromkeys(line.reason_code for line in kept))
    late = [line.paid_on for line in own if line.kind == "aid" and _months_apart(item, line.paid_on) > 1]
    if aid == 0 and not any(line.cents for line in own if line.kind != "recovery"):
        said.append("aucun versement pour ce mois.")
    if late and "late_payment" not in codes:
        said.append(f"versement décalé, réglé en {month(max(late))}. {NOTHING_TO_DO}")
    if back := _sum(own, "back_payment"):
        said.append(f"dont {euros(back)} de rappel.")
    plain = _sum(own, "aid")
    if before is not None and plain and plain != before:
        said.append(f"l’aide passe de {euros(before)} à {euros(plain)}.")
    recovery = _sum(own, "recovery")
    if recovery and "overpayment" not in codes:
        said.append(f"{euros(-recovery)} retenus.")
    said += [_explained(code, _surroundings(item, code, own, left_on)) for code in codes]
    return " ".join(words for words in said if words)


def _surroundings(item: date, code: str, own: Sequence[PaymentLine], left_on: date | None) -> Surroundings:
    """What is known of the lines that carry a reason."""
    theirs = [line for line in own if line.reason_code == code]
    remaining = [line.remaining_cents for line in theirs if line.remaining_cents is not None]
    return Surroundings(
        month=item,
        paid_on=max((line.paid_on for line in theirs), default=None),
        withheld_cents=-_sum(theirs, "recovery"),
        remaining_cents=min(remaining, default=None),
        left_on=left_on,
    )


def _sum(lines: Sequence[PaymentLine], *kinds: str) -> int:
    return sum(line.cents for line in lines if line.kind in kinds)


def _explained(code: str, around: Surroundings) -> str:
    reason = reason_of(code, around)
    return " ".join([reason.sentence, reason.action]).strip() if reason else ""


def _months_apart(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month
