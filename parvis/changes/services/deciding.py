"""What the office decides: a flagged bank change is looked at, a change that was sent is done or refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.changes import events, workflow
from parvis.changes.models import ChangeKind, ChangeRequest
from parvis.changes.services import keeping, telling
from parvis.kit.actors import Actor, ActorKind, Duty, check_holds
from parvis.kit.db import change_exactly_one
from parvis.kit.refusals import ActNotPossible, NotFound

LONGEST_AGENT = 60
LONGEST_REASON = 400


@transaction.atomic
def approve_bank_change(number: str, *, reason: str, by: Actor, at: datetime) -> None:
    """An agent has checked a flagged account: it leaves once its hold is over, not before."""
    change = _found(number)
    _check_agent(by, reason, change)
    by = replace(by, partner_id=change.landlord_id)
    if change.kind != ChangeKind.BANK_DETAILS or change.state not in (workflow.AGREEMENT, workflow.HELD):
        raise ActNotPossible("Cette demande n’attend pas de vérification.")
    if not change.flags or change.approved_by:
        raise ActNotPossible("Cette demande est déjà vérifiée, ou n’a pas à l’être.")
    waiting = ChangeRequest.objects.filter(pk=change.pk, state=change.state, approved_by="")
    change_exactly_one(waiting, approved_by=by.label)
    record(events.BANK_APPROVED, subject=number, by=by, at=at, reason=reason.strip(), flags=change.flags)


@transaction.atomic
def finish_change(number: str, *, by: Actor, at: datetime) -> None:
    """The office has done what was asked."""
    change = _found(number)
    keeping.advance(change, workflow.FINISH, by=by, at=at, closed_at=at)
    record(events.DONE, subject=number, by=by, at=at, kind=change.kind)
    telling.tell_decided(change, at=at)


@transaction.atomic
def refuse_change(number: str, *, reason: str, by: Actor, at: datetime) -> None:
    """The office says no, and why."""
    change = _found(number)
    _check_agent(by, reason, change)
    by = replace(by, partner_id=change.landlord_id)
    # What leaves no more keeps no account.
    wiped = {"iban": None} if change.state in workflow.LIVE else {}
    reason = reason.strip()
    keeping.advance(change, workflow.REFUSE, by=by, at=at, note=reason, closed_at=at, reason=reason, **wiped)
    record(events.REFUSED, subject=number, by=by, at=at, kind=change.kind, reason=reason)
    telling.tell_decided(change, at=at)


def _found(number: str) -> ChangeRequest:
    rows = ChangeRequest.objects.filter(number=number).exclude(state=workflow.ASKED).select_for_update(of=("self",))
    change = rows.select_related("landlord", "office", "account__credential").first()
    if change is None:
        raise NotFound("Aucune demande ne porte ce numéro.")
    return change


def _check_agent(by: Actor, reason: str, change: ChangeRequest) -> None:
    if by.kind is not ActorKind.AGENT:
        raise ActNotPossible("Seul un agent de la caisse peut le faire.")
    check_holds(by, Duty.DECIDE_BANK_DETAILS, [change.office_id])
    if not by.label.strip() or len(by.label) > LONGEST_AGENT:
        raise ActNotPossible("Indiquez qui agit, en 60\u00a0caractères au maximum.")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise ActNotPossible("Indiquez pourquoi, en 400\u00a0caractères au maximum.")
