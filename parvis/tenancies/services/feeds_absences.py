"""What a full file of tenancies does not name has ended, without anybody having told an end date."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from parvis.kit.merging import execute, rows, staging_name
from parvis.tenancies.services.counts import recount

_ACTIVE = "end_on IS NULL AND absent_since IS NULL"

# A tenancy named by its claimant's former number is named.
_ABSENT = """
CREATE TEMP TABLE feed_absent ON COMMIT DROP AS
SELECT x.id, x.caf_code, x.landlord_id FROM tenancies_tenancy x
WHERE x.end_on IS NULL AND x.absent_since IS NULL
  AND NOT EXISTS (SELECT 1 FROM {lines} s
    WHERE s.caf_code = x.caf_code AND s.claimant_number = x.claimant_number AND s.tenancy_ref = x.tenancy_ref)
  AND NOT EXISTS (SELECT 1 FROM {lines} s WHERE s.former_claimant_number IS NOT NULL
    AND s.caf_code = x.caf_code AND s.former_claimant_number = x.claimant_number AND s.tenancy_ref = x.tenancy_ref)
"""
_COUNTED = f"""
SELECT x.caf_code, count(*), (SELECT count(*) FROM feed_absent a WHERE a.caf_code = x.caf_code)
FROM tenancies_tenancy x WHERE {_ACTIVE} GROUP BY x.caf_code ORDER BY x.caf_code
"""


def note_absent_tenancies(lines: str) -> list[tuple[str, int, int]]:
    """Note in ``feed_absent`` the active tenancies a full file does not name; per office: code, active, absent."""
    execute("DROP TABLE IF EXISTS feed_absent")
    execute(_ABSENT.format(lines=staging_name(lines)))
    return [(str(code), int(active), int(missing)) for code, active, missing in rows(_COUNTED)]


@transaction.atomic
def end_absent_tenancies(on: date) -> int:
    """Mark what :func:`note_absent_tenancies` noted as absent since ``on``; how many."""
    ended = execute(
        f"UPDATE tenancies_tenancy x SET absent_since = %s FROM feed_absent a WHERE a.id = x.id AND {_ACTIVE}", [on]
    )
    if ended:
        recount("feed_absent")
    return ended
