"""What was already declared about one tenancy, and where its July rent stands: one statement for the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from parvis.declarations.models import OPEN_STATES, EntryState, Kind
from parvis.kit.actors import Actor
from parvis.tenancies.selectors.scope import of_tenancy, seen_by

DECLARED_SHOWN = 8


class DeclaredLine(NamedTuple):
    """One declaration sent about the tenancy."""

    kind: str
    year: int | None
    rent_cents: int | None
    state: str
    submitted_at: datetime
    receipt_number: str | None

    @property
    def title(self) -> str:
        """What it was about, in the words of the screens."""
        if self.kind in (Kind.JULY_RENT, Kind.PREVIOUS_JULY_RENT) and self.year:
            return f"Loyer de juillet {self.year}"
        return str(Kind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Declared:
    """``state`` is that of the campaign asked for; None when the tenancy is not in it. ``is_begun``: something is prepared, not sent."""

    state: EntryState | None
    lines: tuple[DeclaredLine, ...]
    is_begun: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the July rent is still to be declared, confirmed, corrected or sent."""
        return self.state in OPEN_STATES

    @property
    def state_label(self) -> str:
        """The state as the screens name it; empty outside the campaign."""
        return str(self.state.label) if self.state else ""


_DECLARED = """
SELECT NULL, NULL::int, NULL::int, e.state, NULL::timestamptz, NULL FROM declarations_campaignentry e
WHERE e.tenancy_id = %(tenancy)s AND e.year = %(year)s AND e.landlord_id = %(landlord)s{entry_within}
UNION ALL
SELECT '', NULL::int, NULL::int, '', NULL::timestamptz, NULL FROM declarations_bundle b
WHERE b.tenancy_id = %(tenancy)s AND b.landlord_id = %(landlord)s{bundle_within}
UNION ALL
(SELECT d.kind, d.year, (d.details ->> 'rent_cents')::int, d.state, d.submitted_at, r.number
 FROM declarations_declaration d LEFT JOIN declarations_receipt r ON r.id = d.receipt_id
 WHERE d.tenancy_id = %(tenancy)s AND d.landlord_id = %(landlord)s AND d.submitted_at IS NOT NULL{within}
 ORDER BY d.submitted_at DESC LIMIT %(shown)s)
"""


def declared_of(actor: Actor, tenancy_id: int, *, year: int | None) -> Declared:
    """What this landlord sent about a tenancy, newest first, and the state of its July rent of ``year``."""
    query = _DECLARED.format(
        entry_within=of_tenancy(actor, "e.tenancy_id"),
        bundle_within=of_tenancy(actor, "b.tenancy_id"),
        within=of_tenancy(actor, "d.tenancy_id"),
    )
    values = {**seen_by(actor), "tenancy": tenancy_id, "year": year, "shown": DECLARED_SHOWN}
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = cursor.fetchall()
    entry = next((row[3] for row in rows if row[0] is None), None)
    state = EntryState(entry) if entry and entry != EntryState.OUT else None
    begun = any(row[0] == "" for row in rows)
    return Declared(state, tuple(DeclaredLine._make(row) for row in rows if row[0]), begun)
