"""What people do, page after page, the same with and without scripts, wide and narrow."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from parvis.identity import passwords
from tests.browser import post_office
from tests.browser.conftest import Watch
from tests.browser.person import Person
from tests.factories.captcha import read_from
from tests.factories.landlords import Owner, owner

OWN_PASSWORD = "Glycine-bleue-42!"
NEW_PASSWORD = "Lanterne-Moulin-92!"
HABITS = [
    pytest.param((1280, "light", True), id="wide, light, scripts"),
    pytest.param((320, "dark", False), id="narrow, dark, no script"),
]
"""Width, theme and scripts of the two kinds of browsers every story is told in."""

LINKED = "section[aria-labelledby=comptes-concernes] li h3"
"""The names on the page of the link."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody holds in their hands."""

    identifier: str
    password: str


def credentials_by_email(address: str) -> Credentials:
    """Read in the two e-mails of a birth."""
    identifier = post_office.value(post_office.email_to(address, "identifiant"), "Identifiant")
    return Credentials(
        identifier, post_office.value(post_office.email_to(address, "provisoire"), "Mot de passe provisoire")
    )


def credentials_by_letter(name: str) -> Credentials:
    """Read in the two letters of a birth."""
    identifier = post_office.value(post_office.letter_to(name, "Votre identifiant"), "Identifiant")
    return Credentials(
        identifier, post_office.value(post_office.letter_to(name, "mot de passe provisoire"), "Mot de passe provisoire")
    )


def types_credentials(person: Person, held: Credentials) -> None:
    """Fill the sign-in page and press."""
    person.goes("/connexion/")
    person.types("Identifiant ou adresse mail", held.identifier)
    person.types("Mot de passe", held.password)
    person.presses("Connexion")


def types_code(person: Person, watch: Watch, address: str, about: str = "est votre code") -> None:
    """Read the code in the mailbox, type it."""
    post_office.deliver(at=watch.now())
    person.types("Code à 6 chiffres", post_office.code(post_office.email_to(address, about)))
    person.presses("Valider")


def passes_the_captcha(person: Person) -> None:
    """Type what the picture shows."""
    person.page.locator("#id_captcha").fill(read_from(person.page.content())["captcha"])


def regular(someone: Owner | None = None) -> Owner:
    """A landlord, ``someone`` or a new one, who signs in every year with a password of their own."""
    someone = someone or owner()
    credential = someone.account.credential
    credential.password = passwords.hashed(OWN_PASSWORD)
    credential.save()
    return someone


def mailbox(someone: Owner) -> str:
    """Where their mails arrive."""
    someone.account.credential.refresh_from_db()
    return someone.account.credential.email or ""


def signs_in(person: Person, watch: Watch, someone: Owner, password: str = OWN_PASSWORD) -> None:
    """Both pages of the sign-in, in a browser that was never seen."""
    types_credentials(person, Credentials(someone.account.login_id, password))
    types_code(person, watch, mailbox(someone))
    person.page.get_by_role("heading", level=1, name="Bienvenue").wait_for()


def opens_the_account(
    person: Person, watch: Watch, held: Credentials, address: str, *, first_name: str, last_name: str
) -> None:
    """The first sign-in, from the provisional password to the welcome page; looks at each page on the way."""
    types_credentials(person, held)
    person.looks("Vos informations")
    person.types("Prénom", first_name)
    person.types("Nom", last_name)
    person.page.locator("#id_email").fill(address)
    person.page.locator("#id_email_again").fill(address)
    person.clicks(person.page.locator("main form button").first)
    person.looks("Entrez le code reçu par mail")
    types_code(person, watch, address)
    person.looks("Votre mot de passe")
    chooses_a_password(person)
    for heading in ("Règles d’usage", "Conditions de l’Espace bailleur"):
        person.looks(heading)
        person.ticks("J’accepte")
        person.presses("Accepter et continuer")
    person.looks("Votre espace est prêt")
    person.presses("Ouvrir l’Espace bailleur")


def chooses_a_password(person: Person) -> None:
    """A weak one is refused in words, and live where scripts run; a good one passes."""
    person.page.locator("#id_password").press_sequentially("Glycine")
    if person.script:
        done = {
            rule: person.page.locator(f"[data-rule={rule}]").get_attribute("data-done") for rule in ("lower", "digit")
        }
        assert done == {"lower": "true", "digit": "false"}
    person.page.locator("#id_password_again").fill("Glycine")
    person.presses("Continuer")
    person.looks("Votre mot de passe")
    assert person.page.title().startswith("Erreur")
    person.page.locator("#id_password").fill(OWN_PASSWORD)
    person.page.locator("#id_password_again").fill(OWN_PASSWORD)
    person.presses("Continuer")


def chooses_in_the_link(person: Person, password: str) -> None:
    """Type the password all the accounts of a mailbox will share."""
    person.page.locator("#id_password").fill(password)
    person.page.locator("#id_password_again").fill(password)
    person.clicks(person.page.locator("section", has_text="Nouveau mot de passe").get_by_role("button", name="Valider"))
    person.page.wait_for_load_state()


def comes_down(person: Person, link: str, place: Path) -> list[list[str]]:
    """Download a table by its link; its rows, as a spreadsheet opens them."""
    with person.page.expect_download() as download:
        person.page.get_by_role("link", name=link).click()
    download.value.save_as(place)
    with place.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def goes_up(person: Person, place: Path, rows: list[list[str]], button: str) -> None:
    """What the spreadsheet writes, sent back."""
    with place.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    person.page.locator("input[type=file]").set_input_files(place)
    person.presses(button)


def signs_out(person: Person) -> None:
    """One click, at the top."""
    person.presses("Déconnexion", within="header")
    assert person.path == "/connexion/"
    assert "Vous êtes déconnecté." in person.words
