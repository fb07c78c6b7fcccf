"""Sending: once, marked when it may be twice, never stopped by one message."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from parvis.audit.models import Entry
from parvis.correspondence import sending, worker
from parvis.correspondence.models import Message
from parvis.correspondence.secrets import MASK
from tests.correspondence.conftest import DRAWN
from tests.factories import correspondence as make
from tests.factories.correspondence import AT

pytestmark = pytest.mark.django_db


def fails_with(monkeypatch: pytest.MonkeyPatch, *errors: Exception) -> None:
    """The mail server answers so, then takes what comes."""
    waiting = list(errors)
    real = mail.backends.locmem.EmailBackend.send_messages  # type: ignore[attr-defined]

    def send(self: Any, messages: Any) -> int:
        if waiting:
            raise waiting.pop(0)
        return int(real(self, messages))

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send)


def test_an_email_carries_its_marks_against_phishing_and_leaves_once() -> None:
    message = make.email()
    assert worker.run_until_empty(at=AT) == 1
    assert worker.run_until_empty(at=AT) == 0
    (sent,) = mail.outbox
    assert sent.subject == "Bonjour Agence des Trois Tilleuls"
    assert sent.extra_headers["Message-ID"] == f"<{message.reference}@parvis.example>"
    assert "X-Parvis-Repeat" not in sent.extra_headers
    for part in (sent.body, sent.alternatives[0][0]):  # type: ignore[attr-defined]
        assert "44100046470V12" in part
        assert "LOG012345A" in part
        assert "/connexion" in part
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.subject) == ("sent", AT, "Bonjour Agence des Trois Tilleuls")


def test_a_secret_is_in_what_leaves_and_nowhere_else() -> None:
    message = make.email(template="tests/emails/code", secret="known", secret_subject=7)
    worker.run_until_empty(at=AT)
    (sent,) = mail.outbox
    assert sent.subject == "s3cret-1 est votre code"
    assert "s3cret-1" in sent.body
    assert "LOG012345A" not in sent.body
    row = Message.objects.filter(pk=message.pk).values().get()
    assert "s3cret" not in str(row)
    assert row["subject"] == f"{MASK} est votre code"
    assert "14 septembre 2026" in row["body"]


def test_a_secret_nobody_needs_any_more_cancels_its_message() -> None:
    message = make.email(template="tests/emails/code", secret="known", secret_subject=0)
    assert worker.run_one(at=AT)
    message.refresh_from_db()
    assert (message.state, mail.outbox) == ("cancelled", [])


def test_a_letter_is_one_file_under_its_number_and_a_repeat_replaces_it(letters_folder: Path) -> None:
    message = make.letter(template="tests/letters/password", secret="known", secret_subject=7)
    worker.run_until_empty(at=AT)
    message.refresh_from_db()
    assert message.number.startswith("L-2026-")
    assert [path.name for path in letters_folder.iterdir()] == [f"{message.number}.pdf"]
    first = (letters_folder / f"{message.number}.pdf").read_bytes()
    as_if_the_worker_had_died(message)
    worker.run_until_empty(at=AT + timedelta(hours=1))
    assert [path.name for path in letters_folder.iterdir()] == [f"{message.number}.pdf"]
    assert (letters_folder / f"{message.number}.pdf").read_bytes() != first
    assert len(DRAWN) == 2


def as_if_the_worker_had_died(message: Message) -> None:
    """Between handing over and noting it."""
    as_left = Message.objects.filter(pk=message.pk)
    as_left.update(state="due", sent_at=None, leased_until=AT + worker.LEASE)


def test_a_message_whose_worker_died_is_repeated_under_the_same_name_and_says_so() -> None:
    message = make.email()
    worker.run_until_empty(at=AT)
    as_if_the_worker_had_died(message)
    assert worker.run_until_empty(at=AT + timedelta(seconds=30)) == 0
    assert worker.run_until_empty(at=AT + worker.LEASE) == 1
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert second.extra_headers["X-Parvis-Repeat"] == "1"


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"lina@tilleuls.example": (450, b"full")}),
        smtplib.SMTPDataError(451, b"later"),
        smtplib.SMTPSenderRefused(550, b"not you", "us"),
    ],
)
def test_a_passing_failure_is_tried_again_later_and_is_no_repeat(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails_with(monkeypatch, error)
    message = make.email()
    worker.run_until_empty(at=AT)
    message.refresh_from_db()
    assert message.state == "due"
    assert message.failure
    assert worker.run_until_empty(at=AT + timedelta(seconds=29)) == 0
    assert worker.run_until_empty(at=AT + timedelta(seconds=30)) == 1
    message.refresh_from_db()
    assert (message.state, message.repeated, message.failure) == ("sent", False, "")


def test_when_the_answer_is_lost_the_next_try_says_it_may_be_a_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    fails_with(monkeypatch, smtplib.SMTPServerDisconnected("gone"))
    make.email()
    worker.run_until_empty(at=AT)
    worker.run_until_empty(at=AT + timedelta(seconds=30))
    assert mail.outbox[0].extra_headers["X-Parvis-Repeat"] == "1"


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"lina@tilleuls.example": (550, b"unknown")}),
        smtplib.SMTPDataError(554, b"spam"),
    ],
)
def test_a_refused_address_is_not_tried_again_and_is_told(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    fails_with(monkeypatch, error)
    message = make.email()
    worker.run_until_empty(at=AT)
    message.refresh_from_db()
    assert message.state == "failed"
    assert "refuse" in message.failure
    assert Entry.objects.filter(event="correspondence.failed", subject=message.reference).count() == 1


def test_after_eight_tries_a_message_is_a_dead_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    fails_with(monkeypatch, *[smtplib.SMTPDataError(451, b"later")] * 20)
    message = make.email()
    at = AT
    for _ in range(30):
        worker.run_until_empty(at=at)
        at += timedelta(hours=3)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", 8)


def test_a_message_that_kills_its_worker_each_time_ends_as_a_dead_letter() -> None:
    message = make.email()
    Message.objects.filter(pk=message.pk).update(attempts=8, leased_until=AT)
    worker.run_until_empty(at=AT)
    message.refresh_from_db()
    assert (message.state, mail.outbox) == ("failed", [])


def test_messages_in_bad_shape_do_not_stop_the_others() -> None:
    bad = [
        make.letter(template="tests/letters/broken"),
        make.letter(template="tests/letters/endless"),
        make.email(to="not an address"),
        make.email(to="two@tilleuls.example, more@tilleuls.example"),
        make.email(to="x@tilleuls.example", context={"login_id": ["\n", None]}, template="tests/emails/hello"),
    ]
    good = [make.email(), make.letter()]
    assert worker.run_until_empty(at=AT) == 7
    states = dict(Message.objects.values_list("pk", "state"))
    assert [states[message.pk] for message in bad[:4]] == ["failed"] * 4
    assert [states[message.pk] for message in good] == ["sent"] * 2


def test_while_the_mail_server_is_away_letters_go_on_and_no_email_is_worn_out(
    monkeypatch: pytest.MonkeyPatch, letters_folder: Path
) -> None:
    emails = [make.email() for _ in range(5)]
    make.letter()
    monkeypatch.setattr(sending, "get_connection", lambda: _Away())
    worker.run_until_empty(at=AT)
    assert len(list(letters_folder.iterdir())) == 1
    tries = Message.objects.filter(pk__in=[message.pk for message in emails]).values_list("attempts", flat=True)
    assert sorted(tries) == [0, 0, 0, 0, 1]
    monkeypatch.undo()
    make.write_texts()
    worker.run_until_empty(at=AT + timedelta(minutes=1))
    assert len(mail.outbox) == 5


class _Away:
    def open(self) -> None:
        raise ConnectionRefusedError


def test_two_workers_never_take_the_same_message() -> None:
    make.email()
    assert worker._claim(AT, emails_leave=True) is not None
    assert worker._claim(AT, emails_leave=True) is None


def test_a_message_cancelled_while_it_was_held_too_long_draws_nothing() -> None:
    make.email(template="tests/emails/code", secret="known", secret_subject=7)
    claimed = worker._claim(AT, emails_leave=True)
    assert claimed is not None
    Message.objects.update(state="cancelled")
    with pytest.raises(worker.NoLongerOurs):
        worker._render(claimed, AT)


def test_a_folder_that_cannot_be_written_is_tried_again(letters_folder: Path, settings: Any) -> None:
    letters_folder.parent.mkdir(exist_ok=True)
    letters_folder.write_text("not a folder")
    message = make.letter()
    worker.run_until_empty(at=AT)
    message.refresh_from_db()
    assert (message.state, message.failure) == ("due", "Le dossier des courriers ne peut pas être écrit.")
    letters_folder.unlink()
    later: datetime = AT + timedelta(minutes=1)
    assert worker.run_until_empty(at=later) == 1
    message.refresh_from_db()
    assert message.state == "sent"
