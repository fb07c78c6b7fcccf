"""By the keyboard alone: signing in, and the grid of rents. Where the focus is can always be seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser import office, post_office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.factories import declarations
from tests.factories.landlords import Owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def landlord(watch: Watch, folders: Settings) -> Owner:
    """Somebody with three rents to declare and a password of their own."""
    watch.set_to(office.MORNING)
    someone = steps.regular()
    for name in ("Arnaud", "Bertin", "Colin"):
        july_rent(tenancy(someone.landlord, last_name=name), declarations.YEAR - 1, 52_400)
    declarations.campaign()
    return someone


@pytest.fixture(params=[(1280, "light"), (1280, "dark")], ids=["light", "dark"])
def person(request: pytest.FixtureRequest, someone: OpensABrowser) -> Person:
    width, theme = request.param
    return someone(width=width, theme=theme)


def test_one_signs_in_and_declares_without_a_mouse(person: Person, landlord: Owner, watch: Watch) -> None:
    keys = person.page.keyboard
    _signs_in(person, landlord, watch)
    person.tabs_to("Espace bailleur")
    keys.press("Enter")
    person.page.wait_for_url("**/bailleur/")
    person.tabs_to("Déclarer les 3")
    keys.press("Enter")
    person.page.wait_for_url("**/loyers/")
    _walks_the_grid(person)
    person.tabs_to("Vérifier et transmettre")
    keys.press("Enter")
    person.page.wait_for_url("**/verifier/")
    person.tabs_to("Transmettre à")
    keys.press("Enter")
    person.page.get_by_text("Télécharger le PDF").wait_for()
    assert "3 loyers transmis" in person.words


def _signs_in(person: Person, landlord: Owner, watch: Watch) -> None:
    keys = person.page.keyboard
    person.goes("/connexion/")
    keys.press("Tab")
    assert person.focused() == "Aller au contenu", "the first stop of every page"
    keys.press("Enter")
    person.tabs_to("Identifiant ou adresse mail")
    keys.type(landlord.account.login_id)
    person.tabs_to("Mot de passe", most=3)
    keys.type(steps.OWN_PASSWORD)
    keys.press("Enter")
    person.page.wait_for_url("**/connexion/code/*")
    post_office.deliver(at=watch.now())
    person.tabs_to("Code à 6 chiffres")
    keys.type(post_office.code(post_office.email_to(landlord.account.credential.email or "", "est votre code")))
    keys.press("Enter")
    person.page.get_by_role("heading", name="Bienvenue").wait_for()


def _walks_the_grid(person: Person) -> None:
    """Enter goes down, arrows go both ways, Escape gives back what was there; each amount is saved on the way."""
    keys = person.page.keyboard
    person.tabs_to("Loyer hors charges de juillet 2026, Lina Arnaud", most=80)
    for name, amount in (("Arnaud", "515"), ("Bertin", "516,50"), ("Colin", "524")):
        assert person.focused().endswith(name)
        keys.type(amount)
        keys.press("Enter")
        person.page.locator("tbody", has_text=name).get_by_text("Saisi", exact=True).wait_for()
    field = person.page.get_by_label("Loyer hors charges de juillet 2026, Lina Bertin")
    field.focus()
    keys.press("ArrowUp")
    assert person.focused().endswith("Arnaud")
    keys.press("ArrowDown")
    assert person.focused().endswith("Bertin")
    keys.press("Control+A")
    keys.type("9")
    keys.press("Escape")
    assert field.input_value() == "516,50"


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_narrow_page_the_menu_waits_until_it_is_asked_for(
    someone: OpensABrowser, landlord: Owner, watch: Watch, scripts: bool
) -> None:
    person = someone(width=320, script=scripts)
    steps.signs_in(person, watch, landlord)
    person.goes(f"/c/{landlord.account.reference}/bailleur/")
    menu = person.page.get_by_role("navigation", name="Menu principal")
    expect(menu).to_be_hidden()
    top = person.page.get_by_role("heading", level=1).bounding_box()
    assert top is not None
    assert top["y"] < 480, "the title is on the first screen"
    person.page.locator(".burger").click()
    expect(menu).to_be_visible()
    if not scripts:
        menu.get_by_role("link", name="Fermer le menu").click()
        expect(menu).to_be_hidden()
