"""A landlord writes: once, to their own office, and reads their own alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from parvis.audit.models import Entry
from parvis.changes.models import Attachment
from parvis.changes.refusals import WrongFile
from parvis.changes.services.attachments import keep_attachment
from parvis.contact.models import Conversation, ConversationMessage
from parvis.contact.refusals import TooMany, WordsNotPossible
from parvis.contact.selectors import own
from parvis.contact.services import asking
from parvis.contact.services.asking import Question
from parvis.correspondence.models import Message
from parvis.kit.actors import Right
from parvis.kit.encryption import CannotOpen, open_
from parvis.kit.refusals import ActNotPossible, NotFound
from parvis.landlords.models import ProcessingTime
from tests.factories.contact import WORDS, conversation
from tests.factories.landlords import office, owner
from tests.factories.papers import paper
from tests.factories.users import OFTEN, administrator
from tests.factories.users import colleague as user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def test_it_is_written_once_told_by_mail_and_noted_without_its_words() -> None:
    me, key = owner(), uuid4()
    asked = Question("441", "payment", "Virement du 7", WORDS)
    made = asking.ask(asked, key=key, by=me.actor, at=NOW)
    assert asking.ask(asked, key=key, by=me.actor, at=NOW).pk == made.pk
    assert Conversation.objects.count() == ConversationMessage.objects.count() == 1
    assert made.number.startswith("E-2026-")
    assert (made.state, made.desk, made.waiting_since) == ("waiting", "casework", NOW)
    assert made.answer_by == date(2026, 11, 30)
    (mail,) = Message.objects.filter(template="contact/emails/received")
    entry = Entry.objects.get(event="contact.asked")
    told = f"{mail.context} {entry.details} {entry.subject}"
    assert "Virement" not in told
    assert "loyer de mon locataire" not in told


def test_the_words_are_encrypted_for_their_row() -> None:
    made, _ = conversation(owner())
    message = ConversationMessage.objects.get(conversation=made)
    assert WORDS.encode() not in bytes(message.text)
    assert open_(bytes(message.text), message.column) == WORDS
    with pytest.raises(CannotOpen):
        open_(bytes(message.text), "contact_conversationmessage.text|another")


def test_an_answer_is_promised_by_what_the_office_measured() -> None:
    me = owner()
    ProcessingTime.objects.create(office_id="441", topic="mail", min_weeks=1, max_weeks=2, measured_on=NOW.date())
    made, _ = conversation(me, at=NOW)
    assert made.answer_by == date(2026, 11, 16)


@pytest.mark.parametrize(
    ("topic", "place", "field"),
    [("rien", "441", "topic"), ("", "441", "topic"), ("other", "261", "office"), ("other", "", "office")],
)
def test_a_topic_or_an_office_that_is_not_theirs_is_refused(topic: str, place: str, field: str) -> None:
    me = owner()
    office("261", "Caf de la Drôme")
    with pytest.raises(WordsNotPossible) as told:
        asking.ask(Question(place, topic, "", WORDS), key=uuid4(), by=me.actor, at=NOW)
    assert told.value.field == field
    assert not Conversation.objects.exists()


def test_a_file_goes_with_one_message_and_is_ones_own() -> None:
    me, other = owner(), owner()
    made, file = conversation(me, files=2)
    assert Attachment.objects.filter(subject=ConversationMessage.objects.get(conversation=made).files).count() == 2
    theirs = keep_attachment(paper(), by=other.actor, at=NOW)
    with pytest.raises(WrongFile):
        asking.ask(Question("441", "other", "", WORDS, (theirs.opaque,)), key=uuid4(), by=me.actor, at=NOW)
    with pytest.raises(WrongFile):
        asking.ask(
            Question("441", "other", "", WORDS, tuple(uuid4() for _ in range(6))), key=uuid4(), by=me.actor, at=NOW
        )
    assert file is not None
    assert own.file_of(me.actor, made.opaque, file)
    with pytest.raises(NotFound):
        own.file_of(me.actor, made.opaque, theirs.opaque)


def test_who_reads_it() -> None:
    me = owner()
    made, _ = conversation(me)
    colleague = owner(me.landlord, rights=frozenset({Right.CONSULT, Right.DECLARE}))
    boss = owner(me.landlord, rights=frozenset({Right.ADMINISTER}))
    assert [line.number for line in own.conversations_of(me.actor)] == [made.number]
    assert [line.number for line in own.conversations_of(boss.actor)] == [made.number]
    for somebody in (colleague, owner()):
        assert own.conversations_of(somebody.actor) == []
        for act in (
            lambda who=somebody: own.conversation_of(who.actor, made.opaque),
            lambda who=somebody: asking.reply(made.opaque, WORDS, key=uuid4(), by=who.actor, at=NOW),
            lambda who=somebody: asking.settle(made.opaque, by=who.actor, at=NOW),
        ):
            with pytest.raises(NotFound):
                act()


def test_one_writes_again_and_waits_from_the_first_word() -> None:
    me, key = owner(), uuid4()
    made, _ = conversation(me, at=NOW)
    for _ in range(2):
        asking.reply(made.opaque, "Une précision.", key=key, by=me.actor, at=NOW + timedelta(days=1))
    made.refresh_from_db()
    assert (made.state, made.waiting_since) == ("waiting", NOW)
    assert ConversationMessage.objects.filter(conversation=made).count() == 2
    asking.settle(made.opaque, by=me.actor, at=NOW)
    asking.settle(made.opaque, by=me.actor, at=NOW)
    made.refresh_from_db()
    assert (made.state, made.waiting_since) == ("closed", None)
    with pytest.raises(ActNotPossible):
        asking.reply(made.opaque, WORDS, key=uuid4(), by=me.actor, at=NOW)


def test_a_day_has_its_measure() -> None:
    me = owner()
    for _ in range(asking.MOST_A_DAY):
        conversation(me, at=NOW)
    with pytest.raises(TooMany):
        conversation(me, at=NOW)
    conversation(me, at=NOW + timedelta(days=2))


def test_the_measure_of_a_day_is_of_whoever_writes() -> None:
    me = administrator()
    lea = user(me, "Léa", "Roy", rights=OFTEN)
    made, _ = conversation(lea, at=NOW)
    for _ in range(asking.MOST_A_DAY):
        asking.reply(made.opaque, "Encore une chose.", key=uuid4(), by=me.actor, at=NOW)
    with pytest.raises(TooMany):
        asking.reply(made.opaque, "Une de trop.", key=uuid4(), by=me.actor, at=NOW)
    asking.reply(made.opaque, "À moi.", key=uuid4(), by=lea.actor, at=NOW)
    assert own.written_since(lea.actor, NOW - timedelta(days=1)) == 2


def test_pages_follow_one_another() -> None:
    me = owner()
    for day in range(3):
        conversation(me, at=NOW + timedelta(days=day))
    first = own.conversations_of(me.actor, limit=2)
    rest = own.conversations_of(me.actor, after=first[1].asked_edge, limit=2)
    assert len({line.number for line in (*first[:2], *rest)}) == 3


def test_an_administrator_of_one_office_reads_the_threads_of_that_one() -> None:
    me = owner()
    made, _ = conversation(me)
    boss = owner(me.landlord).actor
    assert [line.number for line in own.conversations_of(replace(boss, offices=frozenset({"441"})))] == [made.number]
    assert own.conversations_of(replace(boss, offices=frozenset({"751"}))) == []
    assert [line.number for line in own.conversations_of(replace(me.actor, offices=frozenset({"751"})))] == [
        made.number
    ]
