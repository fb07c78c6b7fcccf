"""What the operator sees of failed messages, and how they are tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from parvis.audit.models import Entry
from parvis.correspondence.models import Message, MessageState
from parvis.kit import clock
from tests.factories.correspondence import email, letter

pytestmark = pytest.mark.django_db


def fail(message: Message, reason: str, *, days: int = 0) -> Message:
    due_at = clock.now() - timedelta(days=days)
    Message.objects.filter(pk=message.pk).update(state=MessageState.FAILED, failure=reason, attempts=5, due_at=due_at)
    return message


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_failed_messages_are_listed_without_an_address(capsys: pytest.CaptureFixture[str]) -> None:
    first, second, waits = fail(email(), "Boîte inconnue."), fail(letter(), "Trop long."), email()
    call_command("messages")
    told = capsys.readouterr().out
    assert [line.split()[:2] for line in told.splitlines()] == [
        [first.reference, "tests/emails/hello"],
        [second.reference, "tests/letters/hello"],
    ]
    assert "Boîte inconnue." in told
    assert waits.reference not in told
    assert "@" not in told
    assert "Tilleuls" not in told


def test_one_is_tried_again_then_all(capsys: pytest.CaptureFixture[str]) -> None:
    first, _, _ = (fail(email(), "Boîte inconnue.") for _ in range(3))
    call_command("messages", "--retry", first.reference)
    assert states() == ["due", "failed", "failed"]
    call_command("messages", "--retry", "all")
    assert states() == ["due"] * 3
    assert Entry.objects.filter(event="correspondence.retried").count() == 3
    call_command("messages", "--retry", "all")
    call_command("messages")
    assert "Aucun message en échec." in capsys.readouterr().out


def test_what_nobody_awaits_any_more_is_tried_again_by_name_only() -> None:
    old = fail(email(), "Boîte inconnue.", days=31)
    call_command("messages", "--retry", "all")
    assert states() == ["failed"]
    call_command("messages", "--retry", old.reference)
    assert states() == ["due"]


def test_one_that_did_not_fail_is_not_tried_again() -> None:
    waits = email()
    with pytest.raises(CommandError, match="Aucun message en échec ne porte"):
        call_command("messages", "--retry", waits.reference)
    assert Message.objects.get().due_at == waits.due_at
