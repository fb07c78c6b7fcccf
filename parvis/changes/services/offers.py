"""The office offers direct payment: a landlord has two months to answer, and silence is a refusal."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.changes import events
from parvis.changes.models import DirectPaymentOffer
from parvis.changes.rules import months_later
from parvis.changes.services import telling
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import ActNotPossible, NotFound
from parvis.parameters.catalogue import DIRECT_PAYMENT_ANSWER
from parvis.parameters.selectors import value
from parvis.tenancies.models import Tenancy


@transaction.atomic
def offer_direct_payment(
    caf_code: str, claimant_number: str, tenancy_ref: str, *, by: Actor, at: datetime
) -> DirectPaymentOffer:
    """The office proposes to pay the aid of a tenancy to its landlord; offered twice is offered once."""
    if by.kind is ActorKind.PARTNER:
        raise ActNotPossible("Seule la caisse peut le proposer.")
    rows = Tenancy.objects.select_for_update(of=("self",))
    found = rows.filter(caf_code=caf_code, claimant_number=claimant_number, tenancy_ref=tenancy_ref).first()
    if found is None:
        raise NotFound("Aucune location ne porte ces numéros.")
    if found.direct_payment or found.end_on is not None or found.absent_since is not None:
        raise ActNotPossible("Cette location est terminée, ou son aide est déjà versée au bailleur.")
    live = DirectPaymentOffer.objects.filter(tenancy=found, closed_at=None).first()
    if live is not None:
        return live
    answer_by = months_later(day_in_paris(at), value(DIRECT_PAYMENT_ANSWER))
    made = DirectPaymentOffer.objects.create(
        tenancy=found, landlord_id=found.landlord_id, offered_at=at, answer_by=answer_by
    )
    record(events.OFFERED, subject=str(found), by=by, at=at, answer_by=answer_by.isoformat())
    telling.tell_offer(made, at=at)
    return made


def lapse_due(*, by: Actor, at: datetime) -> int:
    """Close the offers nobody answered in time: a refusal, and nothing leaves."""
    due = DirectPaymentOffer.objects.filter(closed_at=None, answer_by__lt=day_in_paris(at)).select_related("tenancy")
    closed = 0
    for offer in due.order_by("pk"):
        live = DirectPaymentOffer.objects.filter(pk=offer.pk, closed_at=None)
        if live.update(closed_at=at, was_accepted=False):
            record(events.OFFER_LAPSED, subject=str(offer.tenancy), by=by, at=at)
            closed += 1
    return closed
