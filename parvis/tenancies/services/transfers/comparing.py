"""What each long transfer changes, tenancy by tenancy: worked out once by the worker, after the payments came in.

While a transfer is compared its row is held, so that a merge that changes it, or what it is compared with, marks it again only
afterwards: what is kept is always of the lines that are there, or marked to be made anew.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from parvis.kit.merging import execute, holds, rows
from parvis.tenancies.selectors.payments.changes import KINDS, PLACED
from parvis.tenancies.selectors.payments.transfers import MONTH_BEFORE, SAME_PAY_DAY

_CLAIM = """
SELECT reference, landlord_id, date_trunc('month', paid_on)::date FROM tenancies_transfer WHERE is_comparison_due
ORDER BY paid_on DESC, reference LIMIT 1 FOR UPDATE SKIP LOCKED
"""
# A first transfer is compared with nothing.
_IS_FIRST = f"""
SELECT NOT EXISTS (SELECT 1 FROM tenancies_transfer b WHERE {SAME_PAY_DAY} AND {MONTH_BEFORE})
FROM tenancies_transfer t WHERE t.reference = %(transfer)s
"""
_KEEP = f"""
{PLACED} INSERT INTO tenancies_transferchange (transfer_id, place, tenancy_id, kind, before_cents, now_cents, reasons)
SELECT %(transfer)s, p.place, p.tenancy_id, p.kind, p.before_cents, p.now_cents, p.reasons FROM placed p
"""
_COUNT = """
UPDATE tenancies_transfer SET is_comparison_due = false, changes = COALESCE((
  SELECT jsonb_object_agg(kind, jsonb_build_array(tenancies, cents)) FROM (
    SELECT kind, count(*) AS tenancies, sum(now_cents::bigint - before_cents) AS cents
    FROM tenancies_transferchange WHERE transfer_id = %(transfer)s GROUP BY kind) counted), '{}')
WHERE reference = %(transfer)s
"""


def compare_due() -> int:
    """Compare every transfer that is marked; how many. Broken off anywhere, it goes on where it was."""
    # A planner that knows nothing of how few transfers there are walks every tenancy's own payments: minutes instead of seconds.
    if holds("SELECT 1 FROM tenancies_transfer WHERE is_comparison_due"):
        execute("ANALYZE tenancies_transfer")
    count = 0
    while _compare_one():
        count += 1
    return count


@transaction.atomic
def _compare_one() -> bool:
    claimed = rows(_CLAIM)
    if not claimed:
        return False
    transfer, landlord, month = claimed[0]
    values: dict[str, Any] = {"transfer": transfer, "landlord": landlord, "month": month, "kinds": list(KINDS)}
    execute("SET LOCAL work_mem = '64MB'")
    execute("DELETE FROM tenancies_transferchange WHERE transfer_id = %(transfer)s", values)
    if not rows(_IS_FIRST, values)[0][0]:
        execute(_KEEP, values)
    execute(_COUNT, values)
    return True
