"""July rents by file, as a landlord sends them: the table down, one column filled, up again, mended on the spot, sent."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from pytest_django import Settings

from parvis.declarations.models import Receipt
from parvis.identity import passwords
from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.factories import declarations
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def landlord(watch: Watch, folders: Settings) -> Owner:
    """Three tenants of last July at 512,00 €."""
    watch.set_to(office.MORNING)
    me = owner()
    credential = me.account.credential
    credential.password = passwords.hashed(steps.OWN_PASSWORD)
    credential.save()
    for name in ("Abadie", "Benali", "Celik"):
        july_rent(tenancy(me.landlord, last_name=name), declarations.YEAR - 1, 51_200)
    declarations.campaign()
    return me


@pytest.mark.parametrize("habits", steps.HABITS)
def test_rents_are_declared_with_a_spreadsheet(
    habits: tuple[int, str, bool], someone: OpensABrowser, watch: Watch, landlord: Owner, tmp_path: Path
) -> None:
    width, theme, script = habits
    person = someone(width=width, theme=theme, script=script)
    steps.signs_in(person, watch, landlord)
    person.goes(f"/c/{landlord.account.reference}/bailleur/loyers/")
    person.follows("Déclarer par fichier")
    person.looks("Loyers de juillet")
    header, *rows = _comes_down(person, tmp_path / "loyers.csv")
    for row, amount in zip(rows, ("525,00", "5120", ""), strict=True):
        row[-1] = amount
    _goes_up(person, tmp_path / "complet.csv", [header, *rows])
    person.looks("Contrôle du fichier")
    for said in ("1 prêt", "1 à corriger", "1 sans montant", "La virgule est peut-être mal placée."):
        assert said in person.words.replace("\u00a0", " "), said
    person.presses("Remplacer par 512,00")
    person.looks("Contrôle du fichier")
    assert "2 prêts" in person.words.replace("\u00a0", " ")
    person.presses("Confirmer")
    person.looks("2")
    assert Receipt.objects.get().number in person.words


def _comes_down(person: Person, place: Path) -> list[list[str]]:
    """The table, as a spreadsheet opens it."""
    with person.page.expect_download() as download:
        person.page.get_by_role("link", name="Télécharger (CSV)").click()
    download.value.save_as(place)
    return list(csv.reader(io.StringIO(place.read_text(encoding="utf-8-sig")), delimiter=";"))


def _goes_up(person: Person, place: Path, rows: list[list[str]]) -> None:
    """What the spreadsheet writes, sent back."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows)
    place.write_text(text.getvalue(), encoding="utf-8-sig")
    person.page.locator("input[type=file]").set_input_files(place)
    person.presses("Contrôler le fichier")
