"""The office offers direct payment: a landlord has two months to answer, and silence is a refusal."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from parvis.audit.journal import record
from parvis.changes import events
from parvis.changes.models import DirectPaymentOffer
from parvis.changes.selectors.direct_payment import STANDS
from parvis.changes.services import telling
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.clock import day_in_paris
from parvis.kit.days import months_later
from parvis.kit.refusals import ActNotPossible, NotFound
from parvis.parameters.catalogue import DIRECT_PAYMENT_ANSWER
from parvis.parameters.law import legal
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
    live = DirectPaymentOffer.objects.filter(tenancy=found, closed_at=None).select_related("tenancy").first()
    if live is not None and live.landlord_id == found.landlord_id:
        return live
    if live is not None:
        _lapse(live, by=by, at=at)
    answer_by = months_later(day_in_paris(at), _months_to_answer(day_in_paris(at)))
    made = DirectPaymentOffer.objects.create(
        tenancy=found, landlord_id=found.landlord_id, offered_at=at, answer_by=answer_by
    )
    record(events.OFFERED, subject=str(found), by=by, at=at, answer_by=answer_by.isoformat())
    telling.tell_offer(made, at=at)
    return made


def _months_to_answer(on: date) -> int:
    """What the law gives (CCH R.824-20), what the office says where it gives nothing."""
    return int(legal("direct_payment_answer_deadline", on=on) or value(DIRECT_PAYMENT_ANSWER))


def lapse_due(*, by: Actor, at: datetime) -> int:
    """Close the offers nobody answered in time, or nobody may answer any more: a refusal, and nothing leaves."""
    is_late = Q(answer_by__lt=day_in_paris(at))
    due = DirectPaymentOffer.objects.filter(is_late | ~STANDS, closed_at=None).select_related("tenancy")
    return sum(_lapse(offer, by=by, at=at) for offer in due.order_by("pk"))


def _lapse(offer: DirectPaymentOffer, *, by: Actor, at: datetime) -> bool:
    closed = DirectPaymentOffer.objects.filter(pk=offer.pk, closed_at=None).update(closed_at=at, was_accepted=False)
    if closed:
        record(events.OFFER_LAPSED, subject=str(offer.tenancy), by=by, at=at)
    return bool(closed)
