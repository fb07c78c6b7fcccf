"""What would leave if the landlord sent now: shown before sending, and compared with what leaves. And what left last, with
what became of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from parvis.changes.selectors.awaited import SHOWN_STATE
from parvis.declarations.models import Kind
from parvis.declarations.rules import OUT_OF_BOUNDS, READY_ENTRY
from parvis.declarations.selectors.grid import GridPage, grid_rows
from parvis.declarations.selectors.grid.norms import bounds
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


# One pass over the ready entries, within their group of the index. The fingerprint holds all that would leave, and not when it was
# saved: the field one leaves to press the button is saved once more, as it is, while the check page is drawn.
_READY = f"""
SELECT before.id AS before_id, t.caf_code, e.draft_cents AS cents,
       concat_ws('|', e.tenancy_id, e.draft_cents, e.draft_furnished, e.draft_lease_holders, e.draft_confirmed, e.draft_reason, before.id,
         before.details) AS content,
       e.sort_name, e.tenancy_id
FROM declarations_campaignentry e
JOIN tenancies_tenancy t ON t.id = e.tenancy_id
LEFT JOIN declarations_declaration before ON before.tenancy_id = e.tenancy_id AND before.kind = 'previous_july_rent'
  AND before.year = e.year - 1 AND before.landlord_id = e.landlord_id AND before.state = 'draft'
  AND before.details ? 'rent_cents' AND e.last_july_cents IS NULL
WHERE e.landlord_id = %(landlord)s AND e.year = %(year)s AND {READY_ENTRY}
  AND e.draft_cents IS NOT NULL AND NOT {OUT_OF_BOUNDS.format("e.draft_cents")}
  AND {OUT_OF_BOUNDS.format("(before.details ->> 'rent_cents')::int")} IS NOT TRUE{{within}}
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
    """The statement that finds what would leave, in no order; its values are :func:`ready_values`."""
    return _READY.format(within=within(actor, "t.caf_code"))


def ready_values(actor: Actor, year: int) -> dict[str, Any]:
    """What :func:`ready_query` is asked with: who asks, of which campaign, within which bounds."""
    return {**seen_by(actor), **bounds(), "year": year}


def ready_to_submit(actor: Actor, year: int, *, after: UUID | None = None, before: UUID | None = None) -> Ready:
    """Sums of what is ready, and one page of it."""
    page = grid_rows(actor, year, state="prets", after=after, before=before, limit=PAGE)
    return replace(ready_sums(actor, year), page=page)


def ready_sums(actor: Actor, year: int) -> Ready:
    """Sums of what is ready, and the fingerprint that a sending must bring back; none of its rows."""
    with connection.cursor() as cursor:
        cursor.execute(_SUM.format(ready=ready_query(actor)), ready_values(actor, year))
        rows = cursor.fetchall()
    count, cents, befores, fingerprint = rows[0][:4]
    offices = tuple(OfficeShare(*row[4:]) for row in rows if row[4] is not None)
    return Ready(count, int(cents), befores, offices, fingerprint, GridPage([], None, None))


READ_AT_MOST = 1_000
"""How many declarations of one receipt are read to say what became of it: of more, only that they are with the office."""
NAMED = 3


@dataclass(frozen=True, slots=True)
class Sending:
    """One receipt: what it acknowledges in a few words' worth of facts, and the states found in it.

    ``titles`` and ``names`` are those of the first declarations; ``states`` is empty when there were too many to read.
    """

    number: str
    at: datetime
    count: int
    is_of_rents: bool
    titles: tuple[str, ...]
    names: tuple[str, ...]
    states: frozenset[str]


_SENDINGS = f"""
SELECT r.number, r.at, r.count, r.is_of_rents, own.read, own.states, named.few
FROM (SELECT * FROM declarations_receipt r WHERE r.landlord_id = %(landlord)s{{within}}
      ORDER BY r.at DESC, r.number DESC LIMIT %(limit)s) r
CROSS JOIN LATERAL (
  SELECT count(*) AS read, array_agg(DISTINCT x.state) AS states FROM (
    SELECT {SHOWN_STATE.format(d="d")} AS state FROM declarations_declaration d WHERE d.receipt_id = r.id LIMIT {READ_AT_MOST + 1}) x) own
CROSS JOIN LATERAL (
  SELECT COALESCE(json_agg(json_build_array(x.kind, x.name)), '[]')::text AS few FROM (
    SELECT d.kind, btrim(concat(d.stated ->> 'first_name', ' ', d.stated ->> 'last_name')) AS name
    FROM declarations_declaration d WHERE d.receipt_id = r.id AND NOT (d.kind = 'previous_july_rent')
    LIMIT {NAMED}) x) named
ORDER BY r.at DESC, r.number DESC
"""


def recent_sendings(actor: Actor, *, limit: int) -> list[Sending]:
    """The newest receipts that the actor may see, with what became of what they acknowledge. One statement."""
    query = _SENDINGS.format(within=within(actor, "r.office_id"))
    with connection.cursor() as cursor:
        cursor.execute(query, {**seen_by(actor), "limit": limit})
        rows = cursor.fetchall()
    return [_sending(*row) for row in rows]


def _sending(
    number: str, at: datetime, count: int, of_rents: bool, read: int, states: Sequence[str] | None, few: str
) -> Sending:
    named = [(str(Kind(kind).label), name) for kind, name in json.loads(few)]
    return Sending(
        number=number,
        at=at,
        count=count,
        is_of_rents=of_rents,
        titles=tuple(dict.fromkeys(title for title, _ in named)),
        names=tuple(dict.fromkeys(name for _, name in named)),
        states=frozenset(states or ()) if read <= READ_AT_MOST else frozenset(),
    )
