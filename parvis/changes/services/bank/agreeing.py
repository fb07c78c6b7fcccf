"""The second agreement: where others hold the right too, one of them accepts or refuses within seven days."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.changes import events, workflow
from parvis.changes.models import ChangeKind, ChangeRequest
from parvis.changes.selectors.people import others_with_bank_right
from parvis.changes.services import keeping, telling
from parvis.changes.services.bank import looking
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, Right
from parvis.kit.refusals import ActNotPossible, NotFound


@transaction.atomic
def agree_to_bank_change(opaque: UUID, *, by: Actor, at: datetime) -> ChangeRequest:
    """Another person agrees: the hold begins now. Twice is once."""
    change = _awaiting(opaque, by=by, at=at)
    if change.agreed_by_id == own_account(by):
        return change
    _check_still_open(change, at)
    until = looking.held_until(change.account, at=at)
    keeping.advance(change, workflow.AGREE, by=by, at=at, agreed_by_id=own_account(by), held_until=until)
    record(events.BANK_AGREED, subject=change.number, by=by, at=at, last4=change.iban_last4)
    telling.tell_agreed(change, by=by, at=at)
    return change


@transaction.atomic
def decline_bank_change(opaque: UUID, *, by: Actor, at: datetime) -> ChangeRequest:
    """Another person refuses: nothing leaves."""
    change = _awaiting(opaque, by=by, at=at)
    _check_still_open(change, at)
    why = f"parce que {by.person or by.label} n’a pas donné son accord"
    note = f"Refusée {why}."
    keeping.advance(change, workflow.DECLINE, by=by, at=at, note=note, closed_at=at, reason=note, iban=None)
    record(events.BANK_DECLINED, subject=change.number, by=by, at=at, last4=change.iban_last4)
    telling.tell_bank_stopped(change, why=why, at=at)
    return change


def _awaiting(opaque: UUID, *, by: Actor, at: datetime) -> ChangeRequest:
    """The change, alone with it, for somebody else than its asker who holds the right there."""
    keeping.check_right(by, Right.BANK_DETAILS)
    keeping.locked(by.partner_id)
    rows = ChangeRequest.objects.filter(landlord_id=by.partner_id, kind=ChangeKind.BANK_DETAILS, opaque=opaque)
    rows = rows.exclude(state=workflow.ASKED).select_for_update(of=("self",))
    change = rows.select_related("landlord", "office", "account__credential", "third_party_number").first()
    if change is None or (by.offices and change.office_id not in by.offices):
        raise NotFound
    others = others_with_bank_right(change.landlord_id, change.office_id, change.account, at=at)
    if own_account(by) not in {other.pk for other in others}:
        raise ActNotPossible("Une autre personne que celle qui a demandé le changement doit donner son accord.")
    return change


def _check_still_open(change: ChangeRequest, at: datetime) -> None:
    if change.state != workflow.AGREEMENT or change.agreement_until is None or change.agreement_until <= at:
        raise ActNotPossible("Ce changement n’attend plus d’accord.")
