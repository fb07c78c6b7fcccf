"""How many tenancies each landlord has: kept by the writes, rebuilt by a command."""

from __future__ import annotations

from django.db import transaction

from parvis.kit.merging import execute, staging_name

_COUNTED = """
SELECT landlord_id, count(*) FILTER (WHERE end_on IS NULL AND absent_since IS NULL) AS current,
       count(*) FILTER (WHERE end_on IS NOT NULL OR absent_since IS NOT NULL) AS former
FROM tenancies_tenancy {where} GROUP BY landlord_id
"""
_KEEP = """
INSERT INTO tenancies_portfoliocount (landlord_id, current, former) {counted}
ON CONFLICT (landlord_id) DO UPDATE SET (current, former) = (EXCLUDED.current, EXCLUDED.former)
WHERE (tenancies_portfoliocount.current, tenancies_portfoliocount.former) IS DISTINCT FROM (EXCLUDED.current, EXCLUDED.former)
"""
_EMPTY = """
UPDATE tenancies_portfoliocount c SET current = 0, former = 0
WHERE (current, former) <> (0, 0) {where}
  AND NOT EXISTS (SELECT 1 FROM tenancies_tenancy t WHERE t.landlord_id = c.landlord_id)
"""


@transaction.atomic
def recount(touched: str) -> int:
    """Count again for the landlords in the temporary table ``touched`` (``landlord_id``); how many counts changed."""
    among = f"landlord_id IN (SELECT landlord_id FROM {staging_name(touched)})"
    written = execute(_KEEP.format(counted=_COUNTED.format(where=f"WHERE {among}")))
    return written + execute(_EMPTY.format(where=f"AND {among}"))


@transaction.atomic
def rebuild() -> int:
    """Count everything again, as after a repair by hand; how many counts were wrong."""
    return execute(_KEEP.format(counted=_COUNTED.format(where=""))) + execute(_EMPTY.format(where=""))
