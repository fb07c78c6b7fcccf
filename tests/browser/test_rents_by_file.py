"""July rents by file, as a landlord sends them: the table down, one column filled, up again, mended on the spot, sent."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from parvis.declarations.bulk import intake
from parvis.declarations.bulk.intake import receiving
from parvis.declarations.models import Receipt
from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.factories import declarations
from tests.factories.landlords import Owner, owner
from tests.factories.landlords import landlord as made_landlord
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


@pytest.fixture
def agency(landlord: Owner) -> tuple[Owner, Owner]:
    """The same person with a second account, where Zola lives."""
    other = owner(made_landlord(company_name="Les Deux Rives"), credential=landlord.account.credential)
    july_rent(tenancy(other.landlord, last_name="Zola"), declarations.YEAR - 1, 52_400)
    declarations.campaign()
    return landlord, other


@pytest.mark.parametrize("habits", steps.HABITS)
def test_rents_of_two_accounts_are_declared_with_one_spreadsheet(
    habits: tuple[int, str, bool],
    someone: OpensABrowser,
    watch: Watch,
    agency: tuple[Owner, Owner],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    width, theme, script = habits
    me, other = agency
    person = someone(width=width, theme=theme, script=script)
    steps.types_credentials(person, steps.Credentials(me.account.login_id, steps.OWN_PASSWORD))
    steps.types_code(person, watch, steps.mailbox(me))
    monkeypatch.setattr(receiving, "SMALL_BYTES", 0)
    _fills_one_table(person, me, tmp_path)
    person.looks("Contrôle du fichier")
    assert "Contrôle en attente." in person.words
    while intake.work_one(at=watch.now()):
        pass
    if script:
        person.reads("Transmettre les 2 loyers prêts")
    else:
        person.follows("Actualiser")
    person.looks("Contrôle du fichier")
    for said in ("2 prêts, 1 sans montant", "1 à corriger", "1 ligne sans compte", "reçoit son propre accusé"):
        assert said in person.words, said
    person.follows("Voir les lignes de Les Deux Rives")
    person.presses("Remplacer par 524,00")
    person.follows("Tous les comptes de ce fichier")
    person.presses("Confirmer")
    person.looks("Contrôle du fichier")
    receipts = dict(Receipt.objects.values_list("account_id", "number"))
    assert set(receipts) == {me.account.pk, other.account.pk}
    for number in receipts.values():
        assert number in person.words


def _fills_one_table(person: Person, me: Owner, folder: Path) -> None:
    """The table of both accounts down, filled, and up with a line that is nobody's."""
    person.goes("/comptes/loyers-a-declarer/")
    person.follows("Déclarer par fichier")
    person.looks("Loyers de juillet")
    header, *rows = steps.comes_down(person, "Télécharger (CSV)", folder / "loyers.csv")
    assert [row[1] for row in rows] == [me.landlord.company_name] * 3 + ["Les Deux Rives"]
    for row, amount in zip(rows, ("525,00", "526,00", "", "5240"), strict=True):
        row[-2] = amount
    stranger = [f"{declarations.YEAR}-{uuid4()}", *[""] * (len(header) - 3), "527", ""]
    steps.goes_up(person, folder / "complet.csv", [header, *rows, stranger], "Contrôler le fichier")
