"""Taking tenancies in, in sets, from a staging table of valid lines; and telling which lines are in already, word for word.

``line_hash`` on a tenancy is the fingerprint of the feed line that says exactly what the row says: a line that comes
again is recognised without being read.
"""

from __future__ import annotations

import secrets

from django.db import transaction

from parvis.kit.merging import Merged, execute, holds, number, staging_name
from parvis.tenancies.services.counts import rebuild, recount
from parvis.tenancies.services.fresh import indexed_afterwards, is_fresh

_KEY = ("caf_code", "claimant_number", "tenancy_ref")
_READ = {
    "title": "COALESCE(s.title, '')",
    "last_name": "s.last_name",
    "first_name": "COALESCE(s.first_name, '')",
    "address_1": "s.address_1",
    "address_2": "COALESCE(s.address_2, '')",
    "postcode": "s.postcode",
    "city": "s.city",
    "aid_type": "s.aid_type",
    "state_agreement": "s.state_agreement = '1'",
    "start_on": "s.start_on::date",
    "end_on": "s.end_on::date",
    "furnished": "s.furnished = '1'",
    "decency": "s.decency",
    "floor_area_m2": "s.floor_area_m2::integer",
    "lease_holders": "COALESCE(s.lease_holders::smallint, 1)",
    "rent_cents": "s.rent_cents::integer",
    "charges_cents": "s.charges_cents::integer",
    "direct_payment": "s.direct_payment = '1'",
    "aid_from": "s.aid_from::date",
    "former_claimant_number": "COALESCE(s.former_claimant_number, '')",
}
"""Each column of a tenancy that a line gives, and how the line says it."""

_HASHED = (*_KEY, "tiers_number", *_READ)
LINE_HASH = f"hash_record_extended(ROW({', '.join(f's.{name}' for name in _HASHED)}), 0)"

# Joined by the fingerprint alone, which is quick to hash; that the key is the same is looked at where it is.
_DIFFERING = f"""
CREATE TEMP TABLE feed_differing ON COMMIT DROP AS
SELECT s.* FROM {{lines}} s WHERE NOT EXISTS (
  SELECT 1 FROM tenancies_tenancy x WHERE x.line_hash = {LINE_HASH} AND x.absent_since IS NULL
    AND (x.caf_code, x.claimant_number, x.tenancy_ref) IS NOT DISTINCT FROM (s.caf_code, s.claimant_number, s.tenancy_ref))
"""
_JOIN_NUMBER = "JOIN landlords_thirdpartynumber n ON n.office_id = s.caf_code AND n.number = s.tiers_number"

# A claimant who got another number: same office, same lease. The tenancy stays the same, with all that hangs on it.
_RENUMBER = """
UPDATE tenancies_tenancy x SET claimant_number = s.claimant_number
FROM (SELECT DISTINCT ON (caf_code, former_claimant_number, tenancy_ref) * FROM {lines}
      WHERE former_claimant_number IS NOT NULL ORDER BY caf_code, former_claimant_number, tenancy_ref, line) s
WHERE (x.caf_code, x.claimant_number, x.tenancy_ref) = (s.caf_code, s.former_claimant_number, s.tenancy_ref)
  AND NOT EXISTS (SELECT 1 FROM tenancies_tenancy y
    WHERE (y.caf_code, y.claimant_number, y.tenancy_ref) = (s.caf_code, s.claimant_number, s.tenancy_ref))
"""
_KNOWN = f"""
CREATE TEMP TABLE feed_known ON COMMIT DROP AS
SELECT s.line, x.id, n.id AS number_id, n.landlord_id, x.landlord_id AS former_landlord_id, x.line_hash,
       x.absent_since IS NOT NULL OR x.third_party_number_id <> n.id
       OR ({", ".join(f"x.{name}" for name in _READ)}) IS DISTINCT FROM ({", ".join(_READ.values())}) AS differs
FROM {{lines}} s {_JOIN_NUMBER}
JOIN tenancies_tenancy x ON x.caf_code = s.caf_code AND x.claimant_number = s.claimant_number AND x.tenancy_ref = s.tenancy_ref
"""
# What a landlord wrote for themselves is not for whoever comes after them.
_OWN_REFERENCE = "CASE WHEN x.landlord_id IS NOT DISTINCT FROM k.landlord_id THEN x.own_reference ELSE '' END"
_CHANGE = f"""
UPDATE tenancies_tenancy x SET (absent_since, third_party_number_id, landlord_id, own_reference, line_hash, {", ".join(_READ)})
  = (NULL, k.number_id, k.landlord_id, {_OWN_REFERENCE}, {LINE_HASH}, {", ".join(_READ.values())})
FROM feed_known k JOIN {{lines}} s ON s.line = k.line WHERE x.id = k.id AND k.differs
"""
_SAME = f"""
UPDATE tenancies_tenancy x SET line_hash = {LINE_HASH} FROM feed_known k JOIN {{lines}} s ON s.line = k.line
WHERE x.id = k.id AND NOT k.differs
"""
# gen_random_uuid() asks the system for each row; one secret drawn for the whole set and a hash cannot be guessed either.
_REFERENCE = "encode(substr(sha256(convert_to(%s || s.line || ' ' || s.tenancy_ref, 'UTF8')), 1, 16), 'hex')::uuid"
_ADD = f"""
INSERT INTO tenancies_tenancy ({", ".join(_KEY)}, reference, third_party_number_id, landlord_id, line_hash, {", ".join(_READ)})
SELECT {", ".join(f"s.{name}" for name in _KEY)}, {_REFERENCE}, n.id, n.landlord_id, {LINE_HASH}, {", ".join(_READ.values())}
FROM {{lines}} s {_JOIN_NUMBER} {{among}}
"""
_NOT_KNOWN = "WHERE NOT EXISTS (SELECT 1 FROM feed_known k WHERE k.line = s.line)"
_TOUCHED = f"""
CREATE TEMP TABLE feed_touched ON COMMIT DROP AS
SELECT landlord_id FROM feed_known WHERE differs UNION SELECT former_landlord_id FROM feed_known WHERE differs
UNION SELECT n.landlord_id FROM {{lines}} s {_JOIN_NUMBER} {_NOT_KNOWN}
"""
_WITHOUT_LANDLORD = """
INSERT INTO {apart} (line, field, sentence, waits_for)
SELECT s.line, 'tiers_number',
       'Le numéro tiers « ' || s.caf_code || ' ' || s.tiers_number || ' » n’est pas connu ici : livrez-le dans landlords.csv.',
       'landlord ' || s.caf_code || s.tiers_number
FROM {lines} s WHERE NOT EXISTS (SELECT 1 FROM landlords_thirdpartynumber n
  WHERE n.office_id = s.caf_code AND n.number = s.tiers_number)
"""


def differing(lines: str) -> str:
    """The table of those lines that are not in already, word for word; ``lines`` itself while there is nothing to compare."""
    lines = staging_name(lines)
    if not holds("SELECT 1 FROM tenancies_tenancy"):
        return lines
    execute("DROP TABLE IF EXISTS feed_differing")
    execute(_DIFFERING.format(lines=lines))
    return "feed_differing"


@transaction.atomic
def merge_tenancies(lines: str, apart: str) -> Merged:
    """Add or change the tenancies of ``lines``, keep their landlords' counts; lines of an unknown landlord go to ``apart``."""
    lines, apart = staging_name(lines), staging_name(apart)
    total = number(f"SELECT count(*) FROM {lines}")
    if is_fresh("tenancies_tenancy", total):
        with indexed_afterwards("tenancies_tenancy"):
            merged = Merged(added=execute(_ADD.format(lines=lines, among=""), [secrets.token_hex(32)]))
        rebuild()
    else:
        merged = _merge(lines)
        recount("feed_touched")
    if merged.total < total:
        execute(_WITHOUT_LANDLORD.format(lines=lines, apart=apart))
    return merged


def _merge(lines: str) -> Merged:
    execute("DROP TABLE IF EXISTS feed_known, feed_touched")
    execute(_RENUMBER.format(lines=lines))
    execute(_KNOWN.format(lines=lines))
    changed = execute(_CHANGE.format(lines=lines))
    unchanged = execute(_SAME.format(lines=lines))
    execute(_TOUCHED.format(lines=lines))
    added = execute(_ADD.format(lines=lines, among=_NOT_KNOWN), [secrets.token_hex(32)])
    return Merged(added, changed, unchanged)
