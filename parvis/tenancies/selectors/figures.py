"""Rent and aid of a tenancy, month by month; aid only where the landlord is paid, for who may see payments (domain.md §3.1)."""

from __future__ import annotations

from datetime import date

from django.db import connection

from parvis.kit.actors import Actor, Right
from parvis.kit.periods import months_back
from parvis.kit.refusals import NotFound
from parvis.tenancies.rules import MonthFigures, PaymentLine, months_of_aid, rents_by_month
from parvis.tenancies.selectors.scope import seen_by, within

MONTHS_SHOWN = 12

# Payments made to another landlord of the same dwelling, or made while the tenant was paid, never leave the database.
_LINES = """
WITH own AS (
  SELECT id, rent_cents, start_on, end_on, aid_from, direct_payment FROM tenancies_tenancy
  WHERE id = %(tenancy)s AND landlord_id = %(landlord)s{within}
)
SELECT 'tenancy', aid_from, rent_cents, start_on, end_on, '', NULL::int FROM own
UNION ALL
SELECT 'july', make_date(j.year, 7, 1), j.rent_cents, NULL, NULL, '', NULL FROM tenancies_julyrent j JOIN own ON own.id = j.tenancy_id
UNION ALL
SELECT p.kind, p.month, p.amount_cents, p.paid_on, NULL, p.reason_code, p.remaining_cents FROM own
JOIN tenancies_payment p ON p.tenancy_id = own.id AND p.landlord_id = %(landlord)s
WHERE own.direct_payment AND %(sees_aid)s AND p.month >= %(first)s
ORDER BY 2
"""


def rent_and_aid(actor: Actor, tenancy_id: int, last_month: date) -> list[MonthFigures]:
    """The twelve months up to ``last_month``, oldest first. A tenancy of another landlord or office is not found."""
    months = months_back(last_month, MONTHS_SHOWN)
    with connection.cursor() as cursor:
        query = _LINES.format(within=within(actor, "caf_code"))
        sees_aid = actor.may(Right.PAYMENTS)
        cursor.execute(query, {**seen_by(actor), "tenancy": tenancy_id, "first": months[0], "sees_aid": sees_aid})
        rows = cursor.fetchall()
    own = next((row for row in rows if row[0] == "tenancy"), None)
    if own is None:
        raise NotFound
    _, aid_from, rent_cents, start_on, end_on, *_ = own
    july_rents = {month.year: cents for what, month, cents, *_ in rows if what == "july"}
    lines = [
        PaymentLine(month, what, cents, paid_on, reason, remaining)
        for what, month, cents, paid_on, _, reason, remaining in rows
        if what not in ("tenancy", "july")
    ]
    rents = rents_by_month(months, july_rents, current_cents=rent_cents, start_on=start_on, end_on=end_on)
    return months_of_aid(months, rents, lines, aid_from=aid_from, left_on=end_on)
