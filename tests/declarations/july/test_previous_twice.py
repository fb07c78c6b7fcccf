"""A July of the year before that was cancelled: given once again, and never a fault of what is checked at night."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction

from parvis.correspondence.models import Message
from parvis.correspondence.rendering.texts import words_of
from parvis.declarations.models import Declaration, Kind
from parvis.declarations.refusals import AlreadySubmitted
from parvis.declarations.services import exchange
from parvis.declarations.services.correction import previous
from parvis.tenancies.models import Tenancy
from parvis.upkeep.invariants.acts import ACTS
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import tenancy

pytestmark = pytest.mark.django_db


def _both() -> tuple[Owner, Tenancy, Declaration]:
    me = owner()
    rented = tenancy(me.landlord)
    made.campaign()
    made.typed(me, rented, "505", previous="500")
    made.sent(me)
    return me, rented, Declaration.objects.get(kind=Kind.PREVIOUS_JULY_RENT)


def _decided(sent: Declaration, status: str) -> None:
    reason = "other" if status == "rejected" else ""
    with transaction.atomic():
        table = made.stage_outcomes((sent.reference or "", status, reason, NOW))
        exchange.record_outcomes(table, by=CLOCK, at=NOW)


def _cancelled(me: Owner, sent: Declaration) -> Declaration:
    previous.withdraw(me.actor, sent.opaque, submission_key=uuid4(), at=NOW)
    waiting = Declaration.objects.filter(state="submitted").values_list("pk", flat=True)
    exchange.mark_sent(list(waiting), by=CLOCK, at=NOW)
    return Declaration.objects.get(corrects=sent)


@pytest.mark.parametrize("is_sent", [False, True])
def test_what_is_declared_again_in_the_grid_is_not_given_by_the_cancellation_too(is_sent: bool) -> None:
    me, rented, sent = _both()
    cancelled = _cancelled(me, sent)
    _decided(Declaration.objects.get(kind=Kind.JULY_RENT), "rejected")
    made.typed(me, rented, "515", previous="510")
    if is_sent:
        made.sent(me)
    with pytest.raises(AlreadySubmitted):
        previous.restate(me.actor, cancelled.opaque, typed="515", submission_key=uuid4(), at=NOW)


def test_the_night_finds_nothing_wrong_with_two_cancellations() -> None:
    me, rented, sent = _both()
    _decided(_cancelled(me, sent), "integrated")
    _decided(Declaration.objects.get(kind=Kind.JULY_RENT), "rejected")
    made.typed(me, rented, "515", previous="510")
    made.sent(me)
    _cancelled(me, Declaration.objects.get(kind=Kind.PREVIOUS_JULY_RENT, state="submitted"))
    assert [(one.code, one.says) for one in ACTS if one.code in ("I3", "I4") and one.find(NOW)] == []


def test_a_refused_cancellation_is_told_as_what_it_is() -> None:
    me, _, sent = _both()
    cancelled = _cancelled(me, sent)
    _decided(cancelled, "rejected")
    message = Message.objects.get(template="declarations/emails/refused")
    body = words_of(message.template, message.context)
    assert "Annulation d’un loyer de juillet de l’année précédente" in body
    assert "la caisse garde le loyer de juillet que vous aviez transmis" in body
    assert "avec la quittance" not in body, "that is said of a rent that is refused"
