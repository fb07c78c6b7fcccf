"""Payments and documents, as a landlord reads them: why it changed, for whom, since when; the bank; a year of papers."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.factories.landlords import Owner
from tests.factories.tenancies import payment, tenancy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
IN_JUNE, IN_JULY = date(2026, 6, 5), date(2026, 7, 5)


@pytest.fixture
def landlord(watch: Watch, folders: Settings) -> Owner:
    """Two months: an aid that waits, one that is withheld from, one that exceeds the rent; Apl on the 25th."""
    watch.set_to(office.MORNING)
    me = steps.regular()
    waits, withheld, exceeds, apl = (
        tenancy(me.landlord, last_name=name, rent_cents=20_000) for name in ("Abadie", "Benali", "Celik", "Durand")
    )
    for flat in (waits, withheld, exceeds):
        payment(flat, MAY, 18_000, paid_on=IN_JUNE, account_last4="0189")
    july: dict[str, Any] = {"paid_on": IN_JULY, "account_last4": "12AB"}
    payment(waits, JUNE, 0, reason_code="file_pending", **july)
    payment(withheld, JUNE, 18_000, **july)
    payment(withheld, date(2026, 3, 1), -1_500, kind="recovery", reason_code="overpayment", **july)
    payment(exceeds, JUNE, 21_200, reason_code="excess", **july)
    payment(apl, JUNE, 25_000, paid_on=date(2026, 6, 25))
    return me


@pytest.mark.parametrize("habits", steps.HABITS)
def test_a_payment_that_changed_explains_itself_and_is_found_again(
    habits: tuple[int, str, bool], someone: OpensABrowser, watch: Watch, landlord: Owner, tmp_path: Path
) -> None:
    width, theme, script = habits
    person = someone(width=width, theme=theme, script=script)
    steps.signs_in(person, watch, landlord)
    here = f"/c/{landlord.account.reference}/bailleur"
    person.goes(f"{here}/paiements/")
    person.looks("Paiements")
    for said in ("Apl, vers le 25", "Montant provisoire jusqu’au 3 août", "Versé en 2026"):
        assert said in person.words, said
    person.follows("05/07/2026")
    person.looks("Versement du 5 juillet 2026")
    for said in (
        "1 versement arrêté : −180,00 €",
        "L’aide est en attente d’un élément.",
        "15,00 € retenus sur une somme versée en trop en mars 2026.",
        "de 12,00 € : cette somme revient au locataire.",
    ):
        assert said in person.words, said
    assert "sur le compte •••• 12AB" in person.words
    person.follows("Seulement ce qui a changé")
    person.looks("Ce qui change depuis juin 2026")
    person.follows("Tous les locataires")
    person.follows("Lina Celik")
    person.looks("Versements pour Lina Celik")
    person.page.locator("main details.data summary").click()
    assert person.page.locator("main details.data table").is_visible()
    person.goes(f"{here}/paiements/retenues/")
    person.looks("Retenues et trop-perçus")
    person.goes(f"{here}/paiements/annees/2026/")
    person.looks("Récapitulatif 2026")
    _asks_the_bank(person, here, tmp_path)
    _finds_papers(person, here)


def _asks_the_bank(person: Person, here: str, tmp_path: Path) -> None:
    """One transfer looked for, then a whole statement of the bank."""
    person.goes(f"{here}/paiements/rapprocher/")
    person.looks("Rapprocher avec ma banque")
    person.types("Montant ou date", "05/07/2026")
    person.presses("Chercher")
    person.looks("Rapprocher avec ma banque")
    assert "377,00" in person.words
    lines = "Date;Libelle;Montant\r\n01/06/2026;x;-1,00\r\n06/07/2026;CAF 44;377,00\r\n31/07/2026;CAF 44;1,00\r\n"
    place = tmp_path / "releve.csv"
    place.write_text(lines, encoding="utf-8")
    person.page.locator("input[type=file]").set_input_files(place)
    person.presses("Rapprocher")
    person.looks("Résultat du rapprochement")
    for said in ("1 virement retrouvé", "2 introuvables", "1 en plus"):
        assert said in person.words, said


def _finds_papers(person: Person, here: str) -> None:
    """The documents of one tenant, then a year of them in one file."""
    person.goes(f"{here}/documents/")
    person.looks("Documents")
    person.types("Chercher un document", "celik")
    person.presses("Chercher")
    person.looks("Documents")
    person.follows("Documents de Lina Celik")
    person.looks("Documents")
    assert "Versement du 05/07/2026" in person.words
    assert "Versement du 25/06/2026" not in person.words
    person.goes(f"{here}/documents/annees/2026/")
    person.looks("Documents de 2026")
    with person.page.expect_download() as download:
        person.presses("Télécharger 2026")
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as file:
        assert sum(name.endswith(".pdf") for name in file.namelist()) == 3
