"""One person known at three offices: the second and the third account join the first, or stay apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from pytest_django import Settings

from parvis.identity.models import Account, Nature
from parvis.landlords.models import Landlord
from tests.browser import post_office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.browser.steps import Credentials
from tests.factories.identity import PROVISIONAL, newborn
from tests.factories.landlords import Owner, landlord

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NIR = b"one and the same"
ALREADY = "Vous avez déjà un compte dans une autre caisse"


@dataclass(frozen=True, slots=True)
class Story:
    """Somebody who signs in at one office, and whose letters from two others have just arrived."""

    me: Owner
    arriving: list[Account]
    email: str


def _is_the_person(of: Landlord) -> Landlord:
    of.company_name, of.first_name, of.last_name = "", "Camille", "Durand"
    of.save()
    of.partner.nature, of.partner.person_index = Nature.INDIVIDUAL, NIR
    of.partner.save()
    return of


@pytest.fixture
def story(watch: Watch, folders: Settings) -> Story:
    """Loire-Atlantique first; then Paris and Lyon."""
    me = steps.regular()
    _is_the_person(me.landlord)
    until = watch.now() + timedelta(days=14)
    places = [_is_the_person(landlord(office_code=code)) for code in ("751", "691")]
    return Story(me, [newborn(place.partner, until=until) for place in places], steps.mailbox(me))


@pytest.fixture(params=steps.HABITS)
def person(request: pytest.FixtureRequest, someone: OpensABrowser) -> Person:
    width, theme, script = request.param
    return someone(width=width, theme=theme, script=script)


def test_three_offices_are_one_mailbox_and_one_password_in_the_end(person: Person, watch: Watch, story: Story) -> None:
    for arriving in story.arriving:
        _arrives(person, arriving)
        person.presses("Recevoir le code")
        person.looks("Entrez le code reçu par mail")
        _types_a_wrong_code(person)
        steps.types_code(person, watch, story.email, "regrouper vos comptes")
        _accepts_the_texts(person)
        person.context.clear_cookies()
    assert _together(story) == 3
    post_office.deliver(at=watch.now())
    assert "Ce n’est pas moi" in post_office.email_to(story.email, "comptes partagent")
    _chooses_among_three(person, watch, story)


def test_who_no_longer_has_that_address_goes_on_with_another(person: Person, watch: Watch, story: Story) -> None:
    _arrives(person, story.arriving[0])
    person.page.locator("summary", has_text="Je n’ai plus accès à cette adresse").click()
    person.looks(ALREADY)
    person.presses("Continuer avec une autre adresse")
    person.looks()
    for field in ("email", "email_again"):
        person.page.locator(f"#id_{field}").fill("camille@parvis.example")
    person.clicks(person.page.locator("main form button").first)
    person.looks("Entrez le code reçu par mail")
    steps.types_code(person, watch, "camille@parvis.example")
    person.looks("Votre mot de passe")
    steps.chooses_a_password(person)
    _accepts_the_texts(person)
    assert _together(story) == 1
    assert Account.objects.get(pk=story.arriving[0].pk).credential.email == "camille@parvis.example"


def test_the_pages_of_the_person_are_walked_without_a_mouse(someone: OpensABrowser, watch: Watch, story: Story) -> None:
    person = someone()
    keys = person.page.keyboard
    _arrives(person, story.arriving[0])
    person.tabs_to("Recevoir le code")
    keys.press("Enter")
    person.page.get_by_role("heading", level=1, name="Entrez le code").wait_for()
    post_office.deliver(at=watch.now())
    person.tabs_to("Code à 6 chiffres")
    keys.type(post_office.code(post_office.email_to(story.email, "regrouper vos comptes")))
    keys.press("Enter")
    person.page.get_by_role("heading", level=1, name="Règles d’usage").wait_for()
    assert _together(story) == 2


def _arrives(person: Person, arriving: Account) -> None:
    """From the provisional password to « Vous avez déjà un compte » : no mailbox is asked on the way."""
    steps.types_credentials(person, Credentials(arriving.login_id, PROVISIONAL))
    person.looks("Vos informations")
    assert person.page.locator("#id_email").count() == 0
    person.types("Prénom", "Camille")
    person.types("Nom", "Durand")
    person.presses("Continuer")
    person.looks(ALREADY)
    assert "•••" in person.words


def _types_a_wrong_code(person: Person) -> None:
    person.types("Code à 6 chiffres", "12 34")
    person.presses("Valider")
    person.looks("Entrez le code reçu par mail")
    assert person.page.title().startswith("Erreur")


def _accepts_the_texts(person: Person) -> None:
    for heading in ("Règles d’usage", "Conditions de l’Espace bailleur"):
        person.looks(heading)
        person.ticks("J’accepte")
        person.presses("Accepter et continuer")
    person.looks("Votre espace est prêt")


def _chooses_among_three(person: Person, watch: Watch, story: Story) -> None:
    """The letters' passwords are dead; the mailbox and the password of the first account open all three."""
    for arriving in story.arriving:
        steps.types_credentials(person, Credentials(arriving.login_id, PROVISIONAL))
        assert person.path == "/connexion/"
    steps.types_credentials(person, Credentials(story.email, steps.OWN_PASSWORD))
    if "Code à 6 chiffres" in person.words:
        steps.types_code(person, watch, story.email)
    person.looks("Sélection de comptes")
    assert "Votre adresse mail ouvre 3 comptes" in person.words
    assert "Identité vérifiée par code" in person.words


def _together(story: Story) -> int:
    return Account.objects.filter(credential__email=story.email).count()
