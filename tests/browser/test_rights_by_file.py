"""Rights by file, as an administrator does it: the table down, one cell changed, back up, read, applied."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from parvis.kit.actors import Right
from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.factories.landlords import Owner
from tests.factories.users import administrator, colleague, line

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two(watch: Watch, folders: Settings) -> tuple[Owner, Owner]:
    """An administrator with a password of their own, and a colleague who may only read."""
    watch.set_to(office.MORNING)
    me = steps.regular(administrator())
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
    header, *rows = steps.comes_down(person, "Tableau CSV", tmp_path / "droits.csv")
    declares = header.index("Déclarer")
    for row in rows:
        if row[0] == paul.account.login_id:
            assert row[declares] == "Non"
            row[declares] = "Oui"
    wrong = ["LOG999999Z", *[""] * (len(header) - 1)]
    steps.goes_up(person, tmp_path / "modifie.csv", [header, *rows, wrong], "Vérifier le fichier")
    person.looks("Vérification du fichier")
    for said in ("1 changement prêt", "1 ligne à corriger", "1 ligne sans changement", "reçoit Déclarer", "LOG999999Z"):
        assert said in person.words, said
    assert line(me, paul).rights == {Right.CONSULT}, "nothing is changed yet"
    person.presses("Appliquer")
    person.looks("1")
    assert "personne changée" in person.words
    assert line(me, paul).rights == {Right.CONSULT, Right.DECLARE}
    person.follows("Retour aux utilisateurs")
    person.looks("Utilisateurs et droits")
