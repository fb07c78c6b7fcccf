"""« Identifiant perdu » while the letters wait for the printing house."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parvis.correspondence.models import Message
from parvis.identity.models import Credential
from parvis.web.account import steady
from tests.factories.correspondence import batched
from tests.web.account.test_recovery import asks, numbered, unopened
from tests.web.account.visits import now, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "FLOOR_SECONDS", 0.0)


def test_letters_that_wait_for_their_batch_are_told_so_and_are_not_doubled() -> None:
    who = unopened()
    asks("lost-identifier", None, **numbered(who))
    made = now() - timedelta(days=30)
    Credential.objects.filter(pk=who.credential_id).update(provisional_until=now() + timedelta(days=30))
    for letter in Message.objects.filter(channel="letter"):
        number = f"L-2026-{letter.pk:06d}"
        Message.objects.filter(pk=letter.pk).update(
            state="sent", is_held=False, sent_at=made, created_at=made, number=number
        )
    waiting = said(asks("lost-identifier", None, **numbered(who)))
    assert "Vos deux lettres se préparent" in waiting
    assert waiting.count("elle attend son lot d’impression") == 2
    batched(*Message.objects.filter(channel="letter"), posted_on=now().date() - timedelta(days=1))
    posted = said(asks("lost-identifier", None, **numbered(who)))
    assert "Vos deux lettres sont en route" in posted
    assert posted.count("postée le") == 2
    assert f"au plus tard le {now().date() + timedelta(days=5):%d/%m/%Y}" in posted
    assert Message.objects.filter(channel="letter").count() == 2
