"""Messages are erased with their files once their thread is over for long enough, and never before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from parvis.changes.models import Attachment
from parvis.contact.models import Conversation, ConversationMessage
from parvis.contact.services import asking
from parvis.kit.actors import system
from parvis.upkeep import retention
from tests.factories.contact import conversation
from tests.factories.landlords import owner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_what_is_over_goes_whole_and_what_waits_stays() -> None:
    me = owner()
    over, _ = conversation(me, files=1, at=NOW)
    waits, _ = conversation(me, files=1, at=NOW)
    asking.settle(over.opaque, by=me.actor, at=NOW)
    retention.purge(system("tests"), NOW + timedelta(days=729))
    assert Conversation.objects.count() == 2
    retention.purge(system("tests"), NOW + timedelta(days=731))
    assert list(Conversation.objects.values_list("number", flat=True)) == [waits.number]
    (message,) = ConversationMessage.objects.all()
    assert list(Attachment.objects.values_list("subject", flat=True)) == [message.files]
    assert all(retention.first_past(rule, at=NOW + timedelta(days=731)) is None for rule in retention.RULES)


def test_what_was_written_is_never_rewritten() -> None:
    conversation(owner())
    with pytest.raises(IntegrityError), transaction.atomic():
        ConversationMessage.objects.update(person="Quelqu’un d’autre")
    ConversationMessage.objects.update(text=b"closed anew under a newer key")
