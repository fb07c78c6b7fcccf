"""An individual landlord, from the two e-mails to « Pris en compte »; told with scripts on a wide screen, without on a narrow one."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pypdf
import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.browser.steps import Credentials

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

JEAN_LUC = "jean-luc.moreau.151@bailleur.example"
HABITS = [
    pytest.param((1280, "light", True), id="wide, light, scripts"),
    pytest.param((320, "dark", False), id="narrow, dark, no script"),
]


@pytest.fixture(params=HABITS)
def person(request: pytest.FixtureRequest, someone: OpensABrowser) -> Person:
    width, theme, script = request.param
    return someone(width=width, theme=theme, script=script)


def test_an_individual_declares_the_july_rents(
    person: Person, someone: OpensABrowser, watch: Watch, folders: Settings
) -> None:
    office.delivers("0005067")
    watch.set_to(office.MORNING)
    held = steps.credentials_by_email(JEAN_LUC)
    steps.opens_the_account(person, watch, held, JEAN_LUC, first_name="Jean-Luc", last_name="Moreau")
    _sees_the_home(person)
    account = person.path.split("/")[2]
    _comes_back(person, someone, watch, held.identifier, account)
    _finds_tenants(person, account)
    _types_rents(person, account)
    number = _sends(person, account)
    _keeps_the_proof(person, account, number)
    _the_office_answers(person, watch, account, number)


def _sees_the_home(person: Person) -> None:
    person.looks("Espace bailleur")
    assert "0 loyer déclaré sur 5" in person.words
    person.goes("/".join(person.path.split("/")[:3]) + "/")
    person.looks("Bienvenue, Jean-Luc Moreau")


def _comes_back(person: Person, someone: OpensABrowser, watch: Watch, identifier: str, account: str) -> None:
    """Within the delay the same browser asks no code; another one does."""
    own = Credentials(identifier.lower(), steps.OWN_PASSWORD)
    steps.signs_out(person)
    person.looks("Bienvenue sur votre espace")
    assert person.goes(f"/c/{account}/") == 404
    person.looks("Page introuvable")
    watch.passes(hours=2)
    steps.types_credentials(person, Credentials(identifier, "Mauvais-mot-2"))
    person.looks("Bienvenue sur votre espace")
    assert "ne vont pas ensemble" in person.words
    steps.types_credentials(person, own)
    person.looks("Bienvenue, Jean-Luc")
    assert "Dernière connexion le 21/07/2026" in person.words
    elsewhere = someone(width=800)
    steps.types_credentials(elsewhere, Credentials(JEAN_LUC, steps.OWN_PASSWORD))
    elsewhere.looks("Entrez le code reçu par mail")
    steps.types_code(elsewhere, watch, JEAN_LUC)
    elsewhere.looks("Bienvenue, Jean-Luc")


def _finds_tenants(person: Person, account: str) -> None:
    person.goes(f"/c/{account}/bailleur/locataires/")
    person.looks("Mes locataires")
    person.types("Nom, n° allocataire, adresse ou lot", "lefevre")
    person.presses("Chercher")
    person.looks("Mes locataires")
    assert "Luc Lefèvre" in person.words
    expect(person.page.locator("body")).not_to_contain_text("Adam Thomas")
    person.page.locator("form.htmx-request").wait_for(state="detached")
    person.follows("Luc Lefèvre")
    person.looks("Luc Lefèvre")
    assert "517,01 €" in person.words.replace("\u202f", " ").replace("\u00a0", " ")
    person.page.go_back()
    person.goes(f"/c/{account}/bailleur/locataires/?loyer=a-declarer")
    person.looks("Mes locataires")
    assert person.page.locator("tbody tr").count() == 5


def _types_rents(person: Person, account: str) -> None:
    """One amount as it is, one to confirm, one whose comma slipped, one that cannot be read; one line stays empty."""
    person.goes(f"/c/{account}/bailleur/loyers/")
    person.looks("Loyers de juillet 2026")
    for name, amount in (
        ("Léa André", "230"),
        ("Luc Lefèvre", "600,00 €"),
        ("Adam Thomas", "6507,30"),
        ("Omar Roux", "1,234.56"),
    ):
        _types_rent(person, name, amount)
    if not person.script:
        person.presses("Enregistrer la page")
    for name, state in (
        ("Léa André", "Saisi"),
        ("Luc Lefèvre", "À confirmer"),
        ("Adam Thomas", "À corriger"),
        ("Omar Roux", "À corriger"),
    ):
        _line(person, name).get_by_text(state, exact=True).wait_for()
    person.looks("Loyers de juillet 2026")
    for name, answer in (("Luc Lefèvre", "Confirmer"), ("Adam Thomas", "Remplacer par")):
        person.clicks(_line(person, name).get_by_role("button", name=answer).first)
        _line(person, name).get_by_text("Saisi", exact=True).wait_for()
    person.goes(f"/c/{account}/bailleur/loyers/?etat=saisis")
    person.looks("Loyers de juillet 2026")
    assert person.page.locator("tbody").count() == 4
    person.goes(f"/c/{account}/bailleur/")
    assert "0 loyer déclaré sur 5" in person.words, "kept is not sent"
    assert "saisis, non transmis" in person.words


def _line(person: Person, name: str) -> Any:
    return person.page.locator("tbody", has_text=name)


def _types_rent(person: Person, name: str, amount: str) -> None:
    field = person.page.get_by_label(f"Loyer hors charges de juillet 2026, {name}")
    field.fill(amount)
    if person.script:
        with person.page.expect_response(
            lambda response: "/loyers/" in response.url and response.request.method == "POST"
        ):
            field.press("Tab")
        person.page.get_by_text("Enregistré à").wait_for()


def _sends(person: Person, account: str) -> str:
    """Clicks twice: one receipt."""
    person.goes(f"/c/{account}/bailleur/loyers/")
    person.presses("Vérifier et transmettre")
    person.looks("Vérifiez avant de transmettre")
    assert "3 loyers" in person.words
    person.page.get_by_role("button", name="Transmettre à").dblclick()
    person.page.get_by_text("Télécharger le PDF").wait_for()
    person.looks()
    number = re.search(r"AR-2026-\d\d-\d+", person.words)
    assert number is not None
    person.goes(f"/c/{account}/bailleur/accuses/")
    person.looks("Mes accusés")
    assert person.page.locator("tbody tr").count() == 1
    return number[0]


def _keeps_the_proof(person: Person, account: str, number: str) -> None:
    """The receipt's PDF says the same and can be read aloud; the public page vouches for it without telling of tenants."""
    person.goes(f"/c/{account}/bailleur/accuses/{number}/")
    code = re.search(rf"N° {number} Code (\S+)", person.words)
    assert code is not None, person.words
    answer = person.context.request.get(f"/c/{account}/bailleur/accuses/{number}/pdf/")
    pdf = pypdf.PdfReader(BytesIO(answer.body()))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert number in text
    assert code[1] in text
    assert "Lefèvre" in text
    catalogue: Any = pdf.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"], "tagged, so that it can be read aloud"
    assert catalogue["/Lang"].startswith("fr")
    person.goes("/verifier/")
    person.types("Numéro", number)
    person.types("Code", code[1].lower())
    person.presses("Vérifier")
    person.looks("Vérifier un accusé")
    assert "Document authentique" in person.words
    assert "Lefèvre" not in person.words
    assert "Moreau" not in person.page.locator("main").inner_text()
    person.types("Code", "AAAAAAAA")
    person.presses("Vérifier")
    assert "ne correspond à aucun accusé" in person.words


def _the_office_answers(person: Person, watch: Watch, account: str, number: str) -> None:
    """What was sent leaves once; the answer shows on the receipt, on the sheet, in the grid."""
    sent = office.takes()
    rents = {line["claimant_number"]: line["details"]["rent_cents"] for line in sent}
    assert rents == {"1500381": 23_000, "1500611": 60_000, "1501071": 65_073}
    references = {line["claimant_number"]: line["declaration_ref"] for line in sent}
    assert office.takes() == []
    watch.passes(hours=20)
    office.answers(
        2,
        (references["1500381"], "integrated", ""),
        (references["1500611"], "manual", ""),
        at=watch.now(),
    )
    person.goes(f"/c/{account}/bailleur/accuses/{number}/")
    person.looks("Bienvenue sur votre espace")
    assert "déconnecté après 30 minutes sans activité" in person.words
    person.types("Identifiant ou adresse mail", JEAN_LUC)
    person.types("Mot de passe", steps.OWN_PASSWORD)
    person.presses("Connexion")
    person.looks()
    assert person.path.endswith(f"/accuses/{number}/"), "one comes back to the page asked for"
    assert "Pris en compte" in person.words
    assert "En traitement" in person.words
    person.follows("Léa André")
    person.looks("Léa André")
    assert "Pris en compte" in person.words
    person.goes(f"/c/{account}/bailleur/loyers/?etat=tous")
    person.looks("Loyers de juillet 2026")
    person.goes(f"/c/{account}/bailleur/")
    person.looks("Espace bailleur")
