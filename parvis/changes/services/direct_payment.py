"""Direct payment: asked with its commitments, stopped, and the office's offer answered (CCH L.842-1, D.832-2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.changes import events, workflow
from parvis.changes.models import DIRECT_PAYMENT_KINDS, ChangeKind, ChangeRequest, DirectPaymentOffer, DraftForm
from parvis.changes.rules import check_commitments, check_may_be_paid, first_of_next_month
from parvis.changes.services import drafts, keeping, telling
from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import ActNotPossible, NotFound, Refusal
from parvis.kit.text import of
from parvis.tenancies.models import Decency, Tenancy

MOST = 100
"""Tenancies asked for at once."""


@transaction.atomic
def ask_direct_payment(
    tenancies: Sequence[UUID], commitments: Collection[str], *, key: UUID, by: Actor, at: datetime
) -> list[ChangeRequest]:
    """Ask that the aid of these tenancies be paid to the landlord: one request each, all or none."""
    keeping.check_right(by, Right.DECLARE)
    keeping.locked(by.partner_id)
    before = keeping.already(by.partner_id, key)
    if before:
        return before
    if not tenancies:
        raise Refusal("Cochez au moins un locataire.", field="tenancies")
    if len(tenancies) > MOST:
        raise Refusal(f"{MOST}\u00a0locataires au maximum à la fois.", field="tenancies")
    check_commitments(commitments)
    found = _own(tenancies, by)
    for tenancy in found:
        check_may_be_paid(
            tenancy.name,
            is_current=tenancy.end_on is None and tenancy.absent_since is None,
            already=tenancy.direct_payment,
            decent=tenancy.decency != Decency.NON_DECENT,
        )
        _check_none_lives(tenancy)
    details = {"commitments": sorted(commitments), "from": first_of_next_month(day_in_paris(at)).isoformat()}
    changes = [_one(ChangeKind.DIRECT_PAYMENT_ASK, each, details, key=key, by=by, at=at) for each in found]
    drafts.sent(DraftForm.DIRECT_PAYMENT_ASK, by=by, at=at)
    record(events.DIRECT_PAYMENT_ASKED, subject=keeping.numbers_of(changes), by=by, at=at, count=len(changes))
    telling.receive(changes, by=by, at=at)
    telling.tell_tenants(changes, at=at)
    return changes


@transaction.atomic
def stop_direct_payment(tenancy: UUID, *, key: UUID, by: Actor, at: datetime) -> ChangeRequest:
    """Ask that the aid go to the tenant again, from the next month on."""
    keeping.check_right(by, Right.DECLARE)
    keeping.locked(by.partner_id)
    before = keeping.already(by.partner_id, key)
    if before:
        return before[0]
    (found,) = _own([tenancy], by)
    if not found.direct_payment or found.end_on is not None or found.absent_since is not None:
        raise ActNotPossible(f"L’aide {of(found.name)} ne vous est pas versée. Il n’y a rien à arrêter.")
    _check_none_lives(found)
    details = {"from": first_of_next_month(day_in_paris(at)).isoformat()}
    change = _one(ChangeKind.DIRECT_PAYMENT_STOP, found, details, key=key, by=by, at=at)
    record(events.DIRECT_PAYMENT_STOPPED, subject=change.number, by=by, at=at)
    telling.receive([change], by=by, at=at)
    return change


@transaction.atomic
def answer_direct_payment(
    offer: UUID, *, accepted: bool, commitments: Collection[str], key: UUID, by: Actor, at: datetime
) -> ChangeRequest:
    """Answer what the office offered, within its two months; accepting takes the commitments."""
    keeping.check_right(by, Right.DECLARE)
    keeping.locked(by.partner_id)
    before = keeping.already(by.partner_id, key)
    if before:
        return before[0]
    rows = DirectPaymentOffer.objects.filter(opaque=offer, landlord_id=by.partner_id)
    # The tenancy too: its hand-over waits, or has happened.
    locked = rows.select_for_update(of=("self", "tenancy")).select_related("tenancy__third_party_number")
    found = locked.first()
    if found is None or found.tenancy.landlord_id != by.partner_id or found.tenancy.absent_since is not None:
        raise NotFound
    if by.offices and found.tenancy.caf_code not in by.offices:
        raise NotFound
    if found.tenancy.end_on is not None:
        raise ActNotPossible(f"{found.tenancy.name} n’est plus votre locataire.")
    if found.closed_at is not None or found.answer_by < day_in_paris(at):
        raise ActNotPossible("Cette proposition n’attend plus de réponse.")
    if accepted:
        check_commitments(commitments)
    _check_none_lives(found.tenancy)
    details: dict[str, Any] = {
        "accepted": accepted,
        "offered_on": day_in_paris(found.offered_at).isoformat(),
        "commitments": sorted(commitments) if accepted else [],
    }
    change = _one(ChangeKind.DIRECT_PAYMENT_ANSWER, found.tenancy, details, key=key, by=by, at=at)
    DirectPaymentOffer.objects.filter(pk=found.pk).update(closed_at=at, was_accepted=accepted)
    drafts.sent(DraftForm.DIRECT_PAYMENT_ANSWER, subject=str(offer), by=by, at=at)
    record(events.DIRECT_PAYMENT_ANSWERED, subject=change.number, by=by, at=at, accepted=accepted)
    telling.receive([change], by=by, at=at)
    if accepted:
        telling.tell_tenants([change], at=at)
    return change


def _own(references: Sequence[UUID], by: Actor) -> list[Tenancy]:
    """These tenancies of one's own, in a fixed order; one that is not is as if none existed."""
    wanted = set(references)
    rows = Tenancy.objects.filter(reference__in=wanted, landlord_id=by.partner_id)
    if by.offices:
        rows = rows.filter(caf_code__in=by.offices)
    found = list(rows.select_related("third_party_number").order_by("pk"))
    if len(found) != len(wanted):
        raise NotFound
    return found


def _check_none_lives(tenancy: Tenancy) -> None:
    mine = ChangeRequest.objects.filter(tenancy=tenancy, kind__in=DIRECT_PAYMENT_KINDS)
    if mine.filter(state__in=workflow.ON_ITS_WAY).exists():
        raise ActNotPossible(f"Une demande de versement direct est déjà en cours pour {tenancy.name}.")


def _one(
    kind: ChangeKind, tenancy: Tenancy, details: dict[str, Any], *, key: UUID, by: Actor, at: datetime
) -> ChangeRequest:
    return keeping.begin(
        kind,
        tenancy.third_party_number,
        state=workflow.READY,
        key=key,
        by=by,
        at=at,
        landlord_id=by.partner_id,
        office_id=tenancy.caf_code,
        tenancy=tenancy,
        details=details,
    )
