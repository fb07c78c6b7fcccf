"""What helps over several accounts at once: the rents known, taken over in each; one form to print, a part an account."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from parvis.audit.models import Entry
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.landlords.models import Habilitation
from parvis.web.landlord.views.july import across_helping
from tests.factories import declarations as made
from tests.factories.declarations import NOW, typed
from tests.factories.landlords import landlord, owner
from tests.web.landlord.july_pages.across.test_across import GRID, kept, rented, said, two_accounts
from tests.web.landlord.july_pages.test_paper import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_known_rents_are_taken_over_in_every_account_and_nothing_leaves() -> None:
    me, other, mine, _ = two_accounts()
    typed(me, mine, "515")
    second = rented(me, "Benali")
    client = me.browser()
    assert reverse("rents-across-prefill") in said(client.get(GRID))
    page = said(client.get(reverse("rents-across-prefill")))
    assert "lignes vides de 2 comptes" in page
    assert kept() == {"Abadie": (me.account.reference, 51_500)}
    made.campaign()
    page = said(client.post(reverse("rents-across-prefill"), follow=True))
    assert "2 loyers repris dans 2 comptes. Vérifiez chaque ligne : rien n’est transmis." in page
    assert kept() == {
        "Abadie": (me.account.reference, 51_500),
        "Benali": (me.account.reference, 52_500),
        "Zola": (other.account.reference, 52_500),
    }
    assert second.declarations.count() == 0
    assert set(Entry.objects.filter(event="declarations.prefilled").values_list("partner_id", flat=True)) == {
        me.landlord.pk, other.landlord.pk,
    }  # fmt: skip
    again = said(client.post(reverse("rents-across-prefill"), follow=True))
    assert "Aucun loyer connu à reprendre sur les lignes vides." in again


def test_only_the_accounts_asked_for_are_filled() -> None:
    me, other, *_ = two_accounts()
    query = f"?compte={other.account.reference}"
    me.browser().post(reverse("rents-across-prefill") + query)
    assert list(kept()) == ["Zola"]


def test_an_account_where_one_may_not_declare_is_neither_filled_nor_printed() -> None:
    me, other, *_ = two_accounts()
    Habilitation.objects.filter(account=other.account, right=Right.DECLARE).delete()
    client = me.browser()
    client.post(reverse("rents-across-prefill"))
    assert list(kept()) == ["Abadie"]
    assert "ZOLA" not in words_of(client.get(reverse("rents-across-paper-pdf"))).upper()


def test_a_click_fills_so_many_accounts_and_says_that_others_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    me, *_ = two_accounts()
    rented(owner(landlord(company_name="SCI des Ormes"), credential=me.account.credential), "Colin")
    made.campaign()
    monkeypatch.setattr(across_helping, "AT_ONCE", 2)
    client = me.browser()
    page = said(client.post(reverse("rents-across-prefill"), follow=True))
    assert "Pré-remplissez à nouveau pour les suivants." in page
    assert len(kept()) == 2
    client.post(reverse("rents-across-prefill"))
    assert len(kept()) == 3


def test_one_form_has_a_part_for_each_account_and_is_noted_in_each() -> None:
    me, other, *_ = two_accounts()
    client = me.browser()
    assert reverse("rents-across-paper") in said(client.get(GRID))
    page = said(client.get(reverse("rents-across-paper")))
    assert "Un seul formulaire pour 2 comptes" in page
    assert "Les Deux Rives" in page
    assert "À renvoyer avant le 30 septembre 2026." in page
    words = words_of(client.get(reverse("rents-across-paper-pdf")))
    for one in ("Abadie", "Zola", "Alliance Familiale", "Les Deux Rives", "Signature"):
        assert one in words, one
    noted = Entry.objects.filter(event="tenancies.exported")
    assert {(entry.partner_id, entry.details["rows"]) for entry in noted} == {
        (me.landlord.pk, 1), (other.landlord.pk, 1),
    }  # fmt: skip
    query = f"?compte={other.account.reference}"
    words = words_of(client.get(reverse("rents-across-paper-pdf") + query))
    assert "Zola" in words
    assert "Abadie" not in words


def test_the_form_is_cut_where_it_is_full_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    me, *_ = two_accounts()
    monkeypatch.setattr(across_helping, "MOST_TENANTS", 1)
    page = said(me.browser().get(reverse("rents-across-paper")))
    assert "Le formulaire tient 1 locataires." in page
    assert "Un seul formulaire pour 1 compte" in page


@pytest.mark.parametrize("name", ["rents-across-prefill", "rents-across-paper", "rents-across-paper-pdf"])
def test_whoever_has_nothing_to_declare_or_is_not_in_is_led_elsewhere(name: str) -> None:
    two_accounts()
    stranger = owner()
    assert stranger.browser().get(reverse(name)).status_code == 302
    assert stranger.browser().post(reverse(name)).status_code in (302, 405)
    assert Client().get(reverse(name)).status_code == 302
    assert Client().post(reverse(name)).status_code in (302, 405)
    assert kept() == {}
