"""How mails and letters leave, as the page of the feeds tells it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parvis.correspondence.channels import ChannelHealth, channels_health
from parvis.correspondence.models import Message
from tests.factories.correspondence import AT, email, letter

pytestmark = pytest.mark.django_db
PATIENCE = timedelta(minutes=15)


def _of(title: str, *, after: timedelta = timedelta()) -> ChannelHealth:
    return next(one for one in channels_health(at=AT + after, patience=PATIENCE) if one.title == title)


def test_nothing_to_do_is_in_time() -> None:
    for title in ("Mails", "Courriers"):
        one = _of(title)
        assert (one.state, one.sent, one.due, one.failed, one.last_at) == ("on_time", 0, 0, 0, None)


@pytest.mark.parametrize(("hours", "state"), [(0.2, "on_time"), (2, "late"), (6.2, "late"), (6.3, "stopped")])
def test_what_waits_is_late_then_stopped(hours: float, state: str) -> None:
    email()
    after = timedelta(hours=hours)
    assert _of("Mails", after=after).state == state
    assert _of("Courriers", after=after).state == "on_time"
    assert _of("Mails", after=after).due == 1


def test_each_way_counts_its_own() -> None:
    sent, failed = email(), letter()
    Message.objects.filter(pk=sent.pk).update(state="sent", sent_at=AT)
    Message.objects.filter(pk=failed.pk).update(state="failed", failure="Non.")
    mails, letters = _of("Mails", after=timedelta(hours=1)), _of("Courriers", after=timedelta(hours=1))
    assert (mails.sent, mails.last_at, mails.failed) == (1, AT, 0)
    assert (letters.sent, letters.failed, letters.due) == (0, 1, 0)
    assert _of("Mails", after=timedelta(hours=25)).sent == 0
