"""The office offers direct payment: a landlord has two months to answer, and silence is a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from parvis.audit.journal import record, record_many
from parvis.changes import events
from parvis.changes.models import DirectPaymentOffer
from parvis.changes.selectors.direct_payment import STANDS
from parvis.changes.services import telling
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.clock import PARIS, day_in_paris
from parvis.kit.days import months_later
from parvis.kit.merging import Merged, execute, rows, staging_name
from parvis.kit.refusals import ActNotPossible, NotFound
from parvis.parameters.catalogue import DIRECT_PAYMENT_ANSWER
from parvis.parameters.law import legal
from parvis.parameters.selectors import value
from parvis.tenancies.models import Tenancy
from parvis.tenancies.services.feeds_july_rents import UNKNOWN_TENANCY


@transaction.atomic
def offer_direct_payment(
    caf_code: str, claimant_number: str, tenancy_ref: str, *, by: Actor, at: datetime
) -> DirectPaymentOffer:
    """The office proposes to pay the aid of a tenancy to its landlord; offered twice is offered once."""
    if by.kind is ActorKind.PARTNER:
        raise ActNotPossible("Seule la caisse peut le proposer.")
    held = Tenancy.objects.select_for_update(of=("self",))
    found = held.filter(caf_code=caf_code, claimant_number=claimant_number, tenancy_ref=tenancy_ref).first()
    if found is None:
        raise NotFound("Aucune location ne porte ces numéros.")
    if found.direct_payment or found.end_on is not None or found.absent_since is not None:
        raise ActNotPossible("Cette location est terminée, ou son aide est déjà versée au bailleur.")
    live = DirectPaymentOffer.objects.filter(tenancy=found, closed_at=None).select_related("tenancy").first()
    if live is not None and live.landlord_id == found.landlord_id and live.answer_by >= day_in_paris(at):
        return live
    if live is not None:
        _lapse(live, by=by, at=at)
    answer_by = _answer_by(day_in_paris(at))
    made = DirectPaymentOffer.objects.create(
        tenancy=found, landlord_id=found.landlord_id, offered_at=at, answer_by=answer_by
    )
    record(events.OFFERED, subject=str(found), by=by, at=at, answer_by=answer_by.isoformat())
    telling.tell_offers([made], at=at)
    return made


_LOCK = """
SELECT x.id FROM {lines} s JOIN tenancies_tenancy x
  ON x.caf_code = s.caf_code AND x.claimant_number = s.claimant_number AND x.tenancy_ref = s.tenancy_ref
ORDER BY x.id FOR NO KEY UPDATE OF x
"""
_READ = """
SELECT s.line, s.offered_on::date, x.id, x.landlord_id, x.direct_payment, x.end_on IS NOT NULL OR x.absent_since IS NOT NULL,
  live.id, live.landlord_id, live.answer_by,
  EXISTS (SELECT 1 FROM changes_directpaymentoffer o WHERE o.tenancy_id = x.id AND o.landlord_id = x.landlord_id
    AND (o.offered_at AT TIME ZONE 'Europe/Paris')::date >= s.offered_on::date)
FROM {lines} s JOIN tenancies_tenancy x
  ON x.caf_code = s.caf_code AND x.claimant_number = s.claimant_number AND x.tenancy_ref = s.tenancy_ref
LEFT JOIN changes_directpaymentoffer live ON live.tenancy_id = x.id AND live.closed_at IS NULL
ORDER BY s.line
"""


class _Line(NamedTuple):
    """A line of payment_offers.csv with what is known of its tenancy; ``is_known``: that offer, or a later one, was made."""

    number: int
    offered_on: date
    tenancy_id: int
    landlord_id: UUID
    direct_payment: bool
    is_over: bool
    live_id: int | None
    live_landlord_id: UUID | None
    live_answer_by: date | None
    is_known: bool

    def waits_for_answer(self, today: date) -> bool:
        """Whether an offer to this very landlord may still be answered; one whose time is over lapses for the new one."""
        is_live = self.live_landlord_id == self.landlord_id
        return is_live and self.live_answer_by is not None and self.live_answer_by >= today


@transaction.atomic
def merge_offers(lines: str, apart: str, *, by: Actor, at: datetime) -> Merged:
    """Make the offers of a file. One made already, answered or not, is made no more; what cannot be offered goes ``apart``.

    The time to answer runs from the day of the office's offer, and is that of the law of this day.
    """
    lines, apart = staging_name(lines), staging_name(apart)
    execute(UNKNOWN_TENANCY.format(lines=lines, apart=apart))
    execute(_LOCK.format(lines=lines))
    found = [_Line(*row) for row in rows(_READ.format(lines=lines))]
    today = day_in_paris(at)
    fresh = [line for line in found if not (line.is_known or line.waits_for_answer(today))]
    faults = {line.number: fault for line in fresh if (fault := _fault(line, today=today))}
    for number, (field, sentence) in faults.items():
        execute(f"INSERT INTO {apart} VALUES (%s, %s, %s, '')", [number, field, sentence])
    good = [line for line in fresh if line.number not in faults]
    _make(good, by=by, at=at)
    return Merged(added=len(good), unchanged=len(found) - len(fresh))


def _fault(line: _Line, *, today: date) -> tuple[str, str] | None:
    """The field and the sentence of what keeps an offer from being made."""
    if line.is_over:
        return "tenancy_ref", "Cette location est terminée\u00a0: retirez la ligne."
    if line.direct_payment:
        return "tenancy_ref", "L’aide de cette location est déjà versée au bailleur\u00a0: retirez la ligne."
    if line.offered_on > today:
        return "offered_on", "La date de la proposition est à venir\u00a0: corrigez-la."
    if _answer_by(line.offered_on) < today:
        return "offered_on", "Le délai de réponse est déjà passé\u00a0: proposez à nouveau, à la date du jour."
    return None


def _make(lines: Sequence[_Line], *, by: Actor, at: datetime) -> None:
    """The offers themselves; those made to a former landlord of the same tenancies lapse."""
    for former in DirectPaymentOffer.objects.filter(pk__in=[line.live_id for line in lines if line.live_id]):
        _lapse(former, by=by, at=at)
    made = DirectPaymentOffer.objects.bulk_create(
        DirectPaymentOffer(
            tenancy_id=line.tenancy_id,
            landlord_id=line.landlord_id,
            offered_at=datetime.combine(line.offered_on, time(), PARIS),
            answer_by=_answer_by(line.offered_on),
        )
        for line in lines
    )
    told = DirectPaymentOffer.objects.filter(pk__in=[offer.pk for offer in made])
    whole = list(told.select_related("tenancy", "landlord").order_by("landlord_id", "answer_by", "pk"))
    subjects = [(str(offer.tenancy), {"answer_by": offer.answer_by.isoformat()}) for offer in whole]
    record_many(events.OFFERED, subjects=subjects, by=by, at=at)
    for _, theirs in groupby(whole, key=lambda offer: offer.landlord_id):
        telling.tell_offers(list(theirs), at=at)


def _answer_by(offered_on: date) -> date:
    return months_later(offered_on, _months_to_answer(offered_on))


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
