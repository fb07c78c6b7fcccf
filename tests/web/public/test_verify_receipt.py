"""« Vérifier un accusé »: true for what is authentic, silent about people."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from parvis.declarations.selectors import receipt_of
from parvis.kit import clock
from tests.factories import declarations as made
from tests.factories.declarations import NOW, typed
from tests.factories.landlords import owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db
URL = "/verifier/"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def proof() -> tuple[str, str]:
    me = owner()
    of = tenancy(me.landlord, last_name="Zaïdi")
    july_rent(of, 2025, 52_400)
    made.campaign()
    typed(me, of, "525")
    (receipt,) = made.sent(me)
    return receipt.number, receipt_of(me.actor, receipt.number).code


def ask(number: str, code: str) -> str:
    answer = Client().post(URL, {"numero": number, "code": code})
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_its_address() -> None:
    assert reverse("verify-receipt") == URL


def test_an_authentic_receipt_is_said_so_without_any_tenant(proof: tuple[str, str]) -> None:
    page = ask(*proof)
    assert "Document authentique" in page
    assert "1 loyer transmis le 21/07/2026 par Alliance Familiale." in page
    assert "Zaïdi" not in page
    assert "525" not in page


def test_any_other_code_is_not(proof: tuple[str, str]) -> None:
    for number, code in ((proof[0], "AAAAAAAA"), ("AR-2026-07-999999", proof[1]), ("", ""), ("\x00", "\x00")):
        page = ask(number, code)
        assert "Ce code ne correspond à aucun accusé. Vérifiez les caractères." in page


def test_a_scanned_code_fills_the_fields_and_asks_nothing_yet(proof: tuple[str, str]) -> None:
    page = Client().get(URL, {"numero": proof[0], "code": proof[1]}).content.decode()
    assert f'value="{proof[0]}"' in page
    assert f'value="{proof[1]}"' in page
    assert "authentique" not in page


def test_codes_cannot_be_found_by_trying(proof: tuple[str, str]) -> None:
    browser = Client()
    answers = [browser.post(URL, {"numero": proof[0], "code": "AAAAAAAA"}).status_code for _ in range(22)]
    assert answers[:20] == [200] * 20
    assert answers[20:] == [429, 429]
    assert "authentique" not in browser.post(URL, {"numero": proof[0], "code": proof[1]}).content.decode()
