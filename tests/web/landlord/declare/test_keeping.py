"""A declaration keeps itself while it is answered, and nothing says « enregistrée » where it is not."""

from __future__ import annotations

from re import search

import pytest
from django.urls import reverse

from parvis.declarations.models import Declaration
from parvis.identity.models import Session
from parvis.kit import clock
from tests.declarations.bundles.test_bundles import OWED, answered, chosen, let, sent
from tests.factories import declarations as made
from tests.factories.declarations import NOW, typed
from tests.factories.landlords import Owner, owner
from tests.web.landlord.test_declare import at, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def the_session_ends() -> None:
    """Half an hour of silence."""
    Session.objects.update(ends_at=NOW)


def test_half_an_answer_is_kept_without_being_judged_and_the_server_says_when() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    step, browser = at(me, rented, "declare-step", "arrears"), me.browser()
    told = browser.post(step, {"garder": "1", "version": "", "debt": "13", "since": "05/"})
    assert told.json()["saved"].startswith("Enregistré à ")
    draft = Declaration.objects.get()
    assert draft.answers == {"debt": "13", "since": "05/"}
    again = browser.post(step, {"garder": "1", "version": told.json()["version"], "debt": "1 300"})
    assert again.status_code == 200
    page = page_of(browser.get(step))
    assert 'value="1 300"' in page
    assert f'data-keep="{again.json()["version"]}"' in page


def test_the_july_rent_of_a_step_keeps_itself_too() -> None:
    me, rented = let()
    chosen(me, rented, "july_rent")
    step = at(me, rented, "declare-step", "july_rent")
    assert me.browser().post(step, {"garder": "1", "rent": "531,00"}).status_code == 200
    assert 'value="531,00"' in page_of(me.browser().get(step))


def test_half_an_amount_does_not_overwrite_what_a_colleague_saved_in_the_grid() -> None:
    me, rented = let()
    chosen(me, rented, "july_rent")
    step, browser = at(me, rented, "declare-step", "july_rent"), me.browser()
    shown = search('data-keep="([^"]*)"', page_of(browser.get(step)))
    assert shown is not None
    typed(owner(me.landlord), rented, "540,00")
    refused = browser.post(step, {"garder": "1", "version": shown[1], "rent": "52"})
    assert refused.status_code == 409
    assert "changé entre-temps" in refused.json()["sentence"]
    assert made.draft_of().typed == "540,00"
    again = search('data-keep="([^"]*)"', page_of(browser.get(step)))
    assert again is not None
    kept = browser.post(step, {"garder": "1", "version": again[1], "rent": "525"})
    assert kept.status_code == 200
    assert browser.post(step, {"garder": "1", "version": kept.json()["version"], "rent": "526"}).status_code == 200
    assert made.draft_of().typed == "526"


def test_what_a_colleague_saved_meanwhile_is_not_overwritten_and_too_long_an_answer_is_not_kept() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    answered(me, rented, "arrears", OWED)
    step = at(me, rented, "declare-step", "arrears")
    for words in ({"version": "", "debt": "1"}, {"version": "", "debt": "9" * 5_000}):
        refused = me.browser().post(step, {"garder": "1", **words})
        assert refused.status_code == 409
        assert refused.json()["sentence"]
    assert Declaration.objects.get().answers == OWED


def test_nothing_is_kept_of_what_was_sent_meanwhile_nor_for_a_stranger() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    answered(me, rented, "arrears", OWED)
    step = at(me, rented, "declare-step", "arrears")
    assert owner().browser().post(step, {"garder": "1", "debt": "1"}).status_code == 404
    sent(me, rented)
    refused = me.browser().post(step, {"garder": "1", "debt": "1"})
    assert refused.status_code == 409
    assert "transmise ou retirée" in refused.json()["sentence"]
    assert Declaration.objects.count() == 1


def signed_out_by_a_form(me: Owner, address: str) -> str:
    """Where a form posted after the end of the session leads."""
    browser = me.browser()
    the_session_ends()
    answer = browser.post(address, {"street": "1 rue Neuve", "debt": "1 300"})
    assert answer.status_code == 302
    page = page_of(browser.get(answer["Location"]))
    assert "Votre dernier envoi n’est pas enregistré." in page
    assert "Votre saisie est enregistrée" not in page
    return str(answer["Location"])


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page_and_says_it_is_lost() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    step = at(me, rented, "declare-step", "arrears")
    place = signed_out_by_a_form(me, step)
    assert f"suite={step.replace('/', '%2F')}" in place
    assert not Declaration.objects.exists()


@pytest.mark.parametrize("name", ["change-address", "bank-change", "direct-payment-ask"])
def test_so_do_the_forms_that_keep_nothing(name: str) -> None:
    me, _ = let()
    address = reverse(name, args=[me.account.reference])
    assert "suite=" in signed_out_by_a_form(me, address)


def test_a_page_asked_for_after_the_session_ended_promises_only_what_is_kept() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    browser, step = me.browser(), at(me, rented, "declare-step", "arrears")
    the_session_ends()
    page = page_of(browser.get(browser.get(step)["Location"]))
    assert "Votre saisie est enregistrée" not in page
    assert "vous revenez à la même page, avec ce qui y était déjà enregistré" in page
    assert "Votre dernier envoi" not in page


def test_a_page_sent_while_it_keeps_itself_does_not_contradict_itself_but_a_colleague_it_does() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    step = at(me, rented, "declare-step", "arrears")
    me.browser().post(step, {"garder": "1", "version": "", "debt": "1"})
    mine = {**OWED, "version": "", "en-cours": "1"}
    assert "ont changé entre-temps" in page_of(me.browser().post(step, {**mine, "en-cours": ""}))
    assert me.browser().post(step, mine)["Location"] == at(me, rented, "declare-check")
    colleague = owner(me.landlord)
    answered(colleague, rented, "arrears", {**OWED, "debt": "1 400"})
    assert "ont changé entre-temps" in page_of(me.browser().post(step, mine))
    assert Declaration.objects.get().answers["debt"] == "1 400"
