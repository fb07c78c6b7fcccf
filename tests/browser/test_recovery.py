"""Whoever lost something finds the way back: a password, an identifier, an access somebody else tried to take."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from parvis.correspondence.models import Message
from parvis.identity.models import Account, Credential
from parvis.web.account.views.recovery.questions import QUESTIONS
from parvis.web.account.views.recovery.troubles import SOLUTIONS
from tests.browser import post_office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.browser.steps import Credentials
from tests.factories.captcha import read_from
from tests.factories.correspondence import batched
from tests.factories.identity import newborn
from tests.factories.landlords import landlord

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ANOTHER_PASSWORD = "Verveine-Tuile-63!"
TOKEN = "input[name=captcha_token]"


@pytest.fixture(params=steps.HABITS)
def person(request: pytest.FixtureRequest, someone: OpensABrowser) -> Person:
    width, theme, script = request.param
    return someone(width=width, theme=theme, script=script)


def test_a_forgotten_password_is_chosen_anew_then_a_stranger_is_locked_out(
    person: Person, watch: Watch, folders: Settings
) -> None:
    me = steps.regular()
    _asks_for_a_code(person, me.account.login_id)
    person.types("Code à 6 chiffres", "000000")
    person.presses("Valider")
    person.looks("Entrez le code reçu par mail")
    assert "pas le bon code" in person.words
    steps.types_code(person, watch, steps.mailbox(me), "nouveau mot de passe")
    _chooses_anew(person)
    steps.signs_in(person, watch, me, steps.NEW_PASSWORD)
    person.looks("Bienvenue")
    _freezes_by_the_mail(person, watch, steps.mailbox(me), me.account.login_id)


def _asks_for_a_code(person: Person, identifier: str) -> None:
    """From the sign-in page; the captcha is heard, changed, asked as a question, and what was typed stays."""
    person.goes("/connexion/")
    person.looks("Bienvenue sur votre espace")
    person.follows("Mot de passe oublié ?")
    person.looks("Mot de passe oublié")
    person.types("Identifiant ou adresse mail", identifier)
    sound = person.context.request.get(str(person.page.locator("audio").get_attribute("src")))
    assert (sound.status, sound.headers["content-type"].split("/")[0]) == (200, "audio")
    _presses_in_the_captcha(person, "Autre image")
    _presses_in_the_captcha(person, "Répondre plutôt à une question")
    assert person.page.locator("audio").count() == 0
    person.looks("Mot de passe oublié")
    person.page.locator("#id_captcha").fill("9999")
    person.presses("Valider")
    person.looks("Mot de passe oublié")
    assert "Ce n’est pas le bon résultat" in person.words
    _presses_in_the_captcha(person, "Répondre plutôt à l’image ou au son")
    person.looks("Mot de passe oublié")
    assert person.page.get_by_label("Identifiant ou adresse mail", exact=True).input_value() == identifier
    steps.passes_the_captcha(person)
    person.presses("Valider")
    person.looks("Entrez le code reçu par mail")
    assert "Si un compte correspond, un code vient de partir" in person.words


def _presses_in_the_captcha(person: Person, words: str) -> None:
    before = person.page.locator(TOKEN).get_attribute("value")
    person.presses(words)
    person.page.locator(f'{TOKEN}:not([value="{before}"])').wait_for(state="attached")


def _chooses_anew(person: Person) -> None:
    person.looks("Choisissez un nouveau mot de passe")
    for typed in ("Glycine", steps.NEW_PASSWORD):
        person.page.locator("#id_password").fill(typed)
        person.page.locator("#id_password_again").fill(typed)
        person.presses("Changer le mot de passe")
        person.page.wait_for_load_state()
        person.looks()
    person.looks("Bienvenue sur votre espace")
    assert "Votre mot de passe est changé" in person.words


def _freezes_by_the_mail(person: Person, watch: Watch, address: str, identifier: str) -> None:
    """Looking at the link does nothing; pressing the button closes everything, once."""
    post_office.deliver(at=watch.now())
    mail = post_office.email_to(address, "mot de passe a été changé")
    link = re.search(r"https?://\S+/ce-n-est-pas-moi/\S+/", mail)
    assert link is not None, mail
    person.goes(urlsplit(link[0]).path)
    person.looks("Bloquer mon accès")
    assert not Credential.objects.filter(frozen_at__isnull=False).exists()
    person.presses("Bloquer mon accès")
    person.looks("C’est fait : l’accès est bloqué")
    _chooses_another_and_stays_out(person, watch, address, identifier)
    assert person.goes(urlsplit(link[0]).path) == 404
    person.looks("Ce lien a déjà servi")
    steps.types_credentials(person, Credentials(identifier, ANOTHER_PASSWORD))
    person.looks("Bienvenue sur votre espace")
    assert "bloqué à votre demande" in person.words
    person.goes("/ce-n-est-pas-moi/")
    person.types("Code de la lettre", "AAAAA-AAAAA")
    person.presses("Bloquer l’accès")
    person.looks("Ce n’est pas moi")


def _chooses_another_and_stays_out(person: Person, watch: Watch, address: str, identifier: str) -> None:
    """From the page of the freeze: the password of the thief dies at once, the access stays blocked."""
    person.follows("Choisir un nouveau mot de passe")
    person.looks("Mot de passe oublié")
    person.types("Identifiant ou adresse mail", identifier)
    steps.passes_the_captcha(person)
    person.presses("Valider")
    steps.types_code(person, watch, address, "nouveau mot de passe")
    person.looks("Choisissez un nouveau mot de passe")
    for field in ("#id_password", "#id_password_again"):
        person.page.locator(field).fill(ANOTHER_PASSWORD)
    person.presses("Changer le mot de passe")
    assert "L’accès reste bloqué." in person.words
    assert Credential.objects.filter(frozen_at__isnull=False).exists()


def test_a_lost_identifier_comes_by_mail_or_says_where_the_letters_are(
    person: Person, watch: Watch, folders: Settings
) -> None:
    me, waiting = steps.regular(), _unopened()
    person.goes("/probleme-de-connexion/identifiant-mail/")
    person.follows("Recevoir mon identifiant")
    _asks_for_an_identifier(person, me.account.user_number[:-2], "44220")
    person.looks("Identifiant perdu")
    assert "Il manque 2 caractères" in person.words
    _asks_for_an_identifier(person, f"{me.account.user_number[:3]} {me.account.user_number[3:]}", "44220")
    person.looks("Si ce numéro et ce code postal vont ensemble")
    post_office.deliver(at=watch.now())
    assert me.account.login_id in post_office.email_to(steps.mailbox(me), "identifiant")
    for heading in ("Si ce numéro et ce code postal vont ensemble", "Vos deux lettres se préparent"):
        person.goes("/identifiant-perdu/")
        _asks_for_an_identifier(person, waiting.user_number, "44220")
        person.looks(heading)
        post_office.deliver(at=watch.now())
    person.goes("/identifiant-perdu/")
    batched(*Message.objects.filter(account_id=waiting.pk, state="sent"), posted_on=watch.now().date())
    _asks_for_an_identifier(person, waiting.user_number, "44220")
    person.looks("Vos deux lettres sont en route")
    assert re.search(r"postée le \d\d/\d\d/\d{4}", person.words), person.words
    assert re.search(r"elle partira au plus tôt le \d\d/\d\d/\d{4}", person.words)
    assert waiting.login_id not in person.words


def _unopened() -> Account:
    """Somebody whose letters must go by post, and who never signed in."""
    of = landlord(company_name="Régie du Vieux Port")
    who = newborn(of.partner)
    Account.objects.filter(pk=who.pk).update(user_number=of.third_party_numbers.get().user_number)
    who.refresh_from_db()
    return who


def _asks_for_an_identifier(person: Person, number: str, postcode: str) -> None:
    person.looks("Identifiant perdu")
    person.types("Numéro d’utilisateur", number)
    person.types("Code postal de votre adresse", postcode)
    steps.passes_the_captcha(person)
    person.presses("Valider")


def test_a_password_by_post_and_a_user_number_are_asked_for(person: Person, folders: Settings) -> None:
    who = _unopened()
    person.goes("/mot-de-passe-oublie/courrier/")
    person.looks("Recevoir un mot de passe par courrier")
    person.types("Identifiant ou adresse mail", who.login_id)
    person.types("Code postal de votre adresse", "44220")
    steps.passes_the_captcha(person)
    person.presses("Demander l’envoi")
    person.looks("Si un compte correspond, la suite arrive")
    person.follows("Voir où sont mes lettres")
    person.follows("Où le trouver ?")
    person.looks("Votre n° d’utilisateur")
    person.types("SIRET de votre organisme", "123 456 789 00017")
    steps.passes_the_captcha(person)
    person.presses("Recevoir le numéro")
    person.looks("Si cet organisme est connu")
    person.goes("/premiere-connexion/")
    person.looks("C’est votre première connexion")


def test_the_guided_assistant_has_a_way_out_of_every_difficulty(person: Person) -> None:
    person.goes("/connexion/")
    person.clicks(person.page.get_by_role("link", name="Problème de connexion").first)
    seen: set[str] = set()
    _asks_and_answers(person, person.path, seen)
    assert seen == set(QUESTIONS) - {""} | set(SOLUTIONS)
    person.goes("/probleme-de-connexion/saisir-identifiant/")
    person.types("Essayez votre identifiant ici", "logo12345a")
    person.presses("Vérifier")
    person.looks()
    assert "LOG012345A" in person.words
    person.follows("Non")
    person.looks()
    assert "Écrivez à votre caisse" in person.words


def _asks_and_answers(person: Person, address: str, seen: set[str]) -> None:
    """Every answer of a question, and every answer of those that follow."""
    person.goes(address)
    person.looks()
    answers = person.page.locator(".answers-list a")
    for link in [answers.nth(number).get_attribute("href") for number in range(answers.count())]:
        slug = str(link).strip("/").rsplit("/", 1)[-1]
        if slug not in seen:
            seen.add(slug)
            _asks_and_answers(person, str(link), seen)


def test_who_types_wrong_passwords_answers_a_captcha_and_after_a_pause_enters_with_a_code(
    person: Person, watch: Watch, folders: Settings
) -> None:
    me = steps.regular()
    wrong, right = (Credentials(me.account.login_id, password) for password in ("Mauvais-mot-2", steps.OWN_PASSWORD))
    for _ in range(3):
        steps.types_credentials(person, wrong)
        person.looks("Bienvenue sur votre espace")
    assert "Toujours pas ?" in person.words
    assert person.page.get_by_label("Identifiant ou adresse mail", exact=True).input_value() == wrong.identifier
    for password in ("Mauvais-mot-3", "Mauvais-mot-4"):
        person.types("Mot de passe", password)
        steps.passes_the_captcha(person)
        person.presses("Connexion")
        person.page.wait_for_load_state()
    person.types("Mot de passe", right.password)
    if person.page.locator("#id_captcha").count():
        steps.passes_the_captcha(person)
    person.presses("Connexion")
    person.looks("Bienvenue sur votre espace")
    assert "Connexion en pause" in person.words
    person.follows("Recevoir plutôt un code par mail")
    person.looks("Recevoir plutôt un code par mail")
    person.types("Identifiant ou adresse mail", me.account.login_id)
    steps.passes_the_captcha(person)
    person.presses("Recevoir le code")
    person.looks("Entrez le code reçu par mail")
    steps.types_code(person, watch, steps.mailbox(me), "code")
    person.looks("Bienvenue sur votre espace")
    assert "Code accepté" in person.words
    steps.types_credentials(person, right)
    person.looks("Bienvenue")
    assert person.path == f"/c/{me.account.reference}/"


def test_a_forgotten_password_is_chosen_without_a_mouse(
    someone: OpensABrowser, watch: Watch, folders: Settings
) -> None:
    me, person = steps.regular(), someone()
    keys = person.page.keyboard
    person.goes("/connexion/")
    person.tabs_to("Mot de passe oublié")
    keys.press("Enter")
    person.page.get_by_role("heading", level=1, name="Mot de passe oublié").wait_for()
    person.tabs_to("Identifiant ou adresse mail")
    keys.type(me.account.login_id)
    person.tabs_to("Autre image")
    before = person.page.locator(TOKEN).get_attribute("value")
    keys.press("Enter")
    person.page.locator(f'{TOKEN}:not([value="{before}"])').wait_for(state="attached")
    expect(person.page.locator("#id_captcha")).to_be_focused()
    assert person.focused().startswith("Saisissez les caractères affichés"), "ready to be answered"
    keys.type(read_from(person.page.content())["captcha"])
    keys.press("Enter")
    person.page.get_by_role("heading", level=1, name="Entrez le code").wait_for()
    post_office.deliver(at=watch.now())
    person.tabs_to("Code à 6 chiffres")
    keys.type(post_office.code(post_office.email_to(steps.mailbox(me), "nouveau mot de passe")))
    keys.press("Enter")
    person.page.get_by_role("heading", level=1, name="Choisissez un nouveau").wait_for()
    person.tabs_to("Nouveau mot de passe")
    keys.type(steps.NEW_PASSWORD)
    person.tabs_to("Confirm", most=4)
    keys.type(steps.NEW_PASSWORD)
    keys.press("Enter")
    person.page.get_by_role("heading", level=1, name="Bienvenue sur votre espace").wait_for()
    assert "Votre mot de passe est changé" in person.words
