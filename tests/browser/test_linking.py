"""One mailbox for several organisations: the page that lists its accounts, and the password they will share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from parvis.identity.models import Account
from tests.browser import post_office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.browser.steps import Credentials
from tests.factories.identity import PROVISIONAL, newborn
from tests.factories.landlords import Owner, landlord, owner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RESIDENCES = [
    "Acacias",
    "Bleuets",
    "Capucines",
    "Dahlias",
    "Églantines",
    "Fougères",
    "Glycines",
    "Hortensias",
    "Iris",
    "Jasmins",
    "Lilas",
]
HELD = len(RESIDENCES) + 1
PER_PAGE = 5


@dataclass(frozen=True, slots=True)
class Story:
    """Somebody with a dozen accounts, and the one whose letters have just arrived."""

    me: Owner
    arriving: Account
    email: str


@pytest.fixture
def story(watch: Watch, folders: Settings) -> Story:
    """Twelve residences under one mailbox; a thirteenth organisation writes to the same person."""
    me = steps.regular()
    for flowers in RESIDENCES:
        owner(landlord(company_name=f"Résidence des {flowers}"), credential=me.account.credential)
    arriving = newborn(
        landlord(company_name="Agence des Trois Tilleuls").partner, until=watch.now() + timedelta(days=14)
    )
    return Story(me, arriving, steps.mailbox(me))


@pytest.fixture(params=steps.HABITS)
def person(request: pytest.FixtureRequest, someone: OpensABrowser) -> Person:
    width, theme, script = request.param
    return someone(width=width, theme=theme, script=script)


def test_a_known_mailbox_shows_its_accounts_and_takes_a_common_password(
    person: Person, watch: Watch, story: Story
) -> None:
    _arrives_at_the_link(person, watch, story)
    _reads_the_list(person)
    _signals_an_account_that_is_not_there(person, story)
    steps.chooses_in_the_link(person, "Glycine")
    person.looks(f"Un seul mot de passe pour vos {HELD + 1} comptes")
    assert person.page.title().startswith("Erreur")
    steps.chooses_in_the_link(person, steps.NEW_PASSWORD)
    _accepts_the_texts(person)
    assert _all_of_the_mailbox(story) == HELD + 1
    assert "Ce n’est pas moi" in _told(watch, story)
    _comes_back(person, watch, story, steps.NEW_PASSWORD)


def test_who_knows_the_password_of_these_accounts_keeps_it(person: Person, watch: Watch, story: Story) -> None:
    _arrives_at_the_link(person, watch, story)
    for typed in ("Mauvais-mot-2", steps.OWN_PASSWORD):
        fold = person.page.locator("details", has_text="Vous connaissez le mot de passe actuel")
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()
        person.types("Mot de passe actuel de ces comptes", typed)
        person.presses("Garder ce mot de passe")
        person.page.wait_for_load_state()
        person.looks()
    _accepts_the_texts(person)
    assert _all_of_the_mailbox(story) == HELD + 1
    _comes_back(person, watch, story, steps.OWN_PASSWORD)


def test_who_does_not_want_to_link_gives_another_mailbox(person: Person, watch: Watch, story: Story) -> None:
    _arrives_at_the_link(person, watch, story)
    person.page.locator("summary", has_text="Vous ne voulez pas les regrouper").click()
    person.looks()
    person.presses("Indiquer une autre adresse")
    person.looks()
    assert "Rien n’a été rapproché" in person.words
    assert _all_of_the_mailbox(story) == HELD


def test_who_does_not_know_one_of_the_accounts_says_so(person: Person, watch: Watch, story: Story) -> None:
    _arrives_at_the_link(person, watch, story)
    person.page.locator("summary", has_text="Je ne reconnais pas un de ces comptes").click()
    _signals(person, story.me.account.login_id.lower())
    person.looks()
    assert "Votre caisse va vérifier" in person.words
    assert _all_of_the_mailbox(story) == HELD


def test_the_page_of_the_link_is_walked_without_a_mouse(someone: OpensABrowser, watch: Watch, story: Story) -> None:
    person = someone()
    keys = person.page.keyboard
    _arrives_at_the_link(person, watch, story)
    person.tabs_to("Vous connaissez le mot de passe actuel")
    keys.press("Enter")
    person.tabs_to("Mot de passe actuel de ces comptes", most=2)
    person.tabs_to("Nom, SIRET, identifiant ou caisse")
    keys.type("glycine")
    keys.press("Enter")
    person.page.wait_for_url("**q=glycine*")
    assert person.page.locator(steps.LINKED).all_inner_texts() == ["Résidence des Glycines"]
    person.tabs_to("Je ne reconnais pas un de ces comptes")
    person.goes(person.path)
    person.tabs_to("Nouveau mot de passe")
    keys.type(steps.NEW_PASSWORD)
    person.tabs_to("Confirm", most=4)
    keys.type(steps.NEW_PASSWORD)
    keys.press("Enter")
    person.page.get_by_role("heading", level=1, name="Règles d’usage").wait_for()
    assert _all_of_the_mailbox(story) == HELD + 1


def _arrives_at_the_link(person: Person, watch: Watch, story: Story) -> None:
    """From the provisional password to the page of the accounts."""
    steps.types_credentials(person, Credentials(story.arriving.login_id, PROVISIONAL))
    person.looks("Vos informations")
    typed = {"first_name": "Claire", "last_name": "Martin", "job_title": "Gérante"}
    for field, text in (typed | dict.fromkeys(("email", "email_again"), story.email)).items():
        person.page.locator(f"#id_{field}").fill(text)
    person.presses("C’est bien moi, continuer")
    person.looks("Entrez le code reçu par mail")
    steps.types_code(person, watch, story.email)
    person.looks(f"Un seul mot de passe pour vos {HELD + 1} comptes")
    assert story.email in person.words


def _reads_the_list(person: Person) -> None:
    """Paged, searched, searched in vain; what was typed stays."""
    names = person.page.locator(steps.LINKED)
    met = set(names.all_inner_texts())
    for _ in range(2):
        person.follows("Suivant")
        person.looks("Un seul mot de passe")
        met |= set(names.all_inner_texts())
    assert len(met) == HELD
    person.follows("Précédent")
    expect(names).to_have_count(PER_PAGE)
    for typed, found in (("residence glycine", 1), ("zzz", 0)):
        person.types("Nom, SIRET, identifiant ou caisse", typed)
        person.presses("Rechercher")
        person.looks("Un seul mot de passe")
        assert names.count() == found
    person.follows("Effacer la recherche")
    expect(names).to_have_count(PER_PAGE)


def _signals_an_account_that_is_not_there(person: Person, story: Story) -> None:
    person.page.locator("summary", has_text="Je ne reconnais pas un de ces comptes").click()
    person.looks("Un seul mot de passe")
    _signals(person, "LOG999999Z")
    person.looks("Un compte que vous ne reconnaissez pas")
    assert "n’est pas dans la liste" in person.words
    person.follows("Revenir à la liste des comptes")
    person.looks("Un seul mot de passe")


def _signals(person: Person, identifier: str) -> None:
    person.types("Identifiant du compte que vous ne reconnaissez pas", identifier)
    person.page.locator("#id_why").fill("Cet organisme n’est plus géré par nous.")
    person.presses("Signaler ce compte")


def _accepts_the_texts(person: Person) -> None:
    for heading in ("Règles d’usage", "Conditions de l’Espace bailleur"):
        person.looks(heading)
        person.ticks("J’accepte")
        person.presses("Accepter et continuer")
    person.looks("Votre espace est prêt")


def _all_of_the_mailbox(story: Story) -> int:
    return Account.objects.filter(credential__email=story.email).count()


def _told(watch: Watch, story: Story) -> str:
    post_office.deliver(at=watch.now())
    return post_office.email_to(story.email, "comptes partagent")


def _comes_back(person: Person, watch: Watch, story: Story, password: str) -> None:
    """By the identifier of the new organisation or the mailbox, the same password opens all of them."""
    person.context.clear_cookies()
    steps.types_credentials(person, Credentials(story.email, password))
    if "Code à 6 chiffres" in person.words:
        steps.types_code(person, watch, story.email)
    person.looks()
    assert "13" in person.words
    assert "Agence des Trois Tilleuls" in person.words or person.path.startswith("/comptes")
