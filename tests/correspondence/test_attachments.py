"""An e-mail may carry one PDF, made when it leaves; a letter none."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from parvis.correspondence import worker
from parvis.correspondence.models import Message
from parvis.correspondence.rendering import attachments
from parvis.correspondence.rendering.attachments import Attached
from parvis.correspondence.services import Draft, queue_many, queue_set
from tests.factories import correspondence as make
from tests.factories.correspondence import AT, CONTEXT

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.7 a paper"


@pytest.fixture(autouse=True)
def makers(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Papers anybody may have made; returns the subjects that were asked for."""
    asked: list[int] = []

    def made(subject: int, /, *, to: str, account_id: int | None, at: datetime) -> Attached:
        assert to
        assert account_id is None or account_id > 0
        assert at >= AT
        asked.append(subject)
        if subject == 13:
            raise LookupError("nothing of that number")
        content = PAPER if subject < 100 else b"%PDF" + b"x" * attachments.MOST_BYTES
        return Attached("../etc.pdf" if subject == 50 else f"accuse-{subject}.pdf", content)

    monkeypatch.setattr(attachments, "_makers", {"paper": made})
    return asked


def test_the_paper_is_made_when_the_mail_leaves_and_its_name_stays_with_the_message(makers: list[int]) -> None:
    message = make.email(attachment="paper", attachment_subject=7)
    assert makers == []
    worker.run_until_empty(at=AT)
    (sent,) = mail.outbox
    assert sent.attachments == [("accuse-7.pdf", PAPER, "application/pdf")]
    assert "Pièce jointe\u00a0: accuse-7.pdf" in sent.body
    assert "accuse-7.pdf" in sent.alternatives[0][0]  # type: ignore[attr-defined]
    parts = [part.get_content_type() for part in sent.message().walk()]
    assert parts == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"]
    message.refresh_from_db()
    assert (message.state, message.attachment_name, makers) == ("sent", "accuse-7.pdf", [7])


def test_a_mail_that_carries_nothing_says_nothing_of_it() -> None:
    message = make.email()
    worker.run_until_empty(at=AT)
    (sent,) = mail.outbox
    assert sent.attachments == []
    assert "Pièce jointe" not in sent.body + sent.alternatives[0][0]  # type: ignore[attr-defined]
    message.refresh_from_db()
    assert message.attachment_name == ""


def test_a_repeat_carries_the_same_paper() -> None:
    message = make.email(attachment="paper", attachment_subject=7)
    worker.run_until_empty(at=AT)
    Message.objects.filter(pk=message.pk).update(state="due", sent_at=None, leased_until=AT)
    worker.run_until_empty(at=AT + timedelta(hours=1))
    first, second = mail.outbox
    assert first.attachments == second.attachments


def test_a_paper_too_long_for_mail_servers_stays_behind_and_the_mail_leaves() -> None:
    message = make.email(attachment="paper", attachment_subject=100)
    worker.run_until_empty(at=AT)
    (sent,) = mail.outbox
    assert sent.attachments == []
    assert "Pièce jointe" not in sent.body
    message.refresh_from_db()
    assert (message.state, message.attachment_name) == ("sent", "")


@pytest.mark.parametrize("subject", [13, 50])
def test_a_paper_that_cannot_be_made_or_is_named_like_a_path_keeps_its_mail_and_no_other(subject: int) -> None:
    kept = make.email(attachment="paper", attachment_subject=subject)
    make.email()
    worker.run_until_empty(at=AT)
    assert len(mail.outbox) == 1
    kept.refresh_from_db()
    assert (kept.state, kept.failure != "") == ("failed", True)


@pytest.mark.parametrize(
    ("maker", "subject", "words"), [("nobody", 7, "nobody makes"), ("paper", None, "about nothing")]
)
def test_what_nobody_could_make_is_refused_where_it_is_asked_for(maker: str, subject: int | None, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make.email(attachment=maker, attachment_subject=subject)
    assert not Message.objects.exists()


def test_a_letter_carries_no_file() -> None:
    with pytest.raises(ValueError, match="a letter carries no file"):
        make.letter(attachment="paper", attachment_subject=7)
    letter = make.letter()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=letter.pk).update(attachment="paper")


def test_however_many_are_queued_each_keeps_its_own_paper() -> None:
    make.write_texts()
    drafts = [
        Draft("tests/emails/hello", CONTEXT, to="lina@tilleuls.example", attachment="paper", attachment_subject=number)
        for number in (1, 2)
    ]
    with transaction.atomic():
        queue_many(drafts, at=AT)
        queue_set(drafts, at=AT)
    worker.run_until_empty(at=AT)
    assert sorted(sent.attachments[0][0] for sent in mail.outbox) == sorted(["accuse-1.pdf", "accuse-2.pdf"] * 2)
