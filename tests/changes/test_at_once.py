"""Changes asked in twenty tabs at once: one request, one number, and everybody is told of it once."""

from __future__ import annotations

from collections import Counter
from uuid import uuid4

import pytest

from parvis.changes.models import ChangeRequest, ChangeStep
from parvis.changes.services.bank import asking
from parvis.correspondence.models import Message
from tests.declarations.test_concurrency import AT_ONCE, together
from tests.factories.changes import NOW, address_asked, bank_code, bank_typed
from tests.factories.landlords import owner

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_code_typed_in_twenty_tabs_asks_for_another_account_once() -> None:
    me = owner()
    typed, session = bank_typed(me)
    digits = bank_code()

    def prove() -> tuple[str, str]:
        outcome, change = asking.prove_bank_change(typed.opaque, session, digits, by=me.actor, at=NOW)
        return outcome.verdict.value, change.number

    outcomes = Counter(together([prove] * AT_ONCE))
    assert outcomes == {("right", typed.number): 1, ("used", typed.number): AT_ONCE - 1}
    assert ChangeRequest.objects.get().state == "held"
    assert list(ChangeStep.objects.order_by("pk").values_list("state", flat=True)) == ["asked", "held"]
    assert Message.objects.filter(template="changes/emails/bank_asked").count() == 1


def test_another_account_typed_in_twenty_tabs_leaves_one_that_waits_for_its_code() -> None:
    me = owner()
    _, session = bank_typed(me)
    together([lambda: bank_typed(me, session=session)] * AT_ONCE)
    assert ChangeRequest.objects.filter(state="asked").count() == 1


def test_an_address_sent_by_twenty_clicks_is_asked_once_and_all_are_led_to_its_number() -> None:
    me, key = owner(), uuid4()
    results = together([lambda: address_asked(me, key=key)] * AT_ONCE)
    asked = ChangeRequest.objects.get()
    assert [[change.number for change in changes] for changes in results] == [[asked.number]] * AT_ONCE  # type: ignore[attr-defined]
