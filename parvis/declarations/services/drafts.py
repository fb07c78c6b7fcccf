"""Drafts of July rents, written in sets: in the line of the campaign itself (decision 0021), the July before beside it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from parvis.declarations.kinds.july_rent import Assessment, previous_details
from parvis.declarations.models import SubmissionChannel
from parvis.declarations.rules import DRAFT, OPEN_ENTRY, OUT_OF_BOUNDS, READY_ENTRY
from parvis.declarations.selectors.grid import GridRow
from parvis.declarations.selectors.grid.norms import bounds, have_moved
from parvis.declarations.services import counts, papers
from parvis.kit.actors import Actor
from parvis.kit.db import all_rows, one_row
from parvis.tenancies.selectors.scope import seen_by, within


@dataclass(frozen=True, slots=True)
class Change:
    """The new content of one line: what was typed, what is to be thought of it, what was confirmed and why."""

    row: GridRow
    found: Assessment
    typed: str
    previous_typed: str
    confirmed: tuple[str, ...]
    reason: str


# An open line is the claim: a rent already sent is never overwritten by a draft.
_KEEP = f"""
UPDATE declarations_campaignentry e SET state = CASE WHEN s.state = 'to_declare' AND EXISTS (
    SELECT 1 FROM declarations_declaration x WHERE x.tenancy_id = e.tenancy_id AND x.kind = 'july_rent' AND x.year = e.year
      AND x.landlord_id IS NOT DISTINCT FROM e.landlord_id AND x.state = 'rejected') THEN 'rejected' ELSE s.state END,
  {", ".join(f"{column} = s.{column}" for column in DRAFT)}
FROM jsonb_to_recordset(%(lines)s::jsonb) AS s(tenancy bigint, state text, {", ".join(map(" ".join, DRAFT.items()))})
WHERE e.tenancy_id = s.tenancy AND e.year = %(year)s AND e.landlord_id = %(landlord)s AND {OPEN_ENTRY}
RETURNING e.tenancy_id, e.state
"""
_KEEP_PREVIOUS = """
INSERT INTO declarations_declaration
  (kind, tenancy_id, landlord_id, account_id, year, details, typed, warnings, confirmed, confirmed_reason, state, channel,
   rule, saved_at, reason_code)
SELECT 'previous_july_rent', s.tenancy, %(landlord)s, %(account)s, %(year)s - 1, s.details, s.typed, '[]', '[]', '',
       'draft', %(channel)s, '', %(at)s, ''
FROM jsonb_to_recordset(%(lines)s::jsonb) AS s(tenancy bigint, details jsonb, typed text)
ON CONFLICT (tenancy_id, kind, year)
  WHERE kind IN ('july_rent', 'previous_july_rent') AND NOT (state IN ('rejected', 'corrected', 'abandoned')) AND NOT revises
DO UPDATE SET details = EXCLUDED.details, typed = EXCLUDED.typed, account_id = EXCLUDED.account_id,
  channel = EXCLUDED.channel, saved_at = EXCLUDED.saved_at
WHERE declarations_declaration.state = 'draft' AND declarations_declaration.landlord_id = EXCLUDED.landlord_id
RETURNING tenancy_id
"""
_REMOVE_PREVIOUS = """
DELETE FROM declarations_declaration d
WHERE d.tenancy_id = ANY(%(tenancies)s) AND d.kind = 'previous_july_rent' AND d.year = %(year)s - 1 AND d.state = 'draft'
  AND d.landlord_id = %(landlord)s
RETURNING d.id
"""


def keep(
    actor: Actor, year: int, changes: Sequence[Change], *, channel: SubmissionChannel, at: datetime
) -> dict[int, GridRow]:
    """Write drafts, entries and counts. The landlord's counts are locked; the rows were read since.

    Answers the lines as they are now, by tenancy, as far as the writing alone tells it; others have to be read again.
    """
    values = {
        "landlord": actor.partner_id, "account": actor.account_id, "year": year, "channel": channel.value, "at": at,
    }  # fmt: skip
    previous = [change for change in changes if change.previous_typed and change.row.facts.asks_previous]
    asked = {change.row.tenancy_id for change in previous}
    removed = [
        change.row.tenancy_id for change in changes if change.row.previous_typed and change.row.tenancy_id not in asked
    ]
    if removed:
        gone = all_rows(_REMOVE_PREVIOUS, {**values, "tenancies": removed})
        papers.forget([draft for (draft,) in gone])
    told: set[int] = set()
    if previous:
        lines = [_previous(change) for change in previous]
        told = {tenancy for (tenancy,) in all_rows(_KEEP_PREVIOUS, {**values, "lines": json.dumps(lines)})}
    now = _keep_entries(actor, changes, values)
    return {
        change.row.tenancy_id: _as_written(change, now[change.row.tenancy_id], told, at=at)
        for change in changes
        if len(told) == len(previous) and not removed and _has_draft(change) and change.row.tenancy_id in now
    }


READY_OUT = f"""e.year = %(year)s AND {READY_ENTRY}
  AND ({OUT_OF_BOUNDS.format("e.draft_cents")} OR EXISTS (
    SELECT 1 FROM declarations_declaration x WHERE x.tenancy_id = e.tenancy_id AND x.kind = 'previous_july_rent'
      AND x.year = e.year - 1 AND x.landlord_id = e.landlord_id AND x.state = 'draft' AND e.last_july_cents IS NULL
      AND {OUT_OF_BOUNDS.format("(x.details ->> 'rent_cents')::int")}))
"""
"""An entry ``e`` that is ready and that the bounds in force refuse, itself or the July before beside it."""
_OUT = f"""
WHERE t.id = e.tenancy_id AND e.landlord_id = %(landlord)s AND {READY_OUT}
"""
_ANY_OUT = "SELECT 1 FROM declarations_campaignentry e JOIN tenancies_tenancy t ON true {out}{within} LIMIT 1"
_SET_ASIDE = """
WITH aside AS (UPDATE declarations_campaignentry e SET state = 'to_correct' FROM tenancies_tenancy t {out}{within} RETURNING t.caf_code)
SELECT caf_code, count(*)::int FROM aside GROUP BY caf_code
"""


def set_aside(actor: Actor, year: int) -> int:
    """Lines that were ready and that the bounds, moved since, refuse: they are to be corrected. Answers how many there were.

    What was typed stays; their counts follow. Only lines the actor sees; nothing is read where the bounds never moved.
    """
    if not have_moved():
        return 0
    values, out = {**seen_by(actor), **bounds(), "year": year}, {"out": _OUT, "within": within(actor, "t.caf_code")}
    if one_row(_ANY_OUT.format(**out), values) is None:
        return 0
    with transaction.atomic():
        counts.lock(actor.partner_id, year, required=False)
        moved: list[tuple[str, int]] = all_rows(_SET_ASIDE.format(**out), values)
        changes = Counter({(office, "drafted", "to_correct"): count for office, count in moved})
        counts.shift_many(actor.partner_id, year, changes)
    return sum(count for _, count in moved)


def _has_draft(change: Change) -> bool:
    return bool(change.typed) or change.found.cents is not None


def _keep_entries(actor: Actor, changes: Sequence[Change], values: dict[str, Any]) -> dict[int, str]:
    """Drafts and states, and the counts in line with them; answers the states. They cannot have moved: the counts are locked."""
    lines = [
        _line(change, values)
        for change in changes
        if _has_draft(change) or change.row.saved_at is not None or change.found.state != change.row.state
    ]
    if not lines:
        return {}
    now: dict[int, str] = dict(all_rows(_KEEP, {**values, "lines": json.dumps(lines)}))
    rows = {change.row.tenancy_id: change.row for change in changes}
    moves = [
        (rows[tenancy].caf_code, rows[tenancy].state, state)
        for tenancy, state in now.items()
        if state != rows[tenancy].state
    ]
    counts.shift(actor.partner_id, values["year"], moves)
    return now


def _as_written(change: Change, state: str, told: set[int], *, at: datetime) -> GridRow:
    """The line whose July rent has just become a draft: no receipt, no refusal."""
    row, found = change.row, change.found
    with_previous = row.tenancy_id in told
    return row._replace(
        state=state,
        typed=change.typed,
        rent_cents=found.cents,
        confirmed=confirmed_still(change),
        confirmed_reason=change.reason if confirmed_still(change) else "",
        previous_typed=change.previous_typed if with_previous else row.previous_typed,
        previous_cents=found.previous_cents if with_previous else row.previous_cents,
        reason_code="",
        receipt_number=None,
        saved_at=at,
        stated_holders=row.lease_holders,
    )


def confirmed_still(change: Change) -> list[str]:
    """The warnings confirmed that this amount still calls for."""
    codes = {warning.code for warning in change.found.warnings}
    return [code for code in change.confirmed if code in codes]


def _line(change: Change, values: dict[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {"tenancy": change.row.tenancy_id, "state": change.found.state}
    if not _has_draft(change):
        return line
    confirmed = confirmed_still(change)
    return line | {
        "draft_typed": change.typed,
        "draft_cents": change.found.cents,
        "draft_furnished": change.row.furnished,
        "draft_lease_holders": change.row.lease_holders,
        "draft_warnings": [warning.code for warning in change.found.warnings],
        "draft_confirmed": confirmed,
        "draft_reason": change.reason if confirmed else "",
        "draft_channel": values["channel"],
        "draft_account_id": values["account"],
        "draft_saved_at": values["at"].isoformat(),
    }


def _previous(change: Change) -> dict[str, Any]:
    row, cents = change.row, change.found.previous_cents
    return {
        "tenancy": row.tenancy_id,
        "details": {} if cents is None else previous_details(row.facts, cents),
        "typed": change.previous_typed,
    }
