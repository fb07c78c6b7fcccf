"""A departure and an unpaid rent, declared together as a landlord does it; then corrected."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from parvis.declarations.models import Declaration
from parvis.identity.models import Session
from parvis.tenancies.models import Tenancy
from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.factories.landlords import Owner
from tests.factories.papers import PAPER
from tests.factories.tenancies import tenancy
from tests.factories.users import administrator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def let(watch: Watch, folders: Settings) -> tuple[Owner, Tenancy]:
    """A landlord with one tenant, paid to the tenant."""
    watch.set_to(office.MORNING)
    me = steps.regular(administrator())
    return me, tenancy(me.landlord, start_on=date(2021, 10, 24), charges_cents=4_000, direct_payment=False)


@pytest.fixture(params=steps.HABITS)
def letting(
    request: pytest.FixtureRequest, someone: OpensABrowser, watch: Watch, let: tuple[Owner, Tenancy]
) -> tuple[Person, str]:
    """The landlord signed in at each kind of browser, and the address of their tenant's sheet."""
    me, rented = let
    width, theme, script = request.param
    person = someone(width=width, theme=theme, script=script)
    steps.signs_in(person, watch, me)
    return person, f"/c/{me.account.reference}/bailleur/locataires/{rented.reference}/"


def _answers(person: Person, **chosen: str) -> None:
    for name, value in chosen.items():
        person.page.locator(f"input[name={name}][value={value}]").check(force=True)


def test_two_declarations_leave_together_and_one_is_corrected(letting: tuple[Person, str]) -> None:
    person, sheet = letting
    person.goes(sheet)
    person.looks("Lina Moreau")
    _answers(person, kinds="arrears")
    _answers(person, kinds="move_out")
    person.presses("Déclarer")
    _unpaid(person)
    _departure(person, "31/07/2026")
    person.looks("Vérifiez avant de transmettre")
    assert "1 300,00 €" in person.words
    person.presses("Transmettre")
    person.looks("2")
    assert "déclarations transmises" in person.words
    assert "déclarations transmises" in person.prints()[0]
    person.follows("Suivre ou corriger : Déménagement du locataire")
    person.looks("Déménagement du locataire")
    person.presses("Corriger")
    assert "Vous corrigez une déclaration transmise" in person.words
    _departure(person, "30/07/2026", filled=True)
    person.presses("Transmettre")
    person.looks("1")
    person.goes(sheet.split("locataires/")[0] + "declarations/")
    person.looks("Mes déclarations")
    assert "Corrigé" in person.words


def test_three_kinds_leave_at_once_with_a_paper_and_a_mistake_is_taken_back(letting: tuple[Person, str]) -> None:
    person, sheet = letting
    person.goes(f"{sheet}declarer/")
    for kind in ("arrears", "death", "move_out"):
        _answers(person, kinds=kind)
    person.presses("Déclarer")
    assert "Le décès suffit" in person.words
    person.presses("Retirer : Déménagement du locataire")
    _waits_then_declares(person)
    person.looks("Décès du locataire")
    person.goes(f"{sheet}declarer/")
    _answers(person, kinds="lease_holders")
    person.presses("Déclarer")
    person.goes(f"{sheet}declarer/lease_holders/")
    _holders(person)
    _death(person)
    person.looks("Vérifiez avant de transmettre")
    assert "acte.pdf" in person.words
    person.presses("Transmettre")
    person.looks("3")
    assert "Règle appliquée" in person.words
    paper = person.page.request.get(person.page.url + "pdf/")
    assert paper.body().startswith(b"%PDF")
    person.follows("Suivre ou corriger : Décès du locataire")
    person.looks("Décès du locataire")
    person.presses("Annuler cette déclaration")
    person.looks("Vérifiez avant de transmettre")
    assert "n’a pas eu lieu" in person.words
    person.presses("Transmettre")
    person.looks("1")


def _waits_then_declares(person: Person) -> None:
    """Below the threshold one may wait; then the debt is higher after all."""
    person.looks("Déclaration d’un impayé")
    person.types("Somme due aujourd’hui, loyer et charges", "600")
    person.page.locator("#id_since").fill("05/2026")
    _answers(person, paid_this_month="no", in_place="yes", plan="no", direct_payment="no")
    person.presses("Continuer")
    assert "Un point à confirmer En dessous du seuil" in person.words
    assert person.page.locator("#id_remind_on").input_value() != ""
    person.looks("Déclaration d’un impayé")
    person.types("Somme due aujourd’hui, loyer et charges", "1 300")
    person.presses("Continuer")


def _holders(person: Person) -> None:
    person.looks("Nouvelle colocation")
    _answers(person, change="arrival", lease="single")
    person.types("Date du changement", "01/08/2026")
    person.types("Nombre de titulaires du bail ensuite", "2")
    person.page.locator("#id_total").fill("525")
    person.page.locator("#id_shares").fill("270; 270")
    person.presses("Continuer")
    assert "Le total des parts" in person.words
    person.page.locator("#id_shares").fill("265; 260")
    person.presses("Continuer")


def _death(person: Person) -> None:
    person.looks("Décès du locataire")
    _answers(person, who="claimant", stays="unknown")
    person.page.set_input_files(
        "#id_papers", files=[{"name": "acte.pdf", "mimeType": "application/pdf", "buffer": PAPER}]
    )
    person.presses("Continuer")


def _unpaid(person: Person) -> None:
    """Wrong at first: what was typed stays; then right."""
    person.looks("Déclaration d’un impayé")
    person.types("Somme due aujourd’hui, loyer et charges", "beaucoup")
    person.presses("Continuer")
    person.looks("Déclaration d’un impayé")
    assert "n’est pas un montant" in person.words
    assert person.page.get_by_label("Somme due aujourd’hui, loyer et charges", exact=True).input_value() == "beaucoup"
    person.types("Somme due aujourd’hui, loyer et charges", "1 300")
    person.page.locator("#id_since").fill("05/05/2026")
    _answers(person, paid_this_month="no", in_place="yes", plan="no", direct_payment="no")
    person.presses("Continuer")


def _departure(person: Person, keys_on: str, *, filled: bool = False) -> None:
    person.looks("Déménagement du locataire")
    person.types("Date de remise des clés", keys_on)
    if not filled:
        _answers(person, notice="yes", last_month_paid="yes", stays="no", debt_left="yes")
    person.presses("Continuer")


def test_what_is_typed_survives_a_closed_tab_a_session_that_ends_and_a_cut_connection(
    someone: OpensABrowser, watch: Watch, let: tuple[Owner, Tenancy]
) -> None:
    me, rented = let
    person = someone(width=320, theme="light", script=True)
    steps.signs_in(person, watch, me)
    here = f"/c/{me.account.reference}/bailleur/locataires/{rented.reference}/declarer/"
    person.goes(here)
    _answers(person, kinds="arrears")
    person.presses("Déclarer")
    debt, saved = person.page.locator("#id_debt"), person.page.locator("[data-saved]")
    debt.fill("1 300")
    expect(saved).to_contain_text("Enregistré à")
    person.goes(f"{here}arrears/")
    assert debt.input_value() == "1 300"
    person.context.set_offline(True)
    debt.fill("1 400")
    alert = person.page.locator("[data-unsaved]")
    expect(alert).to_contain_text("connexion internet est coupée")
    person.context.set_offline(False)
    person.complaints.clear()
    expect(saved).to_contain_text("Enregistré à")
    assert Declaration.objects.get().answers["debt"] == "1 400"
    Session.objects.update(ends_at=watch.now())
    debt.fill("1 500")
    expect(alert).to_contain_text("vous n’êtes plus connecté")
    person.looks("Déclaration d’un impayé")
    person.page.once("dialog", lambda asked: asked.accept())
    person.page.reload()
    assert "avec ce qui y était déjà enregistré" in person.words
    person.types("Identifiant ou adresse mail", me.account.login_id)
    person.types("Mot de passe", steps.OWN_PASSWORD)
    person.presses("Connexion")
    person.looks("Déclaration d’un impayé")
    assert debt.input_value() == "1 500"
    expect(saved).to_contain_text("Enregistré à")
    assert Declaration.objects.get().answers["debt"] == "1 500"


def test_nothing_typed_stays_on_the_device_after_a_day_nor_after_signing_out(
    someone: OpensABrowser, watch: Watch, let: tuple[Owner, Tenancy]
) -> None:
    me, _ = let
    person = someone(width=1280, theme="light", script=True)
    steps.signs_in(person, watch, me)
    shelved = (
        """([key, age]) => localStorage.setItem(key, JSON.stringify({at: Date.now() - age, seen: "", answers: []}))"""
    )
    left = "() => Object.keys(localStorage).filter((key) => /^(kept|grid):/.test(key))"
    person.page.evaluate(shelved, ["kept:/old/", 86_400_001])
    person.page.evaluate(shelved, ["kept:/new/", 0])
    person.page.reload()
    assert person.page.evaluate(left) == ["kept:/new/"]
    person.page.evaluate(shelved, ["grid:X:rent-a", 7 * 86_400_000 + 1])
    person.page.evaluate(shelved, ["grid:X:rent-b", 7 * 86_400_000 - 60_000])
    person.page.evaluate("localStorage.setItem('grid:X:rent-c', '525')")
    person.page.reload()
    assert sorted(person.page.evaluate(left)) == ["grid:X:rent-b", "kept:/new/"]
    person.page.route("**/deconnexion/", lambda route: route.fulfill(status=204))
    person.presses("Déconnexion", within="header")
    assert person.page.evaluate(left) == []


def test_a_reason_that_is_chosen_is_not_said_to_be_saved(
    someone: OpensABrowser, watch: Watch, let: tuple[Owner, Tenancy]
) -> None:
    me, rented = let
    person = someone(width=1280, theme="light", script=True)
    steps.signs_in(person, watch, me)
    person.goes(f"/c/{me.account.reference}/bailleur/locataires/{rented.reference}/declarer/")
    _answers(person, kinds="arrears")
    person.presses("Déclarer")
    _unpaid(person)
    person.goes(f"/c/{me.account.reference}/bailleur/locataires/{rented.reference}/declarer/arrears/")
    debt, saved = person.page.locator("#id_debt"), person.page.locator("[data-saved]")
    debt.fill("300")
    expect(saved).to_contain_text("Enregistré à")
    person.presses("Continuer")
    posts: list[str] = []
    person.page.on("request", lambda asked: posts.append(asked.method) if asked.method == "POST" else None)
    person.page.locator("[name=motif-below_threshold]").select_option("Autre")
    person.page.wait_for_timeout(1_000)
    assert posts == []
    expect(saved).to_be_empty()
