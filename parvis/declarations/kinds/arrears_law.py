"""The law of arrears: whether a debt is constituted on the day of the report, since when, until when to report it. Pure.

Until 31 December 2026 (CCH R.824-1): a debt of at least twice the monthly rent and charges, the aid deducted where the landlord
receives it. From 1 January 2027 (décret 2026-84): a debt of more than 450 €, or three months after a first default that was not
settled, whatever the amount. Reported within two months (CCH R.824-4). A debt begun under one rule and reported under the next
is judged by that of the day of the report, which is kept with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parvis.declarations.kinds.kind import TenancyFacts
from parvis.declarations.parameters import legal
from parvis.kit.days import month_end, months_later

RULE_2026, RULE_2027 = "2026", "2027"


@dataclass(frozen=True, slots=True)
class UnpaidMonth:
    """One line of the table: what was due for a month and what was paid of it, in cents."""

    month: date
    due_cents: int
    paid_cents: int

    @property
    def owed_cents(self) -> int:
        """What is missing; more paid than due makes up for other months."""
        return self.due_cents - self.paid_cents


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the law says of a debt on the day of the report.

    ``threshold_cents`` is None where rent or charges are not known, or where the rule has no amount to reach;
    ``constituted_on`` where the day cannot be told; ``clamped`` says that the aid is more than rent and charges.
    """

    rule: str
    constituted: bool | None
    threshold_cents: int | None = None
    constituted_on: date | None = None
    clamped: bool = False

    def report_until(self) -> date | None:
        """The last day to report it (CCH R.824-4)."""
        if self.constituted_on is None:
            return None
        months = legal("arrears_report_deadline", on=self.constituted_on)
        return months_later(self.constituted_on, int(months)) if months is not None else None


def rule_on(today: date) -> str:
    """The rule in force on the day of the report."""
    return RULE_2027 if legal("arrears_threshold_amount", on=today) is not None else RULE_2026


def judge(
    facts: TenancyFacts, debt_cents: int, *, first_default_on: date | None = None, months: Sequence[UnpaidMonth] = ()
) -> Judgement:
    """Whether a debt is constituted on ``facts.today``."""
    if rule_on(facts.today) == RULE_2027:
        return _judge_2027(facts, debt_cents, first_default_on, months)
    return _judge_2026(facts, debt_cents, months)


def _judge_2026(facts: TenancyFacts, debt_cents: int, months: Sequence[UnpaidMonth]) -> Judgement:
    threshold, clamped = threshold_2026(facts)
    if threshold is None:
        return Judgement(RULE_2026, None)
    constituted = debt_cents > 0 and debt_cents >= threshold
    since = _reached(months, lambda owed: owed > 0 and owed >= threshold) if constituted else None
    return Judgement(RULE_2026, constituted, threshold, since, clamped)


def threshold_2026(facts: TenancyFacts) -> tuple[int | None, bool]:
    """Twice the rent and charges, the aid deducted where the landlord receives it; and whether the aid is more than them."""
    if facts.rent_cents is None:
        return None, False
    gross = facts.rent_cents + (facts.charges_cents or 0)
    key = "arrears_threshold_multiple_net" if facts.direct_payment else "arrears_threshold_multiple_gross"
    multiple = legal(key, on=facts.today) or Decimal(2)
    monthly = gross - (facts.aid_cents or 0) if facts.direct_payment else gross
    return int(multiple * max(0, monthly)), monthly < 0


def _judge_2027(
    facts: TenancyFacts, debt_cents: int, first_default_on: date | None, months: Sequence[UnpaidMonth]
) -> Judgement:
    amount, patience = (
        legal(key, on=facts.today) or Decimal(0) for key in ("arrears_threshold_amount", "arrears_threshold_months")
    )
    threshold = int(amount * 100)
    by_amount = _reached(months, lambda owed: owed > threshold) if debt_cents > threshold else None
    by_time = months_later(first_default_on, int(patience)) if first_default_on and debt_cents > 0 else None
    if by_time is not None and by_time > facts.today:
        by_time = None
    constituted = debt_cents > threshold or by_time is not None
    known = [moment for moment in (by_amount, by_time) if moment is not None]
    # Over the amount on a day nobody told: it may be earlier than the third month.
    unknown = debt_cents > threshold and by_amount is None
    since = None if unknown or not known else min(known)
    return Judgement(RULE_2027, constituted, threshold, since)


def _reached(months: Sequence[UnpaidMonth], enough: Callable[[int], bool]) -> date | None:
    """The end of the month in which the debt was enough for the first time, by the table."""
    owed = 0
    for line in sorted(months, key=lambda line: line.month):
        owed += line.owed_cents
        if enough(owed):
            return month_end(line.month)
    return None
