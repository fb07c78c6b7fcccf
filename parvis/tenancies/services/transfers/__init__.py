"""What each transfer comes to: kept by the merge of payments, rebuilt by a command; no page adds millions of lines up."""

from __future__ import annotations

from django.db import transaction

from parvis.kit.merging import execute, number, staging_name
from parvis.tenancies.services.transfers import due

_SUMMED = """
SELECT md5(concat_ws(E'\\x1f', p.landlord_id, x.caf_code, p.transfer_ref, to_char(p.paid_on, 'YYYYMMDD')))::uuid AS reference,
       p.landlord_id, x.caf_code, p.transfer_ref, p.paid_on,
       COALESCE(max(p.month) FILTER (WHERE p.kind = 'aid'), max(p.month)) AS month,
       COALESCE(sum(p.amount_cents) FILTER (WHERE p.kind = 'aid'), 0) AS aid_cents,
       COALESCE(sum(p.amount_cents) FILTER (WHERE p.kind = 'back_payment'), 0) AS back_payment_cents,
       COALESCE(sum(p.amount_cents) FILTER (WHERE p.kind = 'recovery'), 0) AS recovery_cents,
       CASE WHEN min(p.account_last4) = max(p.account_last4) THEN max(p.account_last4) ELSE '' END AS account_last4,
       count(*) AS lines, count(DISTINCT p.tenancy_id) FILTER (WHERE p.amount_cents <> 0) AS tenancies
FROM {lines} JOIN tenancies_tenancy x ON x.id = p.tenancy_id
GROUP BY p.landlord_id, x.caf_code, p.transfer_ref, p.paid_on
"""
_COUNTED = ("month", "aid_cents", "back_payment_cents", "recovery_cents", "account_last4", "lines", "tenancies")
_KEEP = f"""
INSERT INTO tenancies_transfer (reference, landlord_id, caf_code, transfer_ref, paid_on, {", ".join(_COUNTED)})
SELECT reference, landlord_id, caf_code, transfer_ref, paid_on, {", ".join(_COUNTED)} FROM ({{summed}}) s
ON CONFLICT (reference) DO UPDATE SET ({", ".join(_COUNTED)}) = ({", ".join(f"EXCLUDED.{name}" for name in _COUNTED)})
WHERE ({", ".join(f"tenancies_transfer.{name}" for name in _COUNTED)})
  IS DISTINCT FROM ({", ".join(f"EXCLUDED.{name}" for name in _COUNTED)})
"""
# A transfer all of whose lines went to another one is no more, nor what it changed.
_FORGET = """
WITH gone AS (DELETE FROM tenancies_transfer t WHERE {among}NOT EXISTS (
  SELECT 1 FROM tenancies_payment p JOIN tenancies_tenancy x ON x.id = p.tenancy_id
  WHERE p.landlord_id = t.landlord_id AND p.paid_on = t.paid_on AND p.transfer_ref = t.transfer_ref AND x.caf_code = t.caf_code)
  RETURNING t.reference),
its_changes AS (DELETE FROM tenancies_transferchange c USING gone WHERE c.transfer_id = gone.reference)
SELECT count(*) FROM gone
"""
_TOUCHED = (
    "(t.landlord_id, t.paid_on, t.transfer_ref) IN (SELECT landlord_id, paid_on, transfer_ref FROM {touched}) AND "
)


@transaction.atomic
def add_up(touched: str) -> int:
    """Add up again the transfers named by the temporary table ``touched`` (landlord_id, paid_on, transfer_ref)."""
    touched = staging_name(touched)
    own = "p.landlord_id = k.landlord_id AND p.paid_on = k.paid_on AND p.transfer_ref = k.transfer_ref"
    lines = f"(SELECT DISTINCT landlord_id, paid_on, transfer_ref FROM {touched}) k JOIN tenancies_payment p ON {own}"
    changed = execute(_KEEP.format(summed=_SUMMED.format(lines=lines)))
    changed += number(_FORGET.format(among=_TOUCHED.format(touched=touched)))
    due.mark_of(touched)
    return changed


@transaction.atomic
def fill() -> int:
    """Add everything up where nothing was: after the first payments of all."""
    added = execute(_KEEP.format(summed=_SUMMED.format(lines="tenancies_payment p")))
    due.mark_all()
    return added


@transaction.atomic
def rebuild() -> int:
    """Add everything up again, as after a repair by hand; how many transfers were wrong."""
    return fill() + number(_FORGET.format(among=""))
