"""From which day on a debt that may wait would have to be reported, if nothing is paid meanwhile; since when one that may not
would have to be, if nothing was paid before. Pure.

The law is asked of each day to come as it will be then: a debt below the threshold of 2026 may be reached by the rule of 2027 first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from parvis.declarations.kinds.arrears.law import Judgement, UnpaidMonth, judge
from parvis.declarations.kinds.kind import TenancyFacts
from parvis.kit.days import months_later
from parvis.parameters.law import legal

MONTHS_AHEAD = 12


def reported_from(facts: TenancyFacts, debt_cents: int, since: date) -> date | None:
    """The first day to come on which the debt would be constituted; None when that is more than a year away, or not known."""
    for day, owed in sorted({*_debts_to_come(facts, debt_cents), *_other_days(facts, debt_cents, since)}):
        if day > facts.today and judge(replace(facts, today=day), owed, first_default_on=since).constituted:
            return day
    return None


def if_nothing_was_paid(facts: TenancyFacts, since: date) -> Judgement:
    """The debt as it would be had no rent been paid since the first default: no debt since then was constituted sooner.

    Of an aid that may not be seen nothing is deducted, or the day would tell it.
    """
    known = facts if facts.shows_aid or not facts.direct_payment else replace(facts, aid_cents=0)
    monthly = (known.rent_cents or 0) + (known.charges_cents or 0)
    if known.direct_payment:
        monthly -= known.aid_cents or 0
    first, last = since.replace(day=1), known.today.replace(day=1)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    table = [UnpaidMonth(months_later(first, past), max(0, monthly), 0) for past in range(count)]
    found = judge(known, sum(line.owed_cents for line in table), first_default_on=since, months=table)
    on = found.constituted_on
    return replace(found, constituted_on=max(on, since) if found.constituted and on else None)


def _debts_to_come(facts: TenancyFacts, debt_cents: int) -> list[tuple[date, int]]:
    """What is owed on the first of each month: another rent and its charges, the aid deducted where the landlord has it."""
    monthly = 0
    if facts.rent_cents is not None:
        monthly = max(0, facts.rent_cents + (facts.charges_cents or 0) - (facts.aid_cents or 0))
    first = facts.today.replace(day=1)
    return [(months_later(first, count), debt_cents + count * monthly) for count in range(1, MONTHS_AHEAD + 1)]


def _other_days(facts: TenancyFacts, debt_cents: int, since: date) -> list[tuple[date, int]]:
    """The day on which time alone makes it constituted: so many months after the first default, where a rule says so."""
    ahead = months_later(facts.today, MONTHS_AHEAD)
    patience = legal("arrears_threshold_months", on=ahead)
    return [(months_later(since, int(patience)), debt_cents)] if patience is not None else []
