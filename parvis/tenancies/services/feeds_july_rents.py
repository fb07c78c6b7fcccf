"""Taking July rents in, in sets."""

from __future__ import annotations

from django.db import transaction

from parvis.kit.merging import Merged, execute, number, staging_name

UNKNOWN_TENANCY = """
INSERT INTO {apart} (line, field, sentence, waits_for)
SELECT s.line, 'tenancy_ref',
       'Le locataire « ' || s.caf_code || ' ' || s.claimant_number || ' ' || s.tenancy_ref
         || ' » n’est pas connu ici : livrez-le dans tenancies.csv.',
       'tenancy ' || s.caf_code || '/' || s.claimant_number || '/' || s.tenancy_ref
FROM {lines} s WHERE NOT EXISTS (SELECT 1 FROM tenancies_tenancy x
  WHERE x.caf_code = s.caf_code AND x.claimant_number = s.claimant_number AND x.tenancy_ref = s.tenancy_ref)
"""

_KNOWN = """
CREATE TEMP TABLE feed_known ON COMMIT DROP AS
SELECT s.line, x.id AS tenancy_id, s.year::smallint AS year, s.rent_cents::integer AS rent_cents,
       COALESCE(s.source, '') AS source, j.id AS july_rent_id,
       (j.rent_cents, j.source) IS DISTINCT FROM (s.rent_cents::integer, COALESCE(s.source, '')) AS differs
FROM {lines} s
JOIN tenancies_tenancy x ON x.caf_code = s.caf_code AND x.claimant_number = s.claimant_number AND x.tenancy_ref = s.tenancy_ref
LEFT JOIN tenancies_julyrent j ON j.tenancy_id = x.id AND j.year = s.year::smallint
"""
_CHANGE = """
UPDATE tenancies_julyrent j SET rent_cents = k.rent_cents, source = k.source
FROM feed_known k WHERE j.id = k.july_rent_id AND k.differs
"""
_ADD = """
INSERT INTO tenancies_julyrent (tenancy_id, year, rent_cents, source)
SELECT tenancy_id, year, rent_cents, source FROM feed_known WHERE july_rent_id IS NULL
"""


@transaction.atomic
def merge_july_rents(lines: str, apart: str) -> Merged:
    """Add or change the July rents of ``lines``; those of an unknown tenancy go to ``apart``."""
    lines, apart = staging_name(lines), staging_name(apart)
    execute("DROP TABLE IF EXISTS feed_known")
    execute(_KNOWN.format(lines=lines))
    known = number("SELECT count(*) FROM feed_known")
    changed = execute(_CHANGE)
    added = execute(_ADD)
    if known < number(f"SELECT count(*) FROM {lines}"):
        execute(UNKNOWN_TENANCY.format(lines=lines, apart=apart))
    return Merged(added, changed, known - added - changed)
