"""What the recapitulation of a campaign prints: all the July rents that are with the office."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from parvis.declarations.selectors import entries
from parvis.kit.actors import Actor
from parvis.tenancies.selectors.scope import of_tenancy, seen_by


class DeclaredRent(NamedTuple):
    """One July rent with the office, as its recapitulation prints it."""

    first_name: str
    last_name: str
    claimant_number: str
    last_july_cents: int | None
    rent_cents: int
    submitted_at: datetime
    receipt_number: str
    state: str

    @property
    def name(self) -> str:
        """First and last name, as stated on the receipt."""
        return f"{self.first_name} {self.last_name}".strip()


# In the order of names, from the entries that are with the office.
_DECLARED = """
SELECT d.stated ->> 'first_name', d.stated ->> 'last_name', d.stated ->> 'claimant_number',
       COALESCE((d.stated ->> 'previous_cents')::int, (d.stated ->> 'last_july_cents')::int),
       (d.details ->> 'rent_cents')::int, d.submitted_at, r.number, d.state
FROM ({picked}) e
JOIN LATERAL (
  SELECT * FROM declarations_declaration x WHERE x.tenancy_id = e.tenancy_id AND x.kind = 'july_rent' AND x.year = %(year)s
    AND x.landlord_id IS NOT DISTINCT FROM %(landlord)s
    AND NOT (x.state IN ('rejected', 'corrected', 'abandoned', 'draft')) AND NOT x.revises LIMIT 1) d ON true
JOIN declarations_receipt r ON r.id = d.receipt_id
ORDER BY e.sort_name, e.tenancy_id LIMIT %(limit)s
"""


def declared_rents(actor: Actor, year: int, *, limit: int) -> list[DeclaredRent]:
    """The July rents of a year that were sent from here and stand, in the order of names: ``limit`` of them at most."""
    own = f"e.landlord_id = %(landlord)s AND e.year = %(year)s{of_tenancy(actor, 'e.tenancy_id')}"
    picked = entries.picked(entries.WITH_OFFICE, own, "ORDER BY e.sort_name, e.tenancy_id")
    query = _DECLARED.format(picked=picked)
    with connection.cursor() as cursor:
        cursor.execute(query, {**seen_by(actor), "year": year, "limit": limit})
        return [DeclaredRent(*row) for row in cursor.fetchall()]
