"""Rights by file, as an administrator does it: the table down, one cell changed, back up, read, applied."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from pytest_django import Settings

from parvis.identity import passwords
from parvis.kit.actors import Right
from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.factories.landlords import Owner
from tests.factories.users import administrator, colleague, line

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two(watch: Watch, folders: Settings) -> tuple[Owner, Owner]:
    """An administrator with a password of their own, and a colleague who may only read."""
    watch.set_to(office.MORNING)
    me = administrator()
    credential = me.account.credential
    credential.password = passwords.hashed(steps.OWN_PASSWORD)
    credential.save()
    return me, colleague(me)


@pytest.mark.parametrize("habits", steps.HABITS)
def test_rights_are_changed_with_a_spreadsheet(
    habits: tuple[int, str, bool], someone: OpensABrowser, watch: Watch, two: tuple[Owner, Owner], tmp_path: Path
) -> None:
    me, paul = two
    width, theme, script = habits
    person = someone(width=width, theme=theme, script=script)
    steps.signs_in(person, watch, me)
    person.goes(f"/c/{me.account.reference}/utilisateurs/")
    person.follows("par fichier")
    person.looks("Droits par fichier")
    header, *rows = _comes_down(person, tmp_path / "droits.csv")
    declares = header.index("Déclarer")
    for row in rows:
        if row[0] == paul.account.login_id:
            assert row[declares] == "Non"
            row[declares] = "Oui"
    wrong = ["LOG999999Z", *[""] * (len(header) - 1)]
    _goes_up(person, tmp_path / "modifie.csv", [header, *rows, wrong])
    person.looks("Vérification du fichier")
    for said in ("1 changement prêt", "1 ligne à corriger", "1 ligne sans changement", "reçoit Déclarer", "LOG999999Z"):
        assert said in person.words.replace("\u00a0", " "), said
    assert line(me, paul).rights == {Right.CONSULT}, "nothing is changed yet"
    person.presses("Appliquer")
    person.looks("1")
    assert "personne changée" in person.words
    assert line(me, paul).rights == {Right.CONSULT, Right.DECLARE}
    person.follows("Retour aux utilisateurs")
    person.looks("Utilisateurs et droits")


def _comes_down(person: Person, kept: Path) -> list[list[str]]:
    """The CSV table as the browser saves it, read as a spreadsheet reads it."""
    with person.page.expect_download() as coming:
        person.follows("Tableau CSV")
    coming.value.save_as(kept)
    assert coming.value.suggested_filename == "utilisateurs.csv"
    return list(csv.reader(io.StringIO(kept.read_text(encoding="utf-8-sig")), delimiter=";"))


def _goes_up(person: Person, kept: Path, rows: list[list[str]]) -> None:
    """Save, choose the file, press."""
    with kept.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    person.page.locator("input[type=file]").set_input_files(kept)
    person.presses("Vérifier le fichier")
