"""The law of arrears: whether a debt is constituted on the day of the report, since when, until when to report it. Pure.

Until 31 December 2026 (CCH R.824-1): a debt of at least twice the monthly rent and charges, the aid deducted where the landlord
receives it. From 1 January 2027 (décret 2026-84): a debt of more than 450 €, or three months after a first default that was not
settled, whatever the amount. Reported within two months (CCH R.824-4). A debt begun under one rule and reported under the next
is judged by that of the day of the report, which is kept with it; no rule says of a day before it that a debt was constituted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from parvis.declarations.kinds.kind import TenancyFacts
from parvis.kit.days import months_later
from parvis.parameters.law import in_force_since, legal

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

    ``threshold_cents`` is None where rent, charges or the aid to deduct are not known;
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
    threshold, clamped = threshold_2026(facts)
    if threshold is None:
        return Judgement(RULE_2026, None)
    constituted = debt_cents > 0 and debt_cents >= threshold
    since = _reached(months, lambda owed: owed >= threshold, facts.start_on) if constituted else None
    return Judgement(RULE_2026, constituted, threshold, since, clamped)


def multiple_2026(facts: TenancyFacts) -> int:
    """How many months of rent and charges make a debt one to report."""
    key = "arrears_threshold_multiple_net" if facts.direct_payment else "arrears_threshold_multiple_gross"
    return int(legal(key, on=facts.today) or 0)


def threshold_2026(facts: TenancyFacts) -> tuple[int | None, bool]:
    """Twice the rent and charges, the aid deducted where the landlord receives it; and whether the aid is more than them."""
    if facts.rent_cents is None or facts.charges_cents is None or (facts.direct_payment and facts.aid_cents is None):
        return None, False
    monthly = facts.rent_cents + facts.charges_cents
    if facts.direct_payment and facts.aid_cents is not None:
        monthly -= facts.aid_cents
    return multiple_2026(facts) * max(0, monthly), monthly < 0


def threshold_2027(today: date) -> tuple[int, int]:
    """The amount in cents a debt must exceed, and the months after which any debt is enough."""
    amount, patience = (legal(f"arrears_threshold_{name}", on=today) or Decimal(0) for name in ("amount", "months"))
    return int(amount * 100), int(patience)


def _judge_2027(
    facts: TenancyFacts, debt_cents: int, first_default_on: date | None, months: Sequence[UnpaidMonth]
) -> Judgement:
    threshold, patience = threshold_2027(facts.today)
    over = debt_cents > threshold
    by_amount = _reached(months, lambda owed: owed > threshold, facts.start_on) if over else None
    by_time = months_later(first_default_on, patience) if first_default_on and debt_cents > 0 else None
    if by_time is not None and by_time > facts.today:
        by_time = None
    known = [moment for moment in (by_amount, by_time) if moment is not None]
    # Over the amount on a day nobody told: it may be earlier than the third month.
    since = None if not known or (over and by_amount is None) else _not_before_the_rule(min(known), facts, months)
    return Judgement(RULE_2027, over or by_time is not None, threshold, since)


def _not_before_the_rule(since: date, facts: TenancyFacts, months: Sequence[UnpaidMonth]) -> date:
    """Never a day before the rule was in force, unless the former rule already said so then."""
    begins = in_force_since("arrears_threshold_amount", on=facts.today)
    if begins is None:
        return since
    eve = replace(facts, today=begins - timedelta(days=1))
    threshold, _ = threshold_2026(eve)
    earlier = [line for line in months if line.month < begins]
    before = _reached(earlier, lambda owed: owed >= threshold, facts.start_on) if threshold is not None else None
    later = max(since, begins)
    return min(before, later) if before is not None else later


def _reached(months: Sequence[UnpaidMonth], enough: Callable[[int], bool], start_on: date) -> date | None:
    """When the debt of today was enough for the first time, by the table: the first of a month, or the day of entry.

    A rent is due at the beginning of its month (loi 89-462, art. 7 a leaves the day to the lease): counted from there, as
    :func:`first_default` counts, the last day to report is never told too late; from the end of the month it would be, by a month.
    """
    owed, since = 0, None
    for line in sorted(months, key=lambda line: line.month):
        owed += line.owed_cents
        if owed <= 0:
            since = None
        elif since is None and enough(owed):
            since = max(line.month, start_on)
    return since


def first_default(months: Sequence[UnpaidMonth]) -> date | None:
    """The month since which something is owed, by the table: what was paid in full begins again."""
    owed, since = 0, None
    for line in sorted(months, key=lambda line: line.month):
        owed += line.owed_cents
        since = (since or line.month) if owed > 0 else None
    return since
