"""What would leave if the landlord sent now: shown before sending, and compared with what leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection

from parvis.declarations.selectors.grid import GridPage, grid_rows
from parvis.kit.actors import Actor
from parvis.tenancies.selectors.scope import seen_by, within

PAGE = 100


@dataclass(frozen=True, slots=True)
class OfficeShare:
    """How many of the ready rents go to one office."""

    caf_code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The rents ready to leave. ``fingerprint`` changes as soon as one of them does."""

    count: int
    total_cents: int
    previous_count: int
    offices: tuple[OfficeShare, ...]
    fingerprint: str
    page: GridPage


# One pass over the ready entries, whose own index is in the order of names. The fingerprint holds all that would leave.
_READY = """
SELECT d.id, before.id AS before_id, t.caf_code, (d.details ->> 'rent_cents')::int AS cents,
       concat_ws('|', d.id, d.saved_at, d.details, d.confirmed, before.id, before.saved_at, before.details) AS content,
       e.sort_name, e.tenancy_id
FROM declarations_campaignentry e
JOIN tenancies_tenancy t ON t.id = e.tenancy_id
JOIN declarations_declaration d ON d.tenancy_id = e.tenancy_id AND d.kind = 'july_rent' AND d.year = e.year
  AND d.landlord_id = e.landlord_id AND d.state = 'draft'
LEFT JOIN declarations_declaration before ON before.tenancy_id = e.tenancy_id AND before.kind = 'previous_july_rent'
  AND before.year = e.year - 1 AND before.landlord_id = e.landlord_id AND before.state = 'draft'
  AND before.details ? 'rent_cents' AND e.last_july_cents IS NULL
WHERE e.landlord_id = %(landlord)s AND e.year = %(year)s AND e.state = 'drafted'{within}
"""
_SUM = """
WITH ready AS ({ready}), sums AS (
  SELECT count(*) AS count, COALESCE(sum(cents), 0) AS cents, count(before_id) AS befores,
         COALESCE(md5(string_agg(content, E'\\n' ORDER BY sort_name, tenancy_id)), '') AS fingerprint FROM ready)
SELECT sums.*, o.caf_code, o.name, shares.count
FROM sums LEFT JOIN (SELECT caf_code, count(*) AS count FROM ready GROUP BY caf_code) shares ON true
LEFT JOIN landlords_office o ON o.caf_code = shares.caf_code ORDER BY o.name
"""


def ready_query(actor: Actor) -> str:
    """The statement that finds what would leave, in no order; its values are ``seen_by(actor)`` and the year."""
    return _READY.format(within=within(actor, "t.caf_code"))


def ready_to_submit(actor: Actor, year: int, *, after: UUID | None = None, before: UUID | None = None) -> Ready:
    """Sums of what is ready, and one page of it."""
    page = grid_rows(actor, year, state="prets", after=after, before=before, limit=PAGE)
    return replace(ready_sums(actor, year), page=page)


def ready_sums(actor: Actor, year: int) -> Ready:
    """Sums of what is ready, and the fingerprint that a sending must bring back; none of its rows."""
    with connection.cursor() as cursor:
        cursor.execute(_SUM.format(ready=ready_query(actor)), {**seen_by(actor), "year": year})
        rows = cursor.fetchall()
    count, cents, befores, fingerprint = rows[0][:4]
    offices = tuple(OfficeShare(*row[4:]) for row in rows if row[4] is not None)
    return Ready(count, int(cents), befores, offices, fingerprint, GridPage([], None, None))
