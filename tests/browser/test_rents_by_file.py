"""July rents by file, as a landlord sends them: the table down, one column filled, up again, mended on the spot, sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from parvis.declarations.models import Receipt
from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.factories import declarations
from tests.factories.landlords import Owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def landlord(watch: Watch, folders: Settings) -> Owner:
    """Three tenants of last July at 524,00 €."""
    watch.set_to(office.MORNING)
    me = steps.regular()
    for name in ("Abadie", "Benali", "Celik"):
        july_rent(tenancy(me.landlord, last_name=name), declarations.YEAR - 1, 52_400)
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
    header, *rows = steps.comes_down(person, "Télécharger (CSV)", tmp_path / "loyers.csv")
    for row, amount in zip(rows, ("525,00", "5240", ""), strict=True):
        row[-2] = amount
    steps.goes_up(person, tmp_path / "complet.csv", [header, *rows], "Contrôler le fichier")
    person.looks("Contrôle du fichier")
    for said in ("1 prêt", "1 à corriger", "1 sans montant", "La virgule est peut-être mal placée."):
        assert said in person.words, said
    person.presses("Remplacer par 524,00")
    person.looks("Contrôle du fichier")
    assert "2 prêts" in person.words
    person.presses("Confirmer")
    person.looks("2")
    assert Receipt.objects.get().number in person.words
