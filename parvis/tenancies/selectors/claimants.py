"""Which landlords a claimant number leads to, for an agent who was told nothing else."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from parvis.kit.db import all_rows

MOST = 50
# The key of a tenancy begins with its office: looked for at each office, not through all of the tenancies.
_LANDLORDS = """
SELECT DISTINCT landlord_id, caf_code || ' ' || claimant_number FROM (
  SELECT t.landlord_id, t.caf_code, t.claimant_number FROM tenancies_tenancy t
  WHERE t.caf_code = ANY(%(offices)s) AND t.claimant_number = %(number)s
  UNION ALL
  SELECT t.landlord_id, t.caf_code, t.claimant_number FROM tenancies_tenancy t
  WHERE t.former_claimant_number = %(number)s AND t.former_claimant_number <> '' AND t.caf_code = ANY(%(offices)s)) found
LIMIT %(most)s
"""
_OFFICES = "SELECT array_agg(caf_code) FROM landlords_office"


def landlords_of_claimant(number: str, offices: Collection[str] | None) -> list[tuple[UUID, str]]:
    """The landlords, with the office and present number of the claimant; ``offices`` is None for all of them."""
    codes = sorted(offices) if offices is not None else all_rows(_OFFICES, [])[0][0] or []
    return [(row[0], row[1]) for row in all_rows(_LANDLORDS, {"offices": codes, "number": number, "most": MOST})]
