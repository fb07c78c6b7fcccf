"""Drafts of July rents, written in sets: one line of the grid or a hundred thousand of a file by the same statements."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from parvis.declarations.kinds.july_rent import Assessment, details, previous_details
from parvis.declarations.models import Kind, SubmissionChannel
from parvis.declarations.selectors.grid import GridRow
from parvis.declarations.services import counts, papers
from parvis.kit.actors import Actor


@dataclass(frozen=True, slots=True)
class Change:
    """The new content of one line: what was typed, what is to be thought of it, what was confirmed and why."""

    row: GridRow
    found: Assessment
    typed: str
    previous_typed: str
    confirmed: tuple[str, ...]
    reason: str


# The index of the live declaration is the claim: a rent already sent is never overwritten by a draft.
_KEEP = """
INSERT INTO declarations_declaration
  (kind, tenancy_id, landlord_id, account_id, year, details, typed, warnings, confirmed, confirmed_reason, state, channel,
   rule, saved_at, reason_code)
SELECT s.kind, s.tenancy, %(landlord)s, %(account)s, s.year, s.details::jsonb, s.typed, s.warnings::jsonb, s.confirmed::jsonb,
       s.reason, 'draft', %(channel)s, '', %(at)s, ''
FROM unnest(%(kinds)s::text[], %(tenancies)s::bigint[], %(years)s::int[], %(details)s::text[], %(typed)s::text[],
            %(warnings)s::text[], %(confirmed)s::text[], %(reasons)s::text[])
  AS s(kind, tenancy, year, details, typed, warnings, confirmed, reason)
ON CONFLICT (tenancy_id, kind, year)
  WHERE kind IN ('july_rent', 'previous_july_rent') AND NOT (state IN ('rejected', 'corrected', 'abandoned'))
DO UPDATE SET details = EXCLUDED.details, typed = EXCLUDED.typed, warnings = EXCLUDED.warnings,
  confirmed = EXCLUDED.confirmed, confirmed_reason = EXCLUDED.confirmed_reason, account_id = EXCLUDED.account_id,
  channel = EXCLUDED.channel, saved_at = EXCLUDED.saved_at
WHERE declarations_declaration.state = 'draft' AND declarations_declaration.landlord_id = EXCLUDED.landlord_id
"""
_REMOVE = """
DELETE FROM declarations_declaration d USING unnest(%(kinds)s::text[], %(tenancies)s::bigint[], %(years)s::int[])
  AS s(kind, tenancy, year)
WHERE d.tenancy_id = s.tenancy AND d.kind = s.kind AND d.year = s.year AND d.state = 'draft' AND d.landlord_id = %(landlord)s
RETURNING d.id
"""
_ENTRIES = """
UPDATE declarations_campaignentry e SET state = CASE WHEN s.state = 'to_declare' AND EXISTS (
    SELECT 1 FROM declarations_declaration x WHERE x.tenancy_id = e.tenancy_id AND x.kind = 'july_rent' AND x.year = e.year
      AND x.landlord_id IS NOT DISTINCT FROM e.landlord_id AND x.state = 'rejected') THEN 'rejected' ELSE s.state END
FROM unnest(%(tenancies)s::bigint[], %(states)s::text[]) AS s(tenancy, state)
WHERE e.tenancy_id = s.tenancy AND e.year = %(year)s AND e.landlord_id = %(landlord)s AND e.state <> s.state
RETURNING e.tenancy_id, e.state
"""


def keep(actor: Actor, year: int, changes: Sequence[Change], *, channel: SubmissionChannel, at: datetime) -> None:
    """Write drafts, entries and counts. The landlord's counts are locked; the rows were read since."""
    if not changes:
        return
    kept, removed = [], []
    for change in changes:
        facts, row = change.row.facts, change.row
        if change.typed or change.found.cents is not None:
            kept.append(_july(change))
        elif row.declaration_id is not None:
            removed.append((Kind.JULY_RENT, row.tenancy_id, year))
        if change.previous_typed and facts.asks_previous:
            kept.append(_previous(change))
        elif row.previous_typed:
            removed.append((Kind.PREVIOUS_JULY_RENT, row.tenancy_id, year - 1))
    values = {"landlord": actor.partner_id, "account": actor.account_id, "channel": channel.value, "at": at}
    with connection.cursor() as cursor:
        if removed:
            cursor.execute(_REMOVE, {**values, **_columns(removed, ("kinds", "tenancies", "years"))})
            papers.forget([gone for (gone,) in cursor.fetchall()])
        if kept:
            names = ("kinds", "tenancies", "years", "details", "typed", "warnings", "confirmed", "reasons")
            cursor.execute(_KEEP, {**values, **_columns(kept, names)})
        states = _columns([(change.row.tenancy_id, change.found.state) for change in changes], ("tenancies", "states"))
        cursor.execute(_ENTRIES, {**values, **states, "year": year})
        moved = dict(cursor.fetchall())
    before = {change.row.tenancy_id: change.row for change in changes}
    moves = [(before[tenancy].caf_code, before[tenancy].state, state) for tenancy, state in moved.items()]
    counts.shift(actor.partner_id, year, moves)


def _july(change: Change) -> tuple[Any, ...]:
    row, found = change.row, change.found
    content = {}
    if found.cents is not None:
        content = details(row.facts, found.cents, furnished=row.furnished, lease_holders=row.lease_holders)
    codes = [warning.code for warning in found.warnings]
    confirmed = [code for code in change.confirmed if code in codes]
    return (
        Kind.JULY_RENT.value, row.tenancy_id, row.year, json.dumps(content), change.typed, json.dumps(codes),
        json.dumps(confirmed), change.reason if confirmed else "",
    )  # fmt: skip


def _previous(change: Change) -> tuple[Any, ...]:
    row, cents = change.row, change.found.previous_cents
    content = {} if cents is None else previous_details(row.facts, cents)
    return (
        Kind.PREVIOUS_JULY_RENT.value, row.tenancy_id, row.year - 1, json.dumps(content), change.previous_typed, "[]", "[]", "",
    )  # fmt: skip


def _columns(lines: Sequence[tuple[Any, ...]], names: tuple[str, ...]) -> dict[str, list[Any]]:
    return {name: list(column) for name, column in zip(names, zip(*lines, strict=True), strict=True)}
