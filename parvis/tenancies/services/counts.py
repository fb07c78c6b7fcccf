"""How many tenancies each landlord has, in all and at each office: kept by the writes, rebuilt by a command."""

from __future__ import annotations

from django.db import transaction

from parvis.kit.merging import execute, staging_name

_SHARES = """
SELECT landlord_id, caf_code, count(*) FILTER (WHERE end_on IS NULL AND absent_since IS NULL) AS current,
       count(*) FILTER (WHERE end_on IS NOT NULL OR absent_since IS NOT NULL) AS former
FROM tenancies_tenancy {where} GROUP BY landlord_id, caf_code
"""
_KEEP_SHARES = """
INSERT INTO tenancies_portfolioofficecount (landlord_id, caf_code, current, former) {counted}
ON CONFLICT (landlord_id, caf_code) DO UPDATE SET (current, former) = (EXCLUDED.current, EXCLUDED.former)
WHERE (tenancies_portfolioofficecount.current, tenancies_portfolioofficecount.former)
  IS DISTINCT FROM (EXCLUDED.current, EXCLUDED.former)
"""
_EMPTY_SHARES = """
UPDATE tenancies_portfolioofficecount c SET current = 0, former = 0
WHERE (current, former) <> (0, 0) {where}
  AND NOT EXISTS (SELECT 1 FROM tenancies_tenancy t WHERE t.landlord_id = c.landlord_id AND t.caf_code = c.caf_code)
"""
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
    return _count(f"WHERE {among}", f"AND {among}")


@transaction.atomic
def rebuild() -> int:
    """Count everything again, as after a repair by hand; how many counts were wrong."""
    return _count("", "")


def _count(where: str, and_where: str) -> int:
    """Both tables of counts, for the landlords of a condition."""
    kept = execute(_KEEP.format(counted=_COUNTED.format(where=where))) + execute(_EMPTY.format(where=and_where))
    shares = execute(_KEEP_SHARES.format(counted=_SHARES.format(where=where)))
    return kept + shares + execute(_EMPTY_SHARES.format(where=and_where))
