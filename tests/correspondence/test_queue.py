"""Queueing, holding back, taking back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.correspondence.services import Draft, cancel, queue_email, queue_many, retry
from parvis.correspondence.worker import run_until_empty
from parvis.kit.actors import system
from tests.factories import correspondence as make
from tests.factories.correspondence import ADDRESS, AT, CONTEXT

pytestmark = pytest.mark.django_db
US = system("tests")


@pytest.mark.django_db(transaction=True)
def test_a_message_is_queued_in_the_transaction_of_its_cause_or_not_at_all() -> None:
    make.write_texts()
    with pytest.raises(RuntimeError):
        queue_email(to="lina@tilleuls.example", template="tests/emails/hello", context=CONTEXT, at=AT)
    with transaction.atomic():
        queue_email(to="lina@tilleuls.example", template="tests/emails/hello", context=CONTEXT, at=AT)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_a_message_that_could_never_be_rendered_is_refused_where_it_is_asked_for() -> None:
    with pytest.raises(ValueError, match="there is no such text"):
        make.email(template="tests/emails/nobody_wrote_this")
    with pytest.raises(ValueError, match="nobody draws"):
        make.email(secret="unheard of", secret_subject=1)
    bare = {key: value for key, value in CONTEXT.items() if key != "office"}
    with pytest.raises(ValueError, match="office"):
        queue_many([Draft("tests/letters/hello", bare, to_address=ADDRESS)], at=AT)
    assert not Message.objects.exists()


def test_thousands_are_queued_in_a_few_statements_with_their_followers() -> None:
    make.write_texts()
    drafts = []
    for number in range(500):
        first = Draft("tests/letters/hello", CONTEXT, to_address=ADDRESS, account_id=number)
        drafts += [first, Draft("tests/letters/hello", CONTEXT, to_address=ADDRESS, account_id=number, after=first)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        made = queue_many(drafts, at=AT)
    assert len(queries) < 12
    assert len({message.reference for message in made}) == 1000
    assert [message.account_id for message in made[:4]] == [0, 0, 1, 1]
    assert all(second.after_id == first.pk for first, second in zip(made[::2], made[1::2], strict=True))


def test_the_second_letter_leaves_three_days_after_the_first_one_left() -> None:
    first = make.letter()
    second = make.letter(after=first, delay=timedelta(days=3))
    assert run_until_empty(at=AT + timedelta(hours=5)) == 1
    assert run_until_empty(at=AT + timedelta(days=3, hours=4)) == 0
    assert run_until_empty(at=AT + timedelta(days=3, hours=5)) == 1
    second.refresh_from_db()
    assert second.state == "sent"


def test_a_letter_queued_after_the_first_one_left_waits_from_that_moment_too() -> None:
    first = make.letter()
    run_until_empty(at=AT)
    second = make.letter(after=first, delay=timedelta(days=3))
    assert (second.is_held, second.due_at) == (False, AT + timedelta(days=3))


def test_nothing_follows_a_first_letter_that_failed_or_was_cancelled() -> None:
    cancelled = make.letter()
    make.letter(after=cancelled)
    broken = make.letter(template="tests/letters/broken")
    make.letter(after=broken)
    cancel([cancelled.pk], by=US, at=AT)
    assert run_until_empty(at=AT + timedelta(days=9)) == 1
    assert not Message.objects.filter(state="sent").exists()


def test_a_message_not_due_yet_stays_and_an_urgent_one_overtakes_the_others() -> None:
    make.email(to="first@tilleuls.example")
    make.email(to="urgent@tilleuls.example", urgent=True)
    make.email(to="later@tilleuls.example", due_at=AT + timedelta(hours=1))
    run_until_empty(at=AT)
    left = Message.objects.filter(state="sent").count()
    assert left == 2
    assert [message.to[0] for message in mail.outbox] == ["urgent@tilleuls.example", "first@tilleuls.example"]


def test_what_has_not_left_can_be_taken_back_once() -> None:
    message = make.email()
    assert cancel([message.pk], by=US, at=AT, reason="Remplacé.") == 1
    assert cancel([message.pk], by=US, at=AT) == 0
    assert run_until_empty(at=AT) == 0
    assert list(Entry.objects.values_list("event", "subject")) == [("correspondence.cancelled", message.reference)]


def test_what_has_left_or_is_leaving_cannot_be_taken_back() -> None:
    gone, leaving = make.email(), make.email(due_at=AT + timedelta(hours=1))
    run_until_empty(at=AT)
    Message.objects.filter(pk=leaving.pk).update(attempts=1, leased_until=AT + timedelta(minutes=1))
    assert cancel([gone.pk, leaving.pk], by=US, at=AT) == 0


def test_a_failed_message_leaves_once_its_cause_is_mended() -> None:
    message = make.letter(template="tests/letters/broken")
    run_until_empty(at=AT)
    Message.objects.filter(pk=message.pk).update(template="tests/letters/hello")
    assert retry([message.pk], by=US, at=AT) == 1
    assert retry([message.pk], by=US, at=AT) == 0
    run_until_empty(at=AT)
    message.refresh_from_db()
    assert (message.state, message.repeated) == ("sent", False)
