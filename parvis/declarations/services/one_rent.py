"""One amount typed on one line, kept by one statement: the commonest writing of a campaign.

The line was read without waiting for one's turn. The statement waits for it, looks whether the line still is as it was read,
and only then writes the draft, in the entry itself, and the counts: all of it or nothing. What it does not find as it was, or what
is more than one amount, is left to :func:`parvis.declarations.services.drafts.keep` in a transaction.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from parvis.declarations.models import SubmissionChannel
from parvis.declarations.selectors.grid import GridRow
from parvis.declarations.services.counts import COUNTED
from parvis.declarations.services.drafts import Change, confirmed_still
from parvis.kit.actors import Actor
from parvis.kit.db import one_row

# Counts, then entry: locked in the order in which everybody locks them. Each part writes only if the one before found its line.
# Where something is said of the July before, both are judged together: not here.
_KEPT = """
WITH turn AS (
  SELECT landlord_id FROM declarations_campaigncount WHERE landlord_id = %(landlord)s AND year = %(year)s FOR UPDATE
), kept AS (
  UPDATE declarations_campaignentry e SET state = %(state)s, draft_typed = %(typed)s, draft_cents = %(cents)s,
    draft_furnished = %(furnished)s, draft_lease_holders = %(lease_holders)s,
    draft_warnings = %(warnings)s::jsonb, draft_confirmed = %(confirmed)s::jsonb, draft_reason = %(reason)s,
    draft_channel = %(channel)s, draft_account_id = %(account)s, draft_saved_at = %(at)s
  FROM turn WHERE e.landlord_id = turn.landlord_id AND e.year = %(year)s AND e.tenancy_id = %(tenancy)s
    AND e.state = %(before)s AND e.draft_saved_at IS NOT DISTINCT FROM %(seen_at)s::timestamptz
    AND NOT EXISTS (SELECT 1 FROM declarations_declaration p WHERE p.tenancy_id = e.tenancy_id AND p.year = e.year - 1
      AND p.kind = 'previous_july_rent' AND NOT (p.state IN ('rejected', 'corrected', 'abandoned')) AND NOT p.revises)
  RETURNING e.tenancy_id
)"""
_MOVED = """, share AS (
  UPDATE declarations_campaignofficecount c SET {change} FROM kept
  WHERE c.landlord_id = %(landlord)s AND c.year = %(year)s AND c.caf_code = %(office)s
), whole AS (
  UPDATE declarations_campaigncount c SET {change} FROM kept
  WHERE c.landlord_id = %(landlord)s AND c.year = %(year)s RETURNING {counts}
)
SELECT {counts} FROM whole c"""
_STAYS = " SELECT 1 FROM kept"


def keep_one(actor: Actor, change: Change, *, at: datetime) -> tuple[GridRow, dict[str, int]] | None:
    """Write the draft of one line as it was read; None, and nothing written, if it no longer is so.

    Answers the line as it is now, and the landlord's counts as far as they changed. The line is open, an amount is typed, and
    nothing is said of the year before.
    """
    row, found, confirmed = change.row, change.found, confirmed_still(change)
    moves, reason = found.state != row.state, change.reason if confirmed else ""
    values: dict[str, Any] = {
        "landlord": actor.partner_id, "account": actor.account_id, "year": row.year, "tenancy": row.tenancy_id,
        "before": row.state, "state": found.state, "office": row.caf_code, "seen_at": row.saved_at, "cents": found.cents,
        "typed": change.typed, "warnings": json.dumps([one.code for one in found.warnings]),
        "confirmed": json.dumps(confirmed), "reason": reason, "channel": SubmissionChannel.PAGE.value, "at": at,
        "furnished": row.furnished, "lease_holders": row.lease_holders,
    }  # fmt: skip
    written = one_row(_KEPT + (_moved(row.state, found.state) if moves else _STAYS), values)
    if written is None:
        return None
    now = row._replace(
        state=found.state, typed=change.typed, rent_cents=found.cents, confirmed=confirmed, confirmed_reason=reason,
        reason_code="", receipt_number=None, saved_at=at, stated_holders=row.lease_holders,
    )  # fmt: skip
    return now, dict(zip(COUNTED, written, strict=True)) if moves else {}


def _moved(before: str, after: str) -> str:
    change = f"{before} = c.{before} - 1, {after} = c.{after} + 1"
    return _MOVED.format(change=change, counts=", ".join(f"c.{state}" for state in COUNTED))


def is_one_amount(change: Change) -> bool:
    """Whether a change is an amount typed on this year's line, and nothing else."""
    return bool(change.typed) and not change.previous_typed and not change.row.previous_typed
