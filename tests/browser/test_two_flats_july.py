"""The July of a landlord with two flats: on a telephone, by the keyboard alone, without JavaScript, to « Pris en compte »."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from parvis.declarations.models import Declaration, Receipt
from tests.browser import office, post_office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.factories import declarations
from tests.factories.landlords import Owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIELD = "Loyer hors charges de juillet 2026, Lina "


@pytest.fixture
def landlord(watch: Watch, folders: Settings) -> Owner:
    """Two tenants who paid 524,00 € last July."""
    watch.set_to(office.MORNING)
    me = steps.regular()
    for name in ("Arnaud", "Bertin"):
        july_rent(tenancy(me.landlord, last_name=name), declarations.YEAR - 1, 52_400)
    declarations.campaign()
    return me


def test_two_flats_are_declared_on_a_telephone_by_the_keyboard(
    someone: OpensABrowser, watch: Watch, landlord: Owner
) -> None:
    person = someone(width=320, theme="dark", script=False)
    _signs_in(person, watch, landlord)
    _presses(person, "Espace bailleur")
    person.looks("Espace bailleur")
    _presses(person, "Déclarer les 2")
    person.looks("Loyers de juillet 2026")
    _types_both(person)
    first = _sends(person, "2 loyers transmis")
    _corrects_the_second(person, landlord)
    _the_office_answers(person, watch, landlord)
    assert Receipt.objects.count() == 2
    assert Receipt.objects.order_by("pk").values_list("number", flat=True)[0] == first


def _presses(person: Person, words: str) -> None:
    """Reach a link or a button with Tab, press Enter, wait for the page."""
    person.tabs_to(words, most=120)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")


def _signs_in(person: Person, watch: Watch, landlord: Owner) -> None:
    keys = person.page.keyboard
    person.goes("/connexion/")
    person.tabs_to("Identifiant ou adresse mail")
    keys.type(landlord.account.login_id)
    person.tabs_to("Mot de passe", most=3)
    keys.type(steps.OWN_PASSWORD)
    with person.page.expect_navigation():
        keys.press("Enter")
    post_office.deliver(at=watch.now())
    person.tabs_to("Code à 6 chiffres")
    keys.type(post_office.code(post_office.email_to(steps.mailbox(landlord), "est votre code")))
    with person.page.expect_navigation():
        keys.press("Enter")
    person.looks("Bienvenue")


def _types_both(person: Person) -> None:
    """The first as it is; the second far higher: a sentence asks, one press confirms, nothing typed is lost."""
    keys = person.page.keyboard
    person.tabs_to(f"{FIELD}Arnaud", most=120)
    keys.type("515")
    person.tabs_to(f"{FIELD}Bertin", most=10)
    keys.type("589,50 euros")
    _presses(person, "Enregistrer")
    person.looks("Loyers de juillet 2026")
    assert person.page.get_by_label(f"{FIELD}Arnaud").input_value() == "515,00"
    line = person.page.locator("tbody", has_text="Bertin")
    assert "À confirmer" in line.inner_text()
    assert "589,50" in line.inner_text().replace("\u00a0", " ")
    _presses(person, "Confirmer 589,50")
    person.looks("Loyers de juillet 2026")
    assert "Saisi" in person.page.locator("tbody", has_text="Bertin").inner_text()


def _sends(person: Person, heading: str) -> str:
    """The last look, the sending, the receipt; coming back to send again gives nothing more to send."""
    _presses(person, "Vérifier et transmettre")
    person.looks("Vérifiez avant de transmettre")
    _presses(person, "Transmettre à")
    person.looks(heading)
    person.page.go_back()
    person.page.go_forward()
    person.looks(heading)
    return str(Receipt.objects.get().number)


def _corrects_the_second(person: Person, landlord: Owner) -> None:
    """One figure was wrong: another look, another receipt, the first one says that it was replaced."""
    bertin = Declaration.objects.get(tenancy__last_name="Bertin").tenancy
    person.goes(f"/c/{landlord.account.reference}/bailleur/locataires/{bertin.reference}/")
    person.looks("Lina Bertin")
    _presses(person, "Loyer de juillet 2026")
    person.looks("Loyer de juillet 2026 : Lina Bertin")
    _presses(person, "Corriger")
    person.looks("Corriger un loyer")
    field = person.page.locator("main input[name=rent]")
    field.focus()
    person.page.keyboard.press("Control+A")
    person.page.keyboard.type("519,50")
    while Receipt.objects.count() == 1:
        with person.page.expect_navigation():
            person.page.locator("main form [type=submit], main form button").first.press("Enter")
        person.looks()
    assert "519,50" in person.words
    assert Declaration.objects.get(tenancy=bertin, state="corrected").details["rent_cents"] == 58_950


def _the_office_answers(person: Person, watch: Watch, landlord: Owner) -> None:
    """Both rents leave, the one that was replaced before its correction; the answer shows on the sheet and on home."""
    sent = office.takes()
    assert [line["details"]["rent_cents"] for line in sent] in ([51_500, 58_950, 51_950], [58_950, 51_500, 51_950])
    taken = [line["declaration_ref"] for line in sent if line["details"]["rent_cents"] != 58_950]
    watch.passes(hours=20)
    office.answers(1, *((reference, "integrated", "") for reference in taken), at=watch.now())
    person.goes(f"/c/{landlord.account.reference}/bailleur/")
    person.looks("Bienvenue sur votre espace")
    person.types("Identifiant ou adresse mail", landlord.account.login_id)
    person.types("Mot de passe", steps.OWN_PASSWORD)
    person.presses("Connexion")
    person.looks("Espace bailleur")
    assert "Tous vos loyers sont transmis" in person.words
    person.goes(f"/c/{landlord.account.reference}/bailleur/declarations/?etat=prises-en-compte")
    person.looks("Mes déclarations")
    assert person.page.locator("tbody tr").count() == 2
