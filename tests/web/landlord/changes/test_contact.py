"""« Contacter votre caisse »: the offices of the account, and the thing one comes from, told once and only to who may see it."""

from __future__ import annotations

from datetime import date
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from parvis.correspondence.models import Message
from parvis.declarations.models import Declaration
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.landlords.models import Office
from parvis.tenancies.models import Transfer
from tests.factories import changes
from tests.factories.awaited import rent_sent
from tests.factories.declarations import NOW
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import payment, tenancy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def page(me: Owner, query: str = "") -> str:
    answer = me.browser().get(reverse("contact-office", args=[me.account.reference]) + query)
    assert answer.status_code == 200
    return unescape(answer.content.decode()).replace("\u00a0", " ")


def mail_in(shown: str) -> tuple[str, str, str]:
    """Address, subject and words of the mail begun."""
    link = next(part for part in shown.split('"') if part.startswith("mailto:") and "?" in part)
    parts = urlsplit(link)
    asked = parse_qs(parts.query)
    return unquote(parts.path), asked["subject"][0], asked["body"][0].replace("\u00a0", " ")


def test_the_office_of_the_account_is_there_at_once_with_the_number_to_give() -> None:
    me = owner()
    tenancy(me.landlord)
    Office.objects.update(landlord_email="bailleurs@caf.example")
    shown = page(me)
    number = me.landlord.third_party_numbers.get()
    assert number.office.name in shown
    assert number.user_number in shown
    address, subject, words = mail_in(shown)
    assert address == "bailleurs@caf.example"
    assert subject == f"N° d’utilisateur {number.user_number}"
    assert number.user_number in words
    assert "Dossier concerné" not in shown


def test_from_a_sheet_the_tenant_is_told_in_the_mail() -> None:
    me = owner()
    lina = tenancy(me.landlord, last_name="Moreau")
    sheet = me.browser().get(reverse("tenant", args=[me.account.reference, lina.reference])).content.decode()
    assert f"?locataire={lina.reference}" in sheet
    shown = page(me, f"?locataire={lina.reference}")
    assert "Dossier concerné" in shown
    Office.objects.update(landlord_email="bailleurs@caf.example")
    _, subject, words = mail_in(page(me, f"?locataire={lina.reference}"))
    assert lina.claimant_number in subject
    assert f"Locataire : {lina.name}" in words


def test_a_declaration_a_transfer_a_request_are_told() -> None:
    me = owner()
    sent = rent_sent(me)
    declaration = Declaration.objects.get(pk=sent.pk)
    assert declaration.reference
    assert declaration.reference in page(me, f"?declaration={declaration.opaque}")
    payment(sent.tenancy, date(2026, 5, 1), 20_000)
    transfer = Transfer.objects.get()
    assert "200,00 € le 05/06/2026" in page(me, f"?versement={transfer.reference}")
    (change,) = changes.address_asked(me)
    assert change.number in page(me, f"?demande={change.number}")
    both = page(me, f"?versement={transfer.reference}&locataire={sent.tenancy.reference}")
    assert sent.tenancy.name in both
    assert "200,00 €" in both


def test_what_one_may_not_see_is_left_out() -> None:
    me, stranger = owner(), owner()
    lina = tenancy(me.landlord, last_name="Moreau")
    payment(lina, date(2026, 5, 1), 20_000)
    transfer = Transfer.objects.get()
    for query in (f"?locataire={lina.reference}", f"?versement={transfer.reference}", f"?declaration={uuid4()}"):
        shown = page(stranger, query)
        assert "Moreau" not in shown
        assert "Dossier concerné" not in shown
    consultant = owner(me.landlord, rights=frozenset({Right.CONSULT}))
    assert "200,00" not in page(consultant, f"?versement={transfer.reference}")
    bank = owner(me.landlord, rights=frozenset({Right.BANK_DETAILS}))
    assert "Moreau" not in page(bank, f"?locataire={lina.reference}")


def test_where_the_tenant_lives_is_for_who_consults_or_declares() -> None:
    me = owner()
    lina = tenancy(me.landlord, last_name="Moreau")
    for right, is_told in ((Right.CONSULT, True), (Right.DECLARE, True), (Right.PAYMENTS, False)):
        one = owner(me.landlord, rights=frozenset({right}))
        shown = page(one, f"?locataire={lina.reference}")
        assert lina.claimant_number in shown, right
        assert ("Logement" in shown.split("Dossier concerné")[1]) is is_told, right
        assert (f"{lina.postcode} {lina.city}" in shown) is is_told, right


@pytest.mark.parametrize("bad", ["x", "\0", "' OR 1=1 --", "<b>", "é" * 10_000, ""])
def test_an_address_that_says_nothing_is_the_plain_page(bad: str) -> None:
    me = owner()
    answer = me.browser().get(
        reverse("contact-office", args=[me.account.reference]), {"locataire": bad, "demande": bad}
    )
    assert answer.status_code == 200
    assert "Dossier concerné" not in answer.content.decode()


def test_it_is_nobody_else_s() -> None:
    address = reverse("contact-office", args=[owner().account.reference])
    assert Client().get(address).status_code in (302, 404)
    assert owner().browser().get(address).status_code == 404
    assert not Message.objects.exists()
