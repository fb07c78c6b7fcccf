"""The forms of a change under hands that leave before they are done; and the IBAN, of which nothing stays."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from parvis.changes.models import ChangeDraft
from parvis.tenancies.models import Tenancy
from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.factories.changes import IBAN
from tests.factories.landlords import Owner
from tests.factories.tenancies import tenancy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LEFT = "() => JSON.stringify({...localStorage, ...sessionStorage})"


@pytest.fixture
def two(watch: Watch, folders: Settings) -> tuple[Owner, list[Tenancy]]:
    """Two tenants whose aid goes to them."""
    watch.set_to(office.MORNING)
    me = steps.regular()
    return me, [tenancy(me.landlord, last_name=name, direct_payment=False) for name in ("Arnaud", "Bertin")]


def test_what_is_typed_is_there_again_and_the_iban_nowhere(
    someone: OpensABrowser, watch: Watch, two: tuple[Owner, list[Tenancy]]
) -> None:
    me, rented = two
    person = someone(width=320, theme="light", script=True)
    steps.signs_in(person, watch, me)
    own, saved = f"/c/{me.account.reference}/bailleur/", person.page.locator("[data-saved]")
    person.goes(f"{own}informations/adresse/")
    person.page.locator("#id_address_1").fill("3 place du Bouffay")
    expect(saved).to_contain_text("Enregistré à")
    person.goes(f"{own}informations/adresse/")
    assert person.page.locator("#id_address_1").input_value() == "3 place du Bouffay"
    person.goes(f"{own}versement-direct/demander/")
    for of in rented:
        person.page.locator(f"input[value='{of.reference}']").check(force=True)
    expect(saved).to_contain_text("Enregistré à")
    person.goes(f"{own}versement-direct/demander/")
    expect(person.page.locator("input[name=tenancies]:checked")).to_have_count(2)
    person.goes(f"{own}coordonnees-bancaires/changer/")
    person.page.locator("#id_iban").fill(IBAN)
    person.page.locator("#id_holder").fill("Une autre personne")
    expect(saved).to_contain_text("Enregistré à")
    person.context.set_offline(True)
    person.page.locator("#id_holder").fill("Encore une autre")
    expect(person.page.locator("[data-unsaved]")).to_contain_text("connexion internet est coupée")
    assert "Encore une autre" in person.page.evaluate(LEFT)
    assert IBAN not in person.page.evaluate(LEFT)
    person.context.set_offline(False)
    person.complaints.clear()
    expect(saved).to_contain_text("Enregistré à")
    person.goes(f"{own}coordonnees-bancaires/changer/")
    assert person.page.locator("#id_holder").input_value() == "Encore une autre"
    assert person.page.locator("#id_iban").input_value() == ""
    assert IBAN not in str(list(ChangeDraft.objects.values()))


def test_a_message_outlives_the_session_it_was_typed_in(
    someone: OpensABrowser, watch: Watch, two: tuple[Owner, list[Tenancy]]
) -> None:
    me, _ = two
    person = someone(width=320, theme="dark", script=True)
    steps.signs_in(person, watch, me)
    here = f"/c/{me.account.reference}/bailleur/messages/ecrire/"
    person.goes(here)
    person.page.locator("#id_text").fill("Ma locataire demande quand son aide reprend.")
    expect(person.page.locator("[data-saved]")).to_contain_text("Enregistré à")
    person.context.clear_cookies()
    steps.signs_in(person, watch, me)
    person.goes(here)
    assert person.page.locator("#id_text").input_value() == "Ma locataire demande quand son aide reprend."
    person.clicks(person.page.get_by_role("button", name="Effacer le brouillon"))
    expect(person.page.locator("#id_text")).to_have_value("")
    person.looks("Écrire à votre caisse")
