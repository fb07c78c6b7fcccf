"""One amount typed on one line, kept by one statement: the commonest writing of a campaign.

The line was read without waiting for one's turn. The statement waits for it, looks whether the line still is as it was read,
and only then writes the draft, the entry and the counts: all of it or nothing. What it does not find as it was, or what
is more than one amount, is left to :func:`parvis.declarations.services.drafts.keep` in a transaction.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from parvis.declarations.kinds.july_rent import details
from parvis.declarations.models import SubmissionChannel
from parvis.declarations.selectors.grid import GridRow
from parvis.declarations.services.counts import COUNTED
from parvis.declarations.services.drafts import Change, confirmed_still
from parvis.kit.actors import Actor
from parvis.kit.db import one_row

# Counts, entry, draft: locked in the order in which everybody locks them. Each part writes only if the one before found its line.
# Where something is said of the July before, both are judged together: not here.
_KEPT = """
WITH turn AS (
  SELECT landlord_id FROM declarations_campaigncount WHERE landlord_id = %(landlord)s AND year = %(year)s FOR UPDATE
), line AS (
  SELECT e.tenancy_id FROM turn JOIN declarations_campaignentry e ON e.landlord_id = turn.landlord_id
  WHERE e.year = %(year)s AND e.tenancy_id = %(tenancy)s AND e.state = %(before)s
    AND NOT EXISTS (SELECT 1 FROM declarations_declaration p WHERE p.tenancy_id = e.tenancy_id AND p.year = e.year - 1
      AND p.kind = 'previous_july_rent' AND NOT (p.state IN ('rejected', 'corrected', 'abandoned')))
  FOR UPDATE OF e
), kept AS (
  INSERT INTO declarations_declaration AS d
    (kind, tenancy_id, landlord_id, account_id, year, details, typed, warnings, confirmed, confirmed_reason, state, channel,
     rule, saved_at, reason_code)
  SELECT 'july_rent', line.tenancy_id, %(landlord)s, %(account)s, %(year)s, %(details)s::jsonb, %(typed)s, %(warnings)s::jsonb,
         %(confirmed)s::jsonb, %(reason)s, 'draft', %(channel)s, '', %(at)s, ''
  FROM line
  ON CONFLICT (tenancy_id, kind, year)
    WHERE kind IN ('july_rent', 'previous_july_rent') AND NOT (state IN ('rejected', 'corrected', 'abandoned'))
  DO UPDATE SET details = EXCLUDED.details, typed = EXCLUDED.typed, warnings = EXCLUDED.warnings,
    confirmed = EXCLUDED.confirmed, confirmed_reason = EXCLUDED.confirmed_reason, account_id = EXCLUDED.account_id,
    channel = EXCLUDED.channel, saved_at = EXCLUDED.saved_at
  WHERE d.state = 'draft' AND d.landlord_id = EXCLUDED.landlord_id AND d.id = %(seen)s AND d.saved_at = %(seen_at)s
  RETURNING d.tenancy_id, d.id, d.opaque
)"""
_MOVED = """, moved AS (
  UPDATE declarations_campaignentry e SET state = %(state)s FROM kept
  WHERE e.year = %(year)s AND e.tenancy_id = kept.tenancy_id RETURNING e.tenancy_id
), share AS (
  UPDATE declarations_campaignofficecount c SET {change} FROM moved
  WHERE c.landlord_id = %(landlord)s AND c.year = %(year)s AND c.caf_code = %(office)s
), whole AS (
  UPDATE declarations_campaigncount c SET {change} FROM moved
  WHERE c.landlord_id = %(landlord)s AND c.year = %(year)s RETURNING {counts}
)
SELECT kept.id, kept.opaque, {counts} FROM kept, whole c"""
_STAYS = " SELECT id, opaque FROM kept"


def keep_one(actor: Actor, change: Change, *, at: datetime) -> tuple[GridRow, dict[str, int]] | None:
    """Write the draft of one line as it was read; None, and nothing written, if it no longer is so.

    Answers the line as it is now, and the landlord's counts as far as they changed. The line is open, an amount is typed, and
    nothing is said of the year before.
    """
    row, found, confirmed = change.row, change.found, confirmed_still(change)
    moves = found.state != row.state
    content = {}
    if found.cents is not None:
        content = details(row.facts, found.cents, furnished=row.furnished, lease_holders=row.lease_holders)
    reason = change.reason if confirmed else ""
    values: dict[str, Any] = {
        "landlord": actor.partner_id, "account": actor.account_id, "year": row.year, "tenancy": row.tenancy_id,
        "before": row.state, "state": found.state, "office": row.caf_code, "seen": row.declaration_id, "seen_at": row.saved_at,
        "details": json.dumps(content), "typed": change.typed, "warnings": json.dumps([one.code for one in found.warnings]),
        "confirmed": json.dumps(confirmed), "reason": reason,
        "channel": SubmissionChannel.PAGE.value, "at": at,
    }  # fmt: skip
    written = one_row(_KEPT + (_moved(row.state, found.state) if moves else _STAYS), values)
    if written is None:
        return None
    key, opaque, *counts = written
    now = row._replace(
        state=found.state, declaration_id=key, declaration_opaque=opaque, declaration_state="draft", typed=change.typed,
        rent_cents=found.cents, confirmed=confirmed, confirmed_reason=reason, reason_code="", receipt_number=None,
        saved_at=at,
    )  # fmt: skip
    return now, dict(zip(COUNTED, counts, strict=False))


def _moved(before: str, after: str) -> str:
    change = f"{before} = c.{before} - 1, {after} = c.{after} + 1"
    return _MOVED.format(change=change, counts=", ".join(f"c.{state}" for state in COUNTED))


def is_one_amount(change: Change) -> bool:
    """Whether a change is an amount typed on this year's line, and nothing else."""
    return bool(change.typed) and not change.previous_typed and not change.row.previous_typed
