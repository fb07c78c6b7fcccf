"""Drafts of July rents, written in sets: one line of the grid or a hundred thousand of a file by the same statements."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from parvis.declarations.kinds.july_rent import Assessment, details, previous_details
from parvis.declarations.models import Kind, SubmissionChannel
from parvis.declarations.selectors.grid import GridRow
from parvis.declarations.services import counts, papers
from parvis.kit.actors import Actor
from parvis.kit.db import all_rows


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
SELECT s.kind, s.tenancy, %(landlord)s, %(account)s, s.year, s.details, s.typed, s.warnings, s.confirmed, s.reason,
       'draft', %(channel)s, '', %(at)s, ''
FROM jsonb_to_recordset(%(lines)s::jsonb) AS s(kind text, tenancy bigint, year int, details jsonb, typed text,
  warnings jsonb, confirmed jsonb, reason text)
ON CONFLICT (tenancy_id, kind, year)
  WHERE kind IN ('july_rent', 'previous_july_rent') AND NOT (state IN ('rejected', 'corrected', 'abandoned'))
DO UPDATE SET details = EXCLUDED.details, typed = EXCLUDED.typed, warnings = EXCLUDED.warnings,
  confirmed = EXCLUDED.confirmed, confirmed_reason = EXCLUDED.confirmed_reason, account_id = EXCLUDED.account_id,
  channel = EXCLUDED.channel, saved_at = EXCLUDED.saved_at
WHERE declarations_declaration.state = 'draft' AND declarations_declaration.landlord_id = EXCLUDED.landlord_id
RETURNING tenancy_id, kind, id, opaque
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
FROM jsonb_to_recordset(%(states)s::jsonb) AS s(tenancy bigint, state text)
WHERE e.tenancy_id = s.tenancy AND e.year = %(year)s AND e.landlord_id = %(landlord)s AND e.state <> s.state
RETURNING e.tenancy_id, e.state
"""


def keep(
    actor: Actor, year: int, changes: Sequence[Change], *, channel: SubmissionChannel, at: datetime
) -> dict[int, GridRow]:
    """Write drafts, entries and counts. The landlord's counts are locked; the rows were read since.

    Answers the lines as they are now, by tenancy, as far as the writing alone tells it; others have to be read again.
    """
    kept: list[dict[str, Any]] = []
    removed = []
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
    written: dict[tuple[int, str], tuple[int, UUID]] = {}
    if removed:
        gone = all_rows(_REMOVE, {**values, **_columns(removed, ("kinds", "tenancies", "years"))})
        papers.forget([draft for (draft,) in gone])
    if kept:
        rows = all_rows(_KEEP, {**values, "lines": json.dumps(kept)})
        written = {(tenancy, kind): (key, opaque) for tenancy, kind, key, opaque in rows}
    moved = _move(actor, year, changes)
    return {
        change.row.tenancy_id: _as_written(change, moved, written, at=at)
        for change in changes
        if len(kept) == len(written) and not removed and (change.row.tenancy_id, Kind.JULY_RENT.value) in written
    }


def _move(actor: Actor, year: int, changes: Sequence[Change]) -> dict[int, str]:
    """Bring entries and counts in line; answers the entries that moved. Theirs cannot have: the counts are locked."""
    to = [
        {"tenancy": change.row.tenancy_id, "state": change.found.state}
        for change in changes
        if change.found.state != change.row.state
    ]
    if not to:
        return {}
    moved: dict[int, str] = dict(
        all_rows(_ENTRIES, {"states": json.dumps(to), "year": year, "landlord": actor.partner_id})
    )
    before = {change.row.tenancy_id: change.row for change in changes}
    moves = [(before[tenancy].caf_code, before[tenancy].state, state) for tenancy, state in moved.items()]
    counts.shift(actor.partner_id, year, moves)
    return moved


def _as_written(
    change: Change, moved: dict[int, str], written: dict[tuple[int, str], tuple[int, UUID]], *, at: datetime
) -> GridRow:
    """The line whose July rent has just become a draft: no receipt, no refusal."""
    row, found = change.row, change.found
    key, opaque = written[row.tenancy_id, Kind.JULY_RENT.value]
    with_previous = (row.tenancy_id, Kind.PREVIOUS_JULY_RENT.value) in written
    return row._replace(
        state=moved.get(row.tenancy_id, row.state),
        declaration_id=key,
        declaration_opaque=opaque,
        declaration_state="draft",
        typed=change.typed,
        rent_cents=found.cents,
        confirmed=confirmed_still(change),
        confirmed_reason=change.reason if confirmed_still(change) else "",
        previous_typed=change.previous_typed if with_previous else row.previous_typed,
        previous_cents=found.previous_cents if with_previous else row.previous_cents,
        reason_code="",
        receipt_number=None,
        saved_at=at,
    )


def confirmed_still(change: Change) -> list[str]:
    """The warnings confirmed that this amount still calls for."""
    codes = {warning.code for warning in change.found.warnings}
    return [code for code in change.confirmed if code in codes]


def _july(change: Change) -> dict[str, Any]:
    row, found = change.row, change.found
    content = {}
    if found.cents is not None:
        content = details(row.facts, found.cents, furnished=row.furnished, lease_holders=row.lease_holders)
    confirmed = confirmed_still(change)
    return {
        "kind": Kind.JULY_RENT.value,
        "tenancy": row.tenancy_id,
        "year": row.year,
        "details": content,
        "typed": change.typed,
        "warnings": [warning.code for warning in found.warnings],
        "confirmed": confirmed,
        "reason": change.reason if confirmed else "",
    }


def _previous(change: Change) -> dict[str, Any]:
    row, cents = change.row, change.found.previous_cents
    return {
        "kind": Kind.PREVIOUS_JULY_RENT.value,
        "tenancy": row.tenancy_id,
        "year": row.year - 1,
        "details": {} if cents is None else previous_details(row.facts, cents),
        "typed": change.previous_typed,
        "warnings": [],
        "confirmed": [],
        "reason": "",
    }


def _columns(lines: Sequence[tuple[Any, ...]], names: tuple[str, ...]) -> dict[str, list[Any]]:
    return {name: list(column) for name, column in zip(names, zip(*lines, strict=True), strict=True)}
