"""Declaring about one tenancy, page by page, without scripts: nothing typed is lost, nothing leaves before the last click."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.declarations.models import Bundle, Declaration, Receipt
from parvis.kit import clock
from parvis.tenancies.models import Tenancy
from tests.declarations.bundles.test_bundles import OWED, let
from tests.declarations.kinds.test_kinds import LEFT
from tests.factories.declarations import NOW
from tests.factories.landlords import Owner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def at(me: Owner, rented: Tenancy, name: str = "declare", *more: str) -> str:
    return reverse(name, args=[me.account.reference, rented.reference, *more])


def page_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(cle|vu)" value="([^"]+)"', page))


def marks(page: str) -> dict[str, str]:
    """What the boxes of a page stand beside, as the page posts it."""
    return dict(re.findall(r'<input type="hidden" name="(vu-[a-z_]+)" value="([^"]+)"', page))


def ready(me: Owner, rented: Tenancy) -> Client:
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["move_out"]})
    answer = browser.post(at(me, rented, "declare-step", "move_out"), LEFT)
    assert answer["Location"] == at(me, rented, "declare-check")
    return browser


def test_a_departure_and_an_unpaid_rent_are_sent_in_one_click() -> None:
    me, rented = let()
    browser = me.browser()
    answer = browser.post(at(me, rented), {"kinds": ["move_out", "arrears"]})
    assert answer["Location"] == at(me, rented, "declare-step", "arrears")
    page = page_of(browser.get(answer["Location"]))
    assert "Déclaration 1 sur 2" in page
    assert "Seuil\u00a0: 2 × (loyer 525,00 + charges 0,00) = 1\u00a0050,00\u00a0€" in page
    answer = browser.post(answer.headers["Location"], OWED)
    assert answer["Location"] == at(me, rented, "declare-step", "move_out")
    answer = browser.post(answer["Location"], LEFT)
    check = page_of(browser.get(answer["Location"]))
    for words in ("1\u00a0300,00\u00a0€", "10/07/2026", "Modifier", "je certifie"):
        assert words in check, words
    assert not Receipt.objects.exists()
    answer = browser.post(at(me, rented, "declare-send"), hidden(check))
    receipt = page_of(browser.get(answer["Location"]))
    assert "2\u00a0déclarations transmises" in receipt
    assert "Déclaration d’un impayé" in receipt
    pdf = browser.get(answer["Location"] + "pdf/")
    assert pdf.content.startswith(b"%PDF")
    again = browser.post(at(me, rented, "declare-send"), hidden(check))
    assert again["Location"] == answer["Location"]
    assert Receipt.objects.count() == 1


def test_what_is_wrong_comes_back_with_what_was_typed() -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["move_out"]})
    page = page_of(browser.post(at(me, rented, "declare-step", "move_out"), {**LEFT, "keys_on": "bientôt"}))
    assert "Erreur" in page
    assert "Écrivez une date" in page
    assert 'value="bientôt"' in page
    again = page_of(me.browser().get(at(me, rented, "declare-step", "move_out")))
    assert 'value="bientôt"' in again


@pytest.mark.parametrize(
    "typed", ["x" * 10_000, "<script>alert(1)</script>", "'; DROP TABLE x; --", "日本", "\x00\u202e"]
)
def test_any_words_are_kept_shown_and_never_break_the_page(typed: str) -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["move_out"]})
    page = page_of(
        browser.post(at(me, rented, "declare-step", "move_out"), {**LEFT, "new_address": typed, "keys_on": ""})
    )
    assert "<script>alert" not in page
    if len(typed) > 200:
        assert "200\u00a0caractères au maximum" in page or "200 caractères au maximum" in page


def test_an_unusual_answer_is_confirmed_on_the_page() -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["arrears"]})
    step = at(me, rented, "declare-step", "arrears")
    page = page_of(browser.post(step, {**OWED, "debt": "300"}))
    assert "En dessous du seuil" in page
    assert page_of(browser.get(at(me, rented, "declare-check"), follow=True)) != ""
    answer = browser.post(step, {**OWED, "debt": "300", "sur-below_threshold": "on", **marks(page)})
    assert answer["Location"] == at(me, rented, "declare-check")


def test_later_keeps_everything_and_home_says_so() -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["move_out"]})
    answer = browser.post(at(me, rented, "declare-step", "move_out"), {**LEFT, "plus-tard": "1"})
    assert answer["Location"] == reverse("tenant", args=[me.account.reference, rented.reference])
    assert "n’est pas transmise" in page_of(browser.get(answer["Location"]))
    assert rented.name in page_of(browser.get(reverse("landlord-home", args=[me.account.reference])))
    assert Declaration.objects.get().state == "draft"


def test_pairs_are_explained_and_nothing_is_lost() -> None:
    me, rented = let()
    page = page_of(me.browser().post(at(me, rented), {"kinds": ["death", "move_out"]}))
    assert "Le décès suffit" in page
    assert 'name="retirer" value="move_out"' in page
    assert page.count("checked") >= 2
    assert not Bundle.objects.exists()


def test_nothing_picked_is_said() -> None:
    me, rented = let()
    assert "Sélectionnez au moins une déclaration" in page_of(me.browser().post(at(me, rented), {}))


def test_a_stale_check_page_sends_nothing() -> None:
    me, rented = let()
    browser = ready(me, rented)
    check = hidden(page_of(browser.get(at(me, rented, "declare-check"))))
    browser.post(at(me, rented, "declare-step", "move_out"), {**LEFT, "keys_on": "11/07/2026"})
    page = page_of(browser.post(at(me, rented, "declare-send"), check, follow=True))
    assert "Rien n’est transmis" in page
    assert not Receipt.objects.exists()


def test_what_was_sent_is_found_followed_and_corrected() -> None:
    me, rented = let()
    browser = ready(me, rented)
    browser.post(at(me, rented, "declare-send"), hidden(page_of(browser.get(at(me, rented, "declare-check")))))
    listed = page_of(browser.get(reverse("declarations", args=[me.account.reference])))
    assert "Déménagement du locataire" in listed
    sent = Declaration.objects.get()
    one = reverse("declaration", args=[me.account.reference, sent.opaque])
    assert "Corriger" in page_of(browser.get(one))
    answer = browser.post(reverse("declaration-correct", args=[me.account.reference, sent.opaque]))
    assert answer["Location"] == at(me, rented, "declare-step", "move_out")
    step = page_of(browser.get(answer["Location"]))
    assert "Vous corrigez une déclaration transmise" in step
    assert 'value="10/07/2026"' in step
    browser.post(answer["Location"], {**LEFT, "keys_on": "12/07/2026"})
    check = hidden(page_of(browser.get(at(me, rented, "declare-check"))))
    browser.post(at(me, rented, "declare-send"), check)
    assert "Remplacée" in page_of(browser.get(one))


@pytest.mark.parametrize("query", ["?quoi=arrears", "?etat=refusees", "?quoi=%00&etat=x&apres=y", "?apres=" + "0" * 32])
def test_the_list_answers_any_filter(query: str) -> None:
    me, rented = let()
    browser = ready(me, rented)
    browser.post(at(me, rented, "declare-send"), hidden(page_of(browser.get(at(me, rented, "declare-check")))))
    page_of(browser.get(reverse("declarations", args=[me.account.reference]) + query))


def test_the_july_rent_is_a_step_like_the_others() -> None:
    me, rented = let()
    browser = me.browser()
    browser.post(at(me, rented), {"kinds": ["july_rent"]})
    step = at(me, rented, "declare-step", "july_rent")
    assert "n’est pas un montant" in page_of(browser.post(step, {"rent": "abc"}))
    page = page_of(browser.post(step, {"rent": "52,50"}))
    assert "10\u00a0fois" in page
    answer = browser.post(step, {"rent": "525"})
    check = page_of(browser.get(answer["Location"]))
    assert "525,00\u00a0€" in check
    answer = browser.post(at(me, rented, "declare-send"), hidden(check))
    assert "1\u00a0loyer transmis" in page_of(browser.get(answer["Location"]))
