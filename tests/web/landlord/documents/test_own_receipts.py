"""Who may declare, and nothing else, sees the receipts of what they sent themselves, and of nobody else."""

from __future__ import annotations

import pytest

from parvis.kit.actors import Right
from tests.factories import declarations as made
from tests.factories.declarations import NOW
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.web.landlord.july import address, live_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    live_at(monkeypatch, NOW)


def sent_by(me: Owner, typed: str) -> str:
    of = tenancy(me.landlord)
    july_rent(of, 2025, 52_400)
    made.campaign()
    made.typed(me, of, typed)
    (receipt,) = made.sent(me)
    return receipt.number


def test_the_receipt_of_what_one_sent_is_one_s_own() -> None:
    me = owner(rights=frozenset({Right.DECLARE}))
    chief = owner(me.landlord)
    mine, theirs = sent_by(me, "525"), sent_by(chief, "526")
    for page in ("receipt", "receipt-pdf"):
        assert me.browser().get(address(me, page, mine)).status_code == 200
        assert me.browser().get(address(me, page, theirs)).status_code == 403
        assert chief.browser().get(address(chief, page, mine)).status_code == 200
        assert owner().browser().get(address(me, page, mine)).status_code == 404


def test_who_may_neither_declare_nor_consult_sees_none() -> None:
    chief = owner()
    payer = owner(chief.landlord, rights=frozenset({Right.PAYMENTS}))
    number = sent_by(chief, "525")
    assert payer.browser().get(address(payer, "receipt", number)).status_code == 403
