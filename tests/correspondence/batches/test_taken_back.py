"""New credentials in spite of letters on their way: what nobody has posted yet is never posted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from parvis.agents.posts import Role
from parvis.correspondence.batches import files
from parvis.correspondence.batches import services as batches
from parvis.correspondence.models import Message, MessageState
from parvis.correspondence.refusals import BatchNotPossible
from parvis.landlords.services import by_agent
from tests.factories.agents import colleague
from tests.factories.correspondence import batched
from tests.landlords.test_by_agent import NOW, WHY, _letters, _made, unopened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]


def test_what_is_made_and_in_no_batch_is_never_posted(settings: Any, tmp_path: Path) -> None:
    settings.LETTERS = tmp_path
    who = unopened()
    _letters(who, NOW)
    _made(who)
    old = set(Message.objects.filter(account_id=who.pk).values_list("number", flat=True))
    for number in old:
        (tmp_path / f"{number}.pdf").touch()
    (other := tmp_path / "L-2026-900000.pdf").touch()
    by_agent.send_credentials(
        who.partner_id, who.reference, reason=WHY, in_spite=True, by=colleague((Role.RECEPTION, "")).actor, at=NOW
    )
    states = list(Message.objects.filter(account_id=who.pk).order_by("id").values_list("state", flat=True))
    assert states == [MessageState.CANCELLED] * 2 + [MessageState.DUE] * 2
    with pytest.raises(BatchNotPossible):
        batches.prepare("", "", by=colleague().actor, at=NOW)
    files.forget_posted(at=NOW)
    assert list(tmp_path.glob("*.pdf")) == [other]


def test_what_is_with_the_printing_house_is_left_to_it() -> None:
    who = unopened()
    _letters(who, NOW)
    _made(who)
    first, second = Message.objects.filter(account_id=who.pk).order_by("id")
    batched(first, second)
    by_agent.send_credentials(
        who.partner_id, who.reference, reason=WHY, in_spite=True, by=colleague((Role.RECEPTION, "")).actor, at=NOW
    )
    assert set(Message.objects.filter(pk__in=[first.pk, second.pk]).values_list("state", flat=True)) == {
        MessageState.SENT
    }
