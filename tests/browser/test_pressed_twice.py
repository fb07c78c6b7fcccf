"""The last button of each sending, pressed twice, then in another tab, then by a colleague: one act, one number for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from parvis.changes.models import ChangeRequest
from parvis.declarations.models import Declaration, Receipt
from parvis.tenancies.models import Tenancy
from tests.browser import office, post_office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.factories import declarations
from tests.factories.changes import IBAN
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Story = tuple[Owner, Tenancy]
Act = Callable[[Person, str, Tenancy], str]
"""What leads to the last page; the words of its button."""


@pytest.fixture
def story(watch: Watch, folders: Settings) -> Story:
    """A landlord and the tenant whose rent of last July is known."""
    watch.set_to(office.MORNING)
    me = steps.regular()
    rented = tenancy(me.landlord, start_on=date(2021, 10, 24))
    july_rent(rented, declarations.YEAR - 1, 51_200)
    declarations.campaign()
    return me, rented


@pytest.fixture(params=steps.HABITS)
def person(request: pytest.FixtureRequest, someone: OpensABrowser, watch: Watch, story: Story) -> Person:
    width, theme, script = request.param
    made = someone(width=width, theme=theme, script=script)
    steps.signs_in(made, watch, story[0])
    return made


def july(person: Person, home: str, rented: Tenancy) -> str:
    """The grid, to its check page."""
    person.goes(f"{home}loyers/")
    person.page.locator(f"#r-{rented.reference}").fill("515")
    person.presses("Vérifier et transmettre")
    person.arrives("**/loyers/verifier/**")
    return "Transmettre à"


def bundle(person: Person, home: str, rented: Tenancy) -> str:
    """A departure, to its check page."""
    person.goes(f"{home}locataires/{rented.reference}/declarer/")
    person.page.locator("input[name=kinds][value=move_out]").check(force=True)
    person.presses("Déclarer")
    person.types("Date de remise des clés", "31/07/2026")
    for name, value in (("notice", "yes"), ("last_month_paid", "yes"), ("stays", "no"), ("debt_left", "no")):
        person.page.locator(f"input[name={name}][value={value}]").check(force=True)
    person.presses("Continuer")
    person.arrives("**/declarer/verifier/")
    return "Transmettre à"


@pytest.mark.parametrize("act", [july, bundle])
def test_two_clicks_two_tabs_and_two_colleagues_have_one_receipt(
    act: Act, person: Person, story: Story, someone: OpensABrowser, watch: Watch
) -> None:
    me, rented = story
    button = act(person, _home(me), rented)
    colleague = steps.regular(owner(me.landlord))
    other = someone()
    steps.signs_in(other, watch, colleague)
    other.goes(person.path.replace(me.account.reference, colleague.account.reference))
    first, second = _in_two_tabs(person)
    _presses_twice(person, first, button)
    person.arrives("**/accuses/AR-*/")
    number = Receipt.objects.get().number
    person.looks_at(second)
    for late in (person, other):
        late.presses(button)
        late.arrives(f"**/accuses/{number}/")
        late.looks("1 ")
    assert (Receipt.objects.count(), Declaration.objects.count()) == (1, 1)


def test_a_file_confirmed_by_two_clicks_in_two_tabs_has_one_receipt(
    person: Person, story: Story, tmp_path: Path
) -> None:
    person.goes(f"{_home(story[0])}fichiers/")
    header, row = steps.comes_down(person, "Télécharger (CSV)", tmp_path / "loyers.csv")
    steps.goes_up(person, tmp_path / "complet.csv", [header, [*row[:-2], "515,00", ""]], "Contrôler le fichier")
    person.reads("1 prêt")
    first, second = _in_two_tabs(person)
    _presses_twice(person, first, "Confirmer")
    person.reads("1 loyer transmis")
    number = Receipt.objects.get().number
    person.looks_at(second)
    person.presses("Confirmer")
    person.reads("1 loyer transmis")
    person.reads(number)
    person.looks("1 loyer transmis")
    assert (Receipt.objects.count(), Declaration.objects.count()) == (1, 1)


def test_another_account_confirmed_by_two_clicks_in_two_tabs_is_asked_once(
    person: Person, story: Story, watch: Watch
) -> None:
    person.goes(f"{_home(story[0])}coordonnees-bancaires/changer/")
    person.types("IBAN", IBAN)
    person.page.get_by_role("button", name="Continuer").dblclick()
    person.arrives("**/code/")
    first, second = _in_two_tabs(person)
    post_office.deliver(at=watch.now())
    digits = post_office.code(post_office.email_to(steps.mailbox(story[0]), "coordonnées bancaires"))
    first.get_by_label("Code à 6 chiffres").fill(digits)
    _presses_twice(person, first, "Valider")
    person.arrives("**/demandes/*/")
    asked = ChangeRequest.objects.filter(state="held")
    number = asked.get().number
    person.looks_at(second)
    person.types("Code à 6 chiffres", digits)
    person.presses("Valider")
    person.arrives(f"**/demandes/{number}/")
    person.looks()
    assert asked.get().number == number


def _home(me: Owner) -> str:
    return f"/c/{me.account.reference}/bailleur/"


def _presses_twice(person: Person, tab: Any, button: str) -> None:
    person.looks_at(tab)
    tab.get_by_role("button", name=button).dblclick()


def _in_two_tabs(person: Person) -> tuple[Any, Any]:
    """The page one is on, and the same in another tab."""
    first, place = person.page, person.path
    person.opens_a_tab()
    person.goes(place)
    return first, person.page
