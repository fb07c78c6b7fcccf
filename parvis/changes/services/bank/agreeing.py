"""The second agreement: where others hold the right too, one of them accepts or refuses within seven days."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.changes import events, workflow
from parvis.changes.models import ChangeKind, ChangeRequest
from parvis.changes.selectors.people import others_with_bank_right
from parvis.changes.services import keeping
from parvis.changes.services.bank import looking, notices
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, Right
from parvis.kit.refusals import ActNotPossible, NotFound


@transaction.atomic
def agree_to_bank_change(opaque: UUID, *, with_others: bool = False, by: Actor, at: datetime) -> ChangeRequest:
    """Another person agrees: the hold begins now. Twice is once. ``with_others``, to what was asked with it and awaits them too."""
    change = _awaiting(opaque, by=by, at=at)
    others = _others(change, by=by, at=at) if with_others else []
    agreed = [one for one in (change, *others) if one.agreed_by_id != own_account(by)]
    if change in agreed:
        _check_still_open(change, at)
    for one in agreed:
        until = looking.held_until(one.account, at=at)
        keeping.advance(one, workflow.AGREE, by=by, at=at, agreed_by_id=own_account(by), held_until=until)
        record(events.BANK_AGREED, subject=one.number, by=by, at=at, last4=one.iban_last4)
    notices.tell_agreed(agreed, by=by, at=at)
    return change


@transaction.atomic
def decline_bank_change(opaque: UUID, *, with_others: bool = False, by: Actor, at: datetime) -> ChangeRequest:
    """Another person refuses: nothing leaves. ``with_others`` as for :func:`agree_to_bank_change`."""
    change = _awaiting(opaque, by=by, at=at)
    _check_still_open(change, at)
    why = f"parce que {by.person or by.label} n’a pas donné son accord"
    note = f"Refusée {why}."
    declined = [change, *(_others(change, by=by, at=at) if with_others else [])]
    for one in declined:
        keeping.advance(one, workflow.DECLINE, by=by, at=at, note=note, closed_at=at, reason=note, iban=None)
        record(events.BANK_DECLINED, subject=one.number, by=by, at=at, last4=one.iban_last4)
    notices.tell_stopped(declined, why=why, at=at)
    return change


def awaiting_with(opaque: UUID, *, by: Actor, at: datetime) -> list[str]:
    """The offices of what was asked with this one and awaits the agreement of the same person."""
    rows = ChangeRequest.objects.filter(landlord_id=by.partner_id, kind=ChangeKind.BANK_DETAILS, opaque=opaque)
    change = rows.select_related("account").first()
    return [other.office.name for other in _others(change, by=by, at=at)] if change is not None else []


def _others(change: ChangeRequest, *, by: Actor, at: datetime) -> list[ChangeRequest]:
    """What was asked with it, of the same landlord, and that this person may agree to."""
    if change.together is None:
        return []
    rows = ChangeRequest.objects.filter(
        landlord_id=change.landlord_id, together=change.together, state=workflow.AGREEMENT, agreement_until__gt=at
    )
    rows = rows.filter(office_id__in=by.offices) if by.offices else rows
    rows = rows.exclude(pk=change.pk).select_related("landlord", "office", "account__credential", "third_party_number")
    return [other for other in rows.order_by("pk") if _may_agree(other, by=by, at=at)]


def _may_agree(change: ChangeRequest, *, by: Actor, at: datetime) -> bool:
    others = others_with_bank_right(change.landlord_id, change.office_id, change.account, at=at)
    return own_account(by) in {other.pk for other in others}


def _awaiting(opaque: UUID, *, by: Actor, at: datetime) -> ChangeRequest:
    """The change, alone with it, for somebody else than its asker who holds the right there."""
    keeping.check_right(by, Right.BANK_DETAILS)
    keeping.locked(by.partner_id)
    rows = ChangeRequest.objects.filter(landlord_id=by.partner_id, kind=ChangeKind.BANK_DETAILS, opaque=opaque)
    rows = rows.exclude(state=workflow.ASKED).select_for_update(of=("self",))
    change = rows.select_related("landlord", "office", "account__credential", "third_party_number").first()
    if change is None or (by.offices and change.office_id not in by.offices):
        raise NotFound
    if not _may_agree(change, by=by, at=at):
        raise ActNotPossible("Une autre personne que celle qui a demandé le changement doit donner son accord.")
    return change


def _check_still_open(change: ChangeRequest, at: datetime) -> None:
    if change.state != workflow.AGREEMENT or change.agreement_until is None or change.agreement_until <= at:
        raise ActNotPossible("Ce changement n’attend plus d’accord.")
