"""The cast has one change under way: an account that waits for a second agreement."""

from __future__ import annotations

import pytest

from parvis.changes.models import ChangeRequest
from parvis.changes.services import leaving
from parvis.correspondence.models import Message
from parvis.demo import asked, opened
from parvis.kit.actors import system
from tests.demo.test_opened import AT, opened_cast

__all__ = ["opened_cast"]


@pytest.mark.django_db
@pytest.mark.usefixtures("opened_cast")
def test_an_account_waits_for_the_agreement_of_another_administrator_once() -> None:
    change = asked.ask_bank_change(at=AT)
    assert change is not None
    assert asked.ask_bank_change(at=AT) is None
    (kept,) = ChangeRequest.objects.all()
    assert (kept.state, kept.iban_last4) == ("agreement", "0189")
    assert leaving.clear_iban(kept) == asked.IBAN
    told = Message.objects.filter(template="changes/emails/agreement_asked").values_list("to_email", flat=True)
    assert opened.NADIA.email in told
    assert leaving.release_due(by=system("test"), at=AT).expired == 0
