"""Somebody who no longer reads their mailbox: from the assistant to the letter, and from the letter to a new mailbox."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from parvis.identity.models import Credential, Nature
from tests.browser import post_office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.factories.landlords import Owner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW_MAILBOX = "nouvelle@parvis.example"


@pytest.fixture
def me(watch: Watch, folders: Settings) -> Owner:
    """An individual with an address the office knows."""
    somebody = steps.regular()
    somebody.landlord.partner.nature = Nature.INDIVIDUAL
    somebody.landlord.partner.save()
    return somebody


@pytest.fixture(params=steps.HABITS)
def person(request: pytest.FixtureRequest, someone: OpensABrowser) -> Person:
    width, theme, script = request.param
    return someone(width=width, theme=theme, script=script)


def test_a_letter_leads_back_in_with_another_mailbox(person: Person, watch: Watch, me: Owner) -> None:
    former = steps.mailbox(me)
    _asks_the_letter(person, me)
    post_office.deliver(at=watch.now())
    assert "Ce n’est pas moi" in post_office.email_to(former, "lettre part")
    letter = post_office.letter_to("ALLIANCE FAMILIALE", "Revenir dans votre compte")
    assert me.account.login_id not in letter
    person.follows("J’ai reçu la lettre")
    person.looks("La lettre est arrivée")
    person.types("Identifiant ou ancienne adresse mail", former)
    person.types("Mot de passe de la lettre", post_office.value(letter, "Mot de passe de cette lettre"))
    steps.passes_the_captcha(person)
    person.presses("Continuer")
    _gives_the_new_mailbox(person, watch)
    assert Credential.objects.get(pk=me.account.credential_id).email == NEW_MAILBOX


def _asks_the_letter(person: Person, me: Owner) -> None:
    """Three questions, a form that says what is wrong, and the answer that is the same for all."""
    person.goes("/probleme-de-connexion/")
    for answer in ("Un message d’erreur", "je n’ai plus cette adresse mail", "Un particulier"):
        person.follows(answer)
        person.looks()
    person.follows("Demander la lettre")
    person.looks("Revenir sans votre ancienne adresse mail")
    person.presses("Demander la lettre")
    person.looks("Revenir sans votre ancienne adresse mail")
    assert person.page.title().startswith("Erreur")
    person.types("Numéro d’utilisateur", me.account.user_number)
    person.types("Code postal de votre adresse", "44220")
    steps.passes_the_captcha(person)
    person.presses("Demander la lettre")
    person.looks("Si un compte de particulier correspond")


def _gives_the_new_mailbox(person: Person, watch: Watch) -> None:
    person.looks()
    assert "La lettre est reconnue" in person.words
    for field in ("email", "email_again"):
        person.page.locator(f"#id_{field}").fill(NEW_MAILBOX)
    person.clicks(person.page.locator("main form button").first)
    person.looks("Entrez le code reçu par mail")
    steps.types_code(person, watch, NEW_MAILBOX)
    person.looks("Votre mot de passe")
    steps.chooses_a_password(person)
    person.looks("Bienvenue")
