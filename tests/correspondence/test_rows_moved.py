"""What a release does to the messages written before it."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from parvis.correspondence.models import Message, MessageState
from parvis.correspondence.returns.models import ReturnedLetter, ReturnReason
from tests.factories import correspondence as make
from tests.factories.correspondence import AT
from tests.factories.landlords import owner

pytestmark = pytest.mark.django_db
MOVED = import_module("parvis.correspondence.migrations.0008_rows_that_bounced")


def release() -> None:
    with connection.cursor() as cursor:
        for statement in (MOVED.BOUNCED, MOVED.CORRECTED):
            cursor.execute(statement)


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def held_back(*, corrected: bool) -> tuple[Message, Message]:
    """An identifier's letter held back at a doubtful address, and the password's that waits for it."""
    partner = owner().landlord.pk
    first = make.letter(partner_id=partner, account_id=1)
    second = make.letter(partner_id=partner, account_id=1)
    Message.objects.filter(pk=first.pk).update(state=MessageState.FAILED, failure="L’adresse est à vérifier.")
    Message.objects.filter(pk=second.pk).update(after=first, after_delay=timedelta(days=3), is_held=True)
    settled = {"settled_at": AT, "settled_as": "corrected", "settled_by": "sarah.lemoine"} if corrected else {}
    ReturnedLetter.objects.create(
        message=first, partner_id=partner, to_address=first.to_address, reason=ReturnReason.NOT_THERE, noted_at=AT,
        noted_by="sarah.lemoine", **settled,
    )  # fmt: skip
    return first, second


def test_a_letter_to_an_address_corrected_since_is_given_up_with_the_one_that_waits_for_it() -> None:
    first, second = held_back(corrected=True)
    release()
    assert (state_of(first), state_of(second)) == ("cancelled", "cancelled")
    assert "corrigée depuis" in second.failure


def test_one_whose_address_is_still_doubtful_stays() -> None:
    first, second = held_back(corrected=False)
    release()
    assert (state_of(first), state_of(second)) == ("failed", "due")


def test_a_mail_that_came_back_is_no_failure() -> None:
    mail, other = make.email(), make.email()
    Message.objects.filter(pk=mail.pk).update(
        state="failed", sent_at=AT, failure="La boîte du destinataire a refusé le mail (5.1.1)."
    )
    Message.objects.filter(pk=other.pk).update(state="failed", failure="Serveur injoignable.")
    release()
    assert (state_of(mail), mail.bounced_at, state_of(other)) == ("bounced", AT, "failed")
