"""Reports of mail servers: believed about a message that was sent, once, when they are final."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command

from parvis.audit.models import Entry
from parvis.correspondence.models import Message, MessageState
from parvis.correspondence.returns import bounces
from parvis.correspondence.selectors import waiting
from parvis.correspondence.services import retry
from parvis.kit.actors import system
from parvis.upkeep import retention
from tests.factories.correspondence import AT, email

pytestmark = pytest.mark.django_db
REPORT = """From: MAILER-DAEMON@mx.example
To: ne-pas-repondre@parvis.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not work.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; lina@tilleuls.example
Action: {action}
Status: {status}

--b
Content-Type: {kind}

Message-ID: <{reference}@parvis.example>
Subject: Bonjour

--b--
"""


def sent() -> Message:
    message = email(partner_id=uuid4())
    Message.objects.filter(pk=message.pk).update(state=MessageState.SENT, sent_at=AT)
    return message


def report(
    reference: str, *, action: str = "failed", status: str = "5.1.1", kind: str = "text/rfc822-headers"
) -> bytes:
    return REPORT.format(reference=reference, action=action, status=status, kind=kind).encode()


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_a_mail_that_came_back_is_told_in_the_file_once(kind: str) -> None:
    message = sent()
    found = bounces.read(report(message.reference, kind=kind))
    assert found == (message.reference, "5.1.1", True)
    assert bounces.note(found, at=AT)
    assert not bounces.note(found, at=AT)
    message.refresh_from_db()
    assert (message.state, message.bounced_at) == ("bounced", AT)
    assert message.failure == "La boîte du destinataire a refusé ce mail (code 5.1.1)."
    assert Entry.objects.get(event="correspondence.bounced").partner_id == message.partner_id


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("failed", "4.2.2"), ("delivered", "2.0.0")])
def test_a_delay_changes_nothing(action: str, status: str) -> None:
    message = sent()
    found = bounces.read(report(message.reference, action=action, status=status))
    assert found is not None
    assert not bounces.note(found, at=AT)
    message.refresh_from_db()
    assert message.state == "sent"


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff", b"Subject: vacances\n\nJe suis absent.", report("nobody"), report("M-x")]
)
def test_what_is_no_report_about_us_is_nothing(content: bytes) -> None:
    assert bounces.read(content) is None


def test_the_command_reads_a_folder_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    message = sent()
    (tmp_path / "1.eml").write_bytes(report(message.reference))
    (tmp_path / "2.eml").write_bytes(b"nothing")
    call_command("bounces", str(tmp_path))
    assert "1 notés, sur 2 rapports lus" in capsys.readouterr().out
    assert sorted(path.name for path in (tmp_path / "lus").iterdir()) == ["1.eml", "2.eml"]
    call_command("bounces", str(tmp_path))
    assert Entry.objects.filter(event="correspondence.bounced").count() == 1


def test_a_report_read_is_kept_a_month(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(b"nothing")
    os.utime(tmp_path / "1.eml", (0, 0))
    call_command("bounces", str(tmp_path))
    assert (tmp_path / "lus" / "1.eml").exists(), "it has just been read"
    os.utime(tmp_path / "lus" / "1.eml", (0, 0))
    call_command("bounces", str(tmp_path))
    assert not (tmp_path / "lus" / "1.eml").exists()


def test_a_mail_that_left_and_came_back_is_never_sent_again() -> None:
    message = sent()
    bounces.note(bounces.Bounce(message.reference, "5.1.1", is_final=True), at=AT)
    call_command("messages", retry="all")
    assert retry([message.pk], by=system("tests"), at=AT) == 0
    assert waiting(at=AT).failed == 0, "nobody is called for what cannot be mended"
    message.refresh_from_db()
    assert message.state == "bounced"


@pytest.mark.parametrize("state", ["failed", "bounced"])
def test_what_failed_or_came_back_is_erased_like_the_others(state: str) -> None:
    message, rule = sent(), next(rule for rule in retention.RULES if rule.name == "messages")
    sent_at = AT if state == "bounced" else None
    Message.objects.filter(pk=message.pk).update(state=state, sent_at=sent_at, due_at=AT)
    assert retention.first_past(rule, at=AT + timedelta(days=1_825)) is None
    later = AT + timedelta(days=1_827)
    assert retention.first_past(rule, at=later)
    retention.purge(system("tests"), later)
    assert not Message.objects.exists()
