"""A departure and an unpaid rent, declared together as a landlord does it; then corrected."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import Settings

from parvis.identity import passwords
from parvis.tenancies.models import Tenancy
from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.factories.landlords import Owner
from tests.factories.tenancies import tenancy
from tests.factories.users import administrator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def letting(watch: Watch, folders: Settings) -> tuple[Owner, Tenancy]:
    """A landlord with one tenant, paid to the tenant."""
    watch.set_to(office.MORNING)
    me = administrator()
    credential = me.account.credential
    credential.password = passwords.hashed(steps.OWN_PASSWORD)
    credential.save()
    return me, tenancy(me.landlord, start_on=date(2021, 10, 24), charges_cents=4_000, direct_payment=False)


def _answers(person: Person, **chosen: str) -> None:
    for name, value in chosen.items():
        person.page.locator(f"input[name={name}][value={value}]").check(force=True)


@pytest.mark.parametrize("habits", steps.HABITS)
def test_two_declarations_leave_together_and_one_is_corrected(
    habits: tuple[int, str, bool], someone: OpensABrowser, watch: Watch, letting: tuple[Owner, Tenancy]
) -> None:
    me, rented = letting
    width, theme, script = habits
    person = someone(width=width, theme=theme, script=script)
    steps.signs_in(person, watch, me)
    person.goes(f"/c/{me.account.reference}/bailleur/locataires/{rented.reference}/")
    person.looks("Lina Moreau")
    _answers(person, kinds="arrears")
    _answers(person, kinds="move_out")
    person.presses("Déclarer")
    _unpaid(person)
    _departure(person, "31/07/2026")
    person.looks("Vérifiez avant de transmettre")
    assert "1 300,00 €" in person.words.replace("\u00a0", " ")
    person.presses("Transmettre")
    person.looks("2")
    assert "déclarations transmises" in person.words
    person.follows("Suivre ou corriger : Déménagement du locataire")
    person.looks("Déménagement du locataire")
    person.presses("Corriger")
    assert "Vous corrigez une déclaration transmise" in person.words
    _departure(person, "30/07/2026", filled=True)
    person.presses("Transmettre")
    person.looks("1")
    person.goes(f"/c/{me.account.reference}/bailleur/declarations/")
    person.looks("Mes déclarations")
    assert "Corrigé" in person.words


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
