"""Taking payments in, in sets; see ``feeds_tenancies`` for ``line_hash``."""

from __future__ import annotations

from django.db import transaction

from parvis.kit.merging import Merged, execute, holds, number, staging_name
from parvis.tenancies.services import transfers
from parvis.tenancies.services.feeds_july_rents import UNKNOWN_TENANCY
from parvis.tenancies.services.fresh import indexed_afterwards, is_fresh

_READ = {
    "tenancy_id": "x.id",
    "landlord_id": "n.landlord_id",
    "month": "(s.month || '-01')::date",
    "kind": "s.kind",
    "amount_cents": "s.amount_cents::integer",
    "paid_on": "s.paid_on::date",
    "transfer_ref": "s.transfer_ref",
    "reason_code": "COALESCE(s.reason_code, '')",
    "remaining_cents": "s.remaining_cents::integer",
    "account_last4": "COALESCE(s.account_last4, '')",
}
_HASHED = (
    "payment_ref", "caf_code", "tiers_number", "claimant_number", "tenancy_ref", "month", "kind", "amount_cents", "paid_on",
    "transfer_ref", "reason_code",
)  # fmt: skip
# Only the reason and what follows it may be empty, and what follows bears a mark of its own: nothing that concat_ws leaves out
# can make two lines alike, and a line without them has the fingerprint it had before they were in the format.
_ALL = ", ".join(f"s.{name}" for name in _HASHED)
LINE_HASH = (
    f"hashtextextended(concat_ws(E'\\x1f', {_ALL}, E'\\x1e' || s.remaining_cents, E'\\x1d' || s.account_last4), 0)"
)

# Joined by the fingerprint alone, which is quick to hash; that the key is the same is looked at where it is.
_DIFFERING = f"""
CREATE TEMP TABLE feed_differing ON COMMIT DROP AS
SELECT s.* FROM {{lines}} s WHERE NOT EXISTS (
  SELECT 1 FROM tenancies_payment p WHERE p.line_hash = {LINE_HASH} AND p.payment_ref IS NOT DISTINCT FROM s.payment_ref)
"""

# The landlord paid is the one of the line: it may no longer be the tenancy's.
_JOINS = """
JOIN landlords_thirdpartynumber n ON n.office_id = s.caf_code AND n.number = s.tiers_number
JOIN tenancies_tenancy x ON x.caf_code = s.caf_code AND x.claimant_number = s.claimant_number AND x.tenancy_ref = s.tenancy_ref
"""
_KNOWN = f"""
CREATE TEMP TABLE feed_known ON COMMIT DROP AS
SELECT s.line, p.payment_ref, {", ".join(f"{read} AS {name}" for name, read in _READ.items())}, {LINE_HASH} AS line_hash,
       ({", ".join(f"p.{name}" for name in _READ)}) IS DISTINCT FROM ({", ".join(_READ.values())}) AS differs
FROM {{lines}} s {_JOINS} JOIN tenancies_payment p ON p.payment_ref = s.payment_ref
"""
_CHANGE = f"""
UPDATE tenancies_payment p SET (line_hash, {", ".join(_READ)}) = (k.line_hash, {", ".join(f"k.{name}" for name in _READ)})
FROM feed_known k WHERE k.payment_ref = p.payment_ref AND k.differs
"""
_SAME = """
UPDATE tenancies_payment p SET line_hash = k.line_hash FROM feed_known k WHERE k.payment_ref = p.payment_ref AND NOT k.differs
"""
_ADD = f"""
INSERT INTO tenancies_payment (payment_ref, line_hash, {", ".join(_READ)})
SELECT s.payment_ref, {LINE_HASH}, {", ".join(_READ.values())} FROM {{lines}} s {_JOINS} {{among}}
"""
# The transfers whose lines change: as they were, as they become. Filled before the payments themselves.
_TOUCHED = f"""
CREATE TEMP TABLE feed_touched_transfers ON COMMIT DROP AS
SELECT p.landlord_id, p.paid_on, p.transfer_ref FROM feed_known k JOIN tenancies_payment p ON p.payment_ref = k.payment_ref
WHERE k.differs
UNION SELECT k.landlord_id, k.paid_on, k.transfer_ref FROM feed_known k WHERE k.differs
UNION SELECT {_READ["landlord_id"]}, {_READ["paid_on"]}, {_READ["transfer_ref"]} FROM {{lines}} s {_JOINS} {{among}}
"""
_NOT_KNOWN = "WHERE NOT EXISTS (SELECT 1 FROM feed_known k WHERE k.line = s.line)"
_UNKNOWN_LANDLORD = """
INSERT INTO {apart} (line, field, sentence, waits_for)
SELECT s.line, 'tiers_number',
       'Le numéro tiers « ' || s.caf_code || ' ' || s.tiers_number || ' » n’est pas connu ici : livrez-le dans landlords.csv.',
       'landlord ' || s.caf_code || s.tiers_number
FROM {lines} s WHERE NOT EXISTS (SELECT 1 FROM {apart} a WHERE a.line = s.line)
  AND NOT EXISTS (SELECT 1 FROM landlords_thirdpartynumber n WHERE n.office_id = s.caf_code AND n.number = s.tiers_number)
"""


def differing(lines: str) -> str:
    """The table of those lines that are not in already, word for word; ``lines`` itself while there is nothing to compare."""
    lines = staging_name(lines)
    if not holds("SELECT 1 FROM tenancies_payment"):
        return lines
    execute("DROP TABLE IF EXISTS feed_differing")
    execute(_DIFFERING.format(lines=lines))
    return "feed_differing"


@transaction.atomic
def merge_payments(lines: str, apart: str) -> Merged:
    """Add or change the payments of ``lines``; those of an unknown tenancy or landlord go to ``apart``."""
    lines, apart = staging_name(lines), staging_name(apart)
    total = number(f"SELECT count(*) FROM {lines}")
    if is_fresh("tenancies_payment", total):
        with indexed_afterwards("tenancies_payment"):
            merged = Merged(added=execute(_ADD.format(lines=lines, among="")))
        transfers.rebuild() if holds("SELECT 1 FROM tenancies_transfer") else transfers.fill()
    else:
        merged = _merge(lines)
    if merged.total < total:
        execute(UNKNOWN_TENANCY.format(lines=lines, apart=apart))
        execute(_UNKNOWN_LANDLORD.format(lines=lines, apart=apart))
    return merged


def _merge(lines: str) -> Merged:
    execute("DROP TABLE IF EXISTS feed_known")
    execute(_KNOWN.format(lines=lines))
    execute("DROP TABLE IF EXISTS feed_touched_transfers")
    execute(_TOUCHED.format(lines=lines, among=_NOT_KNOWN))
    changed = execute(_CHANGE)
    unchanged = execute(_SAME)
    added = execute(_ADD.format(lines=lines, among=_NOT_KNOWN))
    transfers.add_up("feed_touched_transfers")
    return Merged(added, changed, unchanged)
