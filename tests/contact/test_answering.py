"""The office's side: who may do what, two at once, what the landlord is told, what is measured."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from parvis.agents.posts import DUTIES, Role
from parvis.audit.models import Entry
from parvis.contact.models import Conversation, ConversationMessage
from parvis.contact.refusals import TakenByAnother, WordsNotPossible, WrittenMeanwhile
from parvis.contact.selectors import own, queue
from parvis.contact.selectors.queue import Shown
from parvis.contact.services import answering, asking, ending
from parvis.contact.topics import DESKS, TOPICS
from parvis.correspondence.models import Message
from parvis.kit.actors import Duty, system
from parvis.kit.db import Edge
from parvis.kit.refusals import ActNotPossible, DutyMissing, NotFound
from parvis.landlords.models import ProcessingTime, ThirdPartyNumber
from tests.factories.agents import SQUARE, colleague
from tests.factories.contact import conversation
from tests.factories.landlords import office, owner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CLOCK = system("tests")
WORDS = "Bonjour, le changement est fait."
_MANY = """
INSERT INTO contact_conversation (number, topic, about, landlord_id, office_id, account_id, person, desk, state, taken_by,
  submission_key, asked_at, answer_by, closed_at, answered_at, first_answered_at)
SELECT 'X' || n, topic, about, landlord_id, office_id, account_id, person, desk, 'closed', '', gen_random_uuid(),
  asked_at - n * interval '1 minute', answer_by, asked_at, asked_at - n * interval '1 minute', asked_at
FROM contact_conversation, generate_series(1, 3000) n
"""
"""Three thousand that were answered, one a minute."""


def _answered(made: Conversation, by: object, *, at: datetime = NOW, seen: int = 1) -> None:
    answering.answer(made.opaque, WORDS, seen=seen, key=uuid4(), by=by, at=at)  # type: ignore[arg-type]


@pytest.mark.parametrize(("role", "place"), SQUARE)
@pytest.mark.parametrize("desk", list(DESKS))
def test_who_answers_at_which_desk(role: Role, place: str, desk: str) -> None:
    made, _ = conversation(owner(), topic=next(topic.code for topic in TOPICS.values() if topic.desk.code == desk))
    by = colleague((role, place)).actor
    here = place in ("", "441")
    reads = Duty.ANSWER_MESSAGES in DUTIES[role] and here
    answers = reads and DESKS[desk].duty in DUTIES[role]
    assert [line.number for line in queue.queue(by, Shown.ALL)] == ([made.number] if reads else [])
    assert [line.number for line in queue.queue(by, Shown.DESK)] == ([made.number] if answers else [])
    if answers:
        _answered(made, by)
        assert Message.objects.filter(template="contact/emails/answered").count() == 1
    else:
        with pytest.raises(DutyMissing if reads else NotFound):
            _answered(made, by)
        with pytest.raises(DutyMissing if reads else NotFound):
            answering.take(made.opaque, by=by, at=NOW)
        assert Conversation.objects.get().state == "waiting"


def test_of_two_agents_one_answers() -> None:
    made, _ = conversation(owner())
    one, other = (colleague((Role.RECEPTION, "441")).actor for _ in range(2))
    answering.take(made.opaque, by=one, at=NOW)
    with pytest.raises(TakenByAnother):
        answering.take(made.opaque, by=other, at=NOW)
    with pytest.raises(TakenByAnother):
        _answered(made, other)
    with pytest.raises(TakenByAnother):
        answering.hand_over(made.opaque, "441:rights", "Pas pour moi", by=other, at=NOW)
    assert [line.number for line in queue.queue(one, Shown.MINE)] == [made.number]
    answering.take(made.opaque, taking_over=True, by=other, at=NOW)
    with pytest.raises(TakenByAnother):
        _answered(made, one)
    answering.leave(made.opaque, by=other, at=NOW)
    _answered(made, one)
    assert ConversationMessage.objects.filter(side="office").count() == 1


def test_a_click_twice_is_one_answer_and_what_came_meanwhile_is_read_first() -> None:
    me, by, key = owner(), colleague((Role.RECEPTION, "441")).actor, uuid4()
    made, _ = conversation(me)
    asking.reply(made.opaque, "Encore une chose.", key=uuid4(), by=me.actor, at=NOW)
    with pytest.raises(WrittenMeanwhile):
        _answered(made, by, seen=1)
    for _ in range(2):
        answering.answer(made.opaque, WORDS, seen=2, key=key, by=by, at=NOW)
    assert ConversationMessage.objects.filter(side="office").count() == 1
    assert Message.objects.filter(template="contact/emails/answered").count() == 1


def test_the_landlord_reads_the_answer_and_no_agent() -> None:
    me, by = owner(), colleague((Role.RECEPTION, "441")).actor
    made, _ = conversation(me)
    answering.hand_over(made.opaque, "441:casework", "Question de versement", by=by, at=NOW)
    gest = colleague((Role.CASEWORKER, "441")).actor
    with pytest.raises(DutyMissing):
        _answered(made, by)
    _answered(made, gest)
    line, said = own.conversation_of(me.actor, made.opaque)
    assert [one.side for one in said] == ["landlord", "office"]
    assert line.is_answered
    assert [one.number for one in own.answers_to_read(me.actor, limit=5)] == [made.number]
    _, all_said = queue.thread(gest, made.opaque)
    assert [one.side for one in all_said] == ["landlord", "inside", "office"]
    (mail,) = Message.objects.filter(template="contact/emails/answered")
    assert "changement est fait" not in str(mail.context)
    assert gest.label not in str(mail.context)
    entry = Entry.objects.get(event="contact.answered")
    assert (entry.partner_id, entry.actor_label) == (me.landlord.pk, gest.label)


def test_it_goes_to_another_office_that_knows_the_landlord_and_no_other() -> None:
    me = owner()
    office("751", "Caf de Paris")
    office("261", "Caf de la Drôme")
    known = me.third_party_number
    ThirdPartyNumber.objects.create(
        office_id="751", number="7777777", landlord=me.landlord, user_number="75100007777777", address_1=known.address_1,
        postcode="75001", city="PARIS",
    )  # fmt: skip
    made, _ = conversation(me, office="441")
    by = colleague((Role.RECEPTION, "441")).actor
    for place in ("261:reception", "441:reception", "", "751:rien", "999:reception"):
        with pytest.raises(WordsNotPossible):
            answering.hand_over(made.opaque, place, "Pas ici", by=by, at=NOW)
    with pytest.raises(WordsNotPossible):
        answering.hand_over(made.opaque, "751:reception", "  ", by=by, at=NOW)
    answering.hand_over(made.opaque, "751:reception", "Le logement est à Paris", by=by, at=NOW)
    with pytest.raises(NotFound):
        queue.thread(by, made.opaque)
    assert queue.queue(colleague((Role.RECEPTION, "751")).actor, Shown.DESK)
    assert own.conversation_of(me.actor, made.opaque)[0].office_code == "751"


def test_what_waits_is_never_closed_by_the_office() -> None:
    me, by = owner(), colleague((Role.RECEPTION, "441")).actor
    made, _ = conversation(me)
    with pytest.raises(ActNotPossible):
        answering.close(made.opaque, by=by, at=NOW)
    _answered(made, by)
    answering.close(made.opaque, by=by, at=NOW)
    answering.close(made.opaque, by=by, at=NOW)
    made.refresh_from_db()
    assert made.state == "closed"
    with pytest.raises(ActNotPossible):
        _answered(made, by, seen=2)


def test_silence_closes_what_was_answered_alone() -> None:
    me, by = owner(), colleague((Role.RECEPTION, "441")).actor
    waits, _ = conversation(me, at=NOW)
    done, _ = conversation(me, at=NOW)
    _answered(done, by)
    assert ending.close_silent(by=CLOCK, at=NOW + timedelta(days=29)) == 0
    assert ending.close_silent(by=CLOCK, at=NOW + timedelta(days=31)) == 1
    assert set(Conversation.objects.values_list("number", "state")) == {
        (waits.number, "waiting"),
        (done.number, "closed"),
    }


def test_an_office_that_answers_enough_is_measured_once_a_day() -> None:
    by = colleague((Role.RECEPTION, "441")).actor
    for days in range(1, 11):
        made, _ = conversation(owner(), at=NOW)
        _answered(made, by, at=NOW + timedelta(days=days))
        if days == 9:
            assert ending.measure(by=CLOCK, at=NOW + timedelta(days=days)) == 0
    then = NOW + timedelta(days=10)
    assert ending.measure(by=CLOCK, at=then) == 1
    assert ending.measure(by=CLOCK, at=then) == 0
    measured = ProcessingTime.objects.get(office_id="441", topic="mail")
    assert (measured.min_weeks, measured.max_weeks, measured.changed_by) == (0, 2, "portail")
    assert ending.measure(by=CLOCK, at=then + timedelta(days=1)) == 1, "our own gives way the next night"
    assert ending.measure(by=CLOCK, at=then + timedelta(days=60)) == 0


@pytest.mark.parametrize("by_whom", ["", "camille.agent"], ids=["the feed", "an agent"])
def test_what_was_typed_or_delivered_stays_thirty_days(by_whom: str) -> None:
    by = colleague((Role.RECEPTION, "441")).actor
    for _ in range(10):
        made, _ = conversation(owner(), at=NOW)
        _answered(made, by, at=NOW + timedelta(days=1))
    known = ProcessingTime.objects.create(
        office_id="441", topic="mail", min_weeks=6, max_weeks=8, measured_on=NOW.date(), changed_by=by_whom
    )
    then = NOW + timedelta(days=29)
    assert ending.measure(by=CLOCK, at=then) == 0
    ProcessingTime.objects.filter(pk=known.pk).update(measured_on=NOW.date() - timedelta(days=1))
    assert ending.measure(by=CLOCK, at=then) == 1


def test_late_ones_are_told_to_the_desk_that_owes_them() -> None:
    conversation(owner(), topic="other", at=NOW)
    later = (NOW + timedelta(days=40)).date()
    assert queue.late_at_desks(colleague((Role.RECEPTION, "441")).actor, today=later).how_many == 1
    assert queue.late_at_desks(colleague((Role.RECEPTION, "441")).actor, today=NOW.date()).how_many == 0
    assert queue.late_at_desks(colleague((Role.RECEPTION, "751")).actor, today=later).how_many == 0


def test_late_ones_are_counted_up_to_a_number_and_more_are_told() -> None:
    by = colleague((Role.RECEPTION, "441")).actor
    for _ in range(3):
        conversation(owner(), topic="other", at=NOW)
    later = (NOW + timedelta(days=40)).date()
    assert queue.late_at_desks(by, today=later, most=2) == (2, NOW, True)
    assert queue.late_at_desks(by, today=later, most=3) == (3, NOW, False)


@pytest.mark.parametrize("place", ["441", ""])
def test_a_page_of_what_was_answered_reads_its_rows_alone(place: str) -> None:
    conversation(owner(), at=NOW)
    with connection.cursor() as cursor:
        cursor.execute(_MANY)
        cursor.execute("ANALYZE contact_conversation")
    every = Conversation.objects.select_related("office", "landlord")
    rows = queue.of_offices(colleague((Role.RECEPTION, place)).actor) if place else every
    for after in (None, Edge(NOW - timedelta(minutes=1_500), UUID(int=0))):
        plan = json.loads(queue.done(rows, after)[:26].explain(analyze=True, format="json"))
        assert _most_rows(plan[0]["Plan"]) <= 60, plan


def _most_rows(plan: dict[str, Any]) -> int:
    """The most rows any step of a plan gave or threw away."""
    here = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    most: int = max([here, *(_most_rows(step) for step in plan.get("Plans", []))])
    return most
