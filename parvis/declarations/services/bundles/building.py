"""The end of management of a whole building: one declaration a dwelling, sent, corrected and taken back together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from parvis.declarations import workflow
from parvis.declarations.kinds.withdrawal import WITHDRAWAL, WITHDRAWN, is_alone, withdrawal
from parvis.declarations.models import Declaration, Kind
from parvis.declarations.refusals import BundleChanged
from parvis.declarations.selectors.bundles import Step
from parvis.declarations.selectors.bundles.building import NEIGHBOURS, SIBLINGS, siblings_of
from parvis.declarations.services.bundles.answering import printed
from parvis.kit.actors import Actor
from parvis.kit.merging import execute, rows

# What was sent together is locked in one order, before one of it is replaced: an outcomes file locks in the same.
_HOLD = """
SELECT s.id FROM declarations_declaration o
JOIN declarations_declaration s ON s.receipt_id = o.receipt_id AND s.landlord_id = o.landlord_id AND s.kind = o.kind
WHERE o.reference = %s AND o.landlord_id = %s ORDER BY s.id FOR UPDATE OF s
"""


def hold(actor: Actor, corrected: str) -> None:
    """Keep the declaration that is corrected, and those of its building, as they are until the end of the transaction."""
    execute(_HOLD, [corrected, actor.partner_id])


def follow(actor: Actor, step: Step, *, at: datetime) -> list[int]:
    """Drafts for the other dwellings, in the words of the one of the step, ready to leave with it."""
    if step.kind.code != Kind.END_OF_MANAGEMENT or (step.draft and step.draft.revises):
        return []
    details = (step.reading.details if step.reading else None) or {}
    is_theirs = step.facts.siblings and not is_alone(step.answers)
    replaced = _replace_siblings(actor, step, details, at=at) if is_theirs else []
    return replaced + (_declare_neighbours(step, at=at) if details.get("whole_building") else [])


# The same words for another dwelling. One that somebody begins in this very moment is left alone, and noticed by the count.
_COPY = """
INSERT INTO declarations_declaration
  (kind, tenancy_id, landlord_id, account_id, details, answers, printed, typed, warnings, confirmed, confirmed_reason, state,
   channel, rule, saved_at, reason_code, corrects_id)
SELECT d.kind, other.tenancy_id, d.landlord_id, d.account_id, COALESCE(%(details)s::jsonb, d.details),
  d.answers || %(answers)s::jsonb, COALESCE(%(printed)s::jsonb, d.printed), '', {own}, 'draft',
  d.channel, d.rule, %(at)s, '', other.corrects_id
FROM declarations_declaration d JOIN tenancies_tenancy t ON t.id = d.tenancy_id
CROSS JOIN LATERAL ({others}) other WHERE d.id = %(draft)s
ON CONFLICT DO NOTHING RETURNING id
"""
_COPIED = "d.warnings, d.confirmed, d.confirmed_reason"
_NONE = "'[]', '[]', ''"
"""What was unusual about an answer, and why it was confirmed, is nothing of a declaration that is taken back."""
_NEIGHBOURS = f"""
SELECT n.id AS tenancy_id, NULL::bigint AS corrects_id {NEIGHBOURS} AND NOT EXISTS (
  SELECT 1 FROM declarations_declaration x WHERE x.tenancy_id = n.id AND x.landlord_id = d.landlord_id AND x.kind = d.kind
    AND x.state IN ('draft', 'submitted', 'sent', 'manual'))
"""
_SIBLINGS = "SELECT * FROM unnest(%(tenancies)s::bigint[], %(corrected)s::bigint[]) x (tenancy_id, corrects_id)"


def _declare_neighbours(step: Step, *, at: datetime) -> list[int]:
    """Those not already being declared, or with the office."""
    assert step.draft is not None
    return _copy(_NEIGHBOURS, {"draft": step.draft.id, "at": at, "details": None, "answers": "{}", "printed": None})


def _replace_siblings(actor: Actor, step: Step, details: Mapping[str, Any], *, at: datetime) -> list[int]:
    """What was sent together is replaced together: by the same correction, or taken back if the building did not end after all."""
    assert step.draft is not None
    held = rows(f"SELECT s.id, s.tenancy_id, s.state {SIBLINGS} ORDER BY s.id", siblings_of(actor, step.draft.corrects))
    if len(held) != step.facts.siblings:
        raise BundleChanged
    values: dict[str, Any] = {"draft": step.draft.id, "at": at, "details": None, "answers": "{}", "printed": None}
    if not details.get("whole_building") and details != WITHDRAWAL:
        reading = withdrawal()
        void = printed(reading.lines, reading.effect)
        values |= {"details": json.dumps(WITHDRAWAL), "answers": json.dumps(WITHDRAWN), "printed": json.dumps(void)}
    values |= {"tenancies": [row[1] for row in held], "corrected": [row[0] for row in held]}
    made = _copy(_SIBLINGS, values)
    if len(made) != len(held):
        raise BundleChanged
    _correct(actor, held)
    return made


def _copy(others: str, values: Mapping[str, Any]) -> list[int]:
    is_taken_back = values["details"] is not None
    query = _COPY.replace("{others}", others).replace("{own}", _NONE if is_taken_back else _COPIED)
    return [row[0] for row in rows(query, values)]


def _correct(actor: Actor, held: Sequence[tuple[Any, ...]]) -> None:
    targets = {workflow.DECLARATION.target(workflow.CORRECT, state, actor) for _, _, state in held}
    (target,) = targets
    Declaration.objects.filter(pk__in=[row[0] for row in held]).update(state=target, remind_on=None)
