"""« Mon profil » : names, password, mailbox, devices, and all that is kept about one."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from pytest_django import Settings

from parvis.identity.models import Account, Session
from tests.browser import post_office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.browser.steps import Credentials
from tests.factories.landlords import Owner, landlord, owner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW_MAILBOX = "claire.martin@parvis.example"
RESIDENCES = ("Résidence des Acacias", "Résidence du Port")


@pytest.fixture
def me(watch: Watch, folders: Settings) -> Owner:
    """Somebody with three linked accounts."""
    mine = steps.regular()
    for name in RESIDENCES:
        owner(landlord(company_name=name), credential=mine.account.credential)
    return mine


@pytest.fixture(params=steps.HABITS)
def person(request: pytest.FixtureRequest, someone: OpensABrowser) -> Person:
    width, theme, script = request.param
    return someone(width=width, theme=theme, script=script)


def test_one_corrects_ones_names_and_reads_what_is_kept(person: Person, watch: Watch, me: Owner) -> None:
    profile = _opens_the_profile(person, watch, me)
    _corrects_the_names(person)
    for words, heading in (("Tout voir", "Mes consultations"), ("Mon profil", "Mon profil")):
        person.follows(words)
        person.looks(heading)
    person.goes(f"{profile}consultations/")
    person.looks("Mes consultations")
    file = person.context.request.get(str(person.page.get_by_role("link", name="Télécharger").get_attribute("href")))
    rows = list(csv.reader(StringIO(file.body().decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:2] == ["Date", "Heure"]
    assert any("Mot de passe accepté" in " ".join(row) for row in rows)
    person.goes(f"{profile}messages/")
    person.looks("Ce que le portail m’a écrit")
    person.clicks(person.page.locator("main table a").first)
    person.looks()
    assert "••••••" in person.words
    assert "ils n’existent que dans le message envoyé" in person.words


def _opens_the_profile(person: Person, watch: Watch, me: Owner) -> str:
    """Sign in, and follow the links to one's profile; its address."""
    steps.types_credentials(person, Credentials(me.account.login_id, steps.OWN_PASSWORD))
    steps.types_code(person, watch, steps.mailbox(me))
    person.page.get_by_role("heading", level=1).wait_for()
    address = f"/c/{me.account.reference}/profil/"
    person.goes(address)
    person.looks("Mon profil")
    assert "partagés par 3 comptes" in person.words
    return address


def _corrects_the_names(person: Person) -> None:
    person.follows("Modifier mes informations")
    person.looks("Modifier mes informations")
    person.types("Prénom", "Zoé")
    person.page.locator("#id_phone").fill("zéro deux")
    person.presses("Enregistrer")
    person.looks("Modifier mes informations")
    assert person.page.locator("#id_phone").input_value() == "zéro deux"
    assert "Écrivez un numéro de téléphone" in person.words
    person.page.locator("#id_phone").fill("02 40-00 00 00")
    person.presses("Enregistrer")
    person.looks("Mon profil")
    assert "Vos informations sont à jour" in person.words
    assert "Zoé" in person.words


def test_a_password_changes_after_a_code_and_another_device_is_closed(
    person: Person, someone: OpensABrowser, watch: Watch, me: Owner
) -> None:
    elsewhere = someone()
    _opens_the_profile(elsewhere, watch, me)
    profile = _opens_the_profile(person, watch, me)
    person.clicks(person.page.get_by_role("button", name="Déconnecter", exact=True).first)
    person.looks("Mon profil")
    assert "est déconnecté" in person.words
    assert elsewhere.goes(profile) == 404
    elsewhere.looks("Page introuvable")
    person.clicks(person.page.get_by_role("button", name="Oublier").first)
    person.looks("Mon profil")
    assert "Un code sera demandé" in person.words
    _changes_the_password(person, watch, me)
    assert "vaut pour vos 3 comptes" in person.words
    _closes_everything(person, profile)


def _changes_the_password(person: Person, watch: Watch, me: Owner) -> None:
    """The present one wrong, then right; the code; and the mail that tells it."""
    person.follows("Changer de mot de passe")
    person.looks("Changer de mot de passe")
    for present in ("Mauvais-mot-2", steps.OWN_PASSWORD):
        person.page.locator("#id_present").fill(present)
        for field in ("#id_password", "#id_password_again"):
            person.page.locator(field).fill(steps.NEW_PASSWORD)
        person.presses("Continuer")
        person.page.wait_for_load_state()
        person.looks()
    person.looks("Entrez le code reçu par mail")
    person.types("Code à 6 chiffres", "000000")
    person.presses("Valider")
    person.looks("Entrez le code reçu par mail")
    steps.types_code(person, watch, steps.mailbox(me), "changer de mot de passe")
    person.looks("Mon profil")
    post_office.deliver(at=watch.now())
    assert "3 comptes" in post_office.email_to(steps.mailbox(me), "mot de passe a été changé").replace("\u00a0", " ")


def _closes_everything(person: Person, profile: str) -> None:
    person.follows("Ce n’était pas moi")
    person.looks("Bloquer mon accès")
    person.presses("Bloquer mon accès")
    person.looks("C’est fait : l’accès est bloqué")
    assert person.goes(profile) == 404
    assert not Session.objects.filter(code_satisfied_at__isnull=False).exists()


def test_one_of_three_linked_accounts_takes_another_mailbox(person: Person, watch: Watch, me: Owner) -> None:
    former = steps.mailbox(me)
    _opens_the_profile(person, watch, me)
    person.follows("Changer d’adresse mail")
    person.looks("Changer d’adresse mail")
    _types_a_mailbox(person, NEW_MAILBOX, "claire.martin@parvis.exemple")
    person.looks("Changer d’adresse mail")
    _types_a_mailbox(person, NEW_MAILBOX, NEW_MAILBOX)
    person.looks("Entrez le code reçu par mail")
    assert "1 compte quitte vos 3 comptes" in person.words
    steps.types_code(person, watch, former, "quitter cette adresse")
    person.looks("Entrez le code reçu par mail")
    assert NEW_MAILBOX in person.words
    steps.types_code(person, watch, NEW_MAILBOX, "nouvelle adresse")
    person.looks("Mon profil")
    assert "L’adresse mail est changée" in person.words
    assert NEW_MAILBOX in person.words
    assert "partagés par" not in person.words
    assert Account.objects.filter(credential__email=former).count() == 2
    post_office.deliver(at=watch.now())
    for address in (former, NEW_MAILBOX):
        assert "Ce n’est pas moi" in post_office.email_to(address, "adresse mail")


def _types_a_mailbox(person: Person, address: str, again: str) -> None:
    person.page.locator("#id_email").fill(address)
    person.page.locator("#id_email_again").fill(again)
    person.ticks("Seulement ce compte")
    person.page.locator("#id_present").fill(steps.OWN_PASSWORD)
    person.presses("Continuer")
    person.page.wait_for_load_state()


def test_a_change_of_mailbox_is_given_up_and_nothing_moves(person: Person, watch: Watch, me: Owner) -> None:
    former = steps.mailbox(me)
    _opens_the_profile(person, watch, me)
    person.follows("Changer d’adresse mail")
    person.page.locator("summary", has_text="Choisir dans la liste").click()
    person.looks("Changer d’adresse mail")
    _types_a_mailbox(person, NEW_MAILBOX, NEW_MAILBOX)
    person.presses("Annuler le changement")
    person.looks("Mon profil")
    assert "Rien n’a été changé" in person.words
    assert Account.objects.filter(credential__email=former).count() == 3
