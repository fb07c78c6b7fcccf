"""What must be true of every instance is true of the demonstration."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parvis.audit import sealing
from parvis.correspondence.models import Message
from parvis.correspondence.secrets import MASK
from parvis.demo import cast, opened, story
from parvis.exchange.services import inbound
from parvis.identity.models import Account, Purpose
from parvis.identity.services import codes
from parvis.kit.actors import system
from parvis.upkeep.invariants import verifying
from tests.factories.identity import deliver, session_of
from tests.factories.landlords import owner

pytestmark = pytest.mark.django_db
CARRIERS = ("identity/emails/password", "identity/letters/password")
"""Messages of the first delivery that bring a secret."""


def test_the_demonstration_breaks_nothing_once_its_messages_have_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "heads_path", lambda: tmp_path / "heads.jsonl")
    shutil.copytree(story.DELIVERIES / "000001", tmp_path / "inbox" / "000001")
    at = datetime.now(UTC)
    inbound.take_in(tmp_path / "inbox", by=system("tests"), at=at)
    newcomers = [(role.caf_code, role.number) for role in cast.NEWCOMERS]
    opened.open_all(newcomers, cast.ALLIANCE_FAMILIALE, at=at)
    # One of each that carries a secret, to somebody who has not come yet; the others would be drawn for minutes.
    to_come = Account.objects.filter(opened_at=None).values("pk")
    waiting = Message.objects.filter(account_id__in=to_come, state="due").order_by("pk")
    chosen = [waiting.filter(template=name)[0].pk for name in CARRIERS]
    Message.objects.filter(state="due").exclude(pk__in=chosen).update(state="cancelled")
    Message.objects.filter(pk__in=chosen).update(is_held=False, due_at=at, state="due")
    someone = owner()
    codes.ask(session_of(someone.account, at=at), Purpose.SIGN_IN, "a@b.example", by=someone.actor, at=at)
    deliver(at)
    left = Message.objects.exclude(secret="").filter(state="sent")
    unsent = Message.objects.filter(pk__in=chosen).exclude(state="sent").values_list("template", "state", "failure")
    assert list(unsent) == []
    assert {"one_time_code", "provisional_password"} <= set(left.values_list("secret", flat=True))
    assert all(MASK in message.body for message in left)
    sealing.seal(at=at)
    assert [(one.invariant.code, one.fault.row) for one in verifying.verify(at=at)] == []
