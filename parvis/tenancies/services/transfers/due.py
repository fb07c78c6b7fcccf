"""Which long transfers must be compared again with the month before: noted by the merge, which compares nothing itself."""

from __future__ import annotations

from datetime import date

from parvis.kit.merging import execute, rows, staging_name
from parvis.tenancies.selectors import payments

_LONG = "SELECT l.landlord_id FROM tenancies_transfer l WHERE l.tenancies > {beyond}"
# Landlords with long transfers are few: only theirs are looked up, one by one, whatever the planner of a big set prefers.
_TOUCHED = """
SELECT k.landlord_id, date_trunc('month', k.paid_on)::date FROM {touched} k WHERE k.landlord_id IN ({long}) GROUP BY 1, 2
"""
# What was paid in a month is compared with the month before, and the month after is with it.
_MARK = """
UPDATE tenancies_transfer SET is_comparison_due = true, changes = NULL WHERE landlord_id = %(landlord)s
  AND paid_on >= %(month)s AND paid_on < (%(month)s::date + interval '2 months')::date
"""
_MARK_ALL = "UPDATE tenancies_transfer SET is_comparison_due = true, changes = NULL WHERE landlord_id IN ({long})"


def mark_of(touched: str) -> None:
    """Those whose lines changed, and those compared with them; ``touched`` as :func:`add_up` takes it."""
    long = _LONG.format(beyond=payments.COMPARED_BEYOND)
    found: list[tuple[object, date]] = rows(_TOUCHED.format(touched=staging_name(touched), long=long))
    for landlord, month in found:
        execute(_MARK, {"landlord": landlord, "month": month})


def mark_all() -> None:
    """All of them, as after a rebuild."""
    execute(_MARK_ALL.format(long=_LONG.format(beyond=payments.COMPARED_BEYOND)))
