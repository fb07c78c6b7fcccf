"""Rights by file: down, edited, up; shown row by row; applied, or told why not."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from parvis.kit.actors import Right
from parvis.landlords.models import Habilitation
from parvis.landlords.services.users import by_file
from tests.factories.landlords import Owner
from tests.factories.users import administrator, colleague, line, moment

pytestmark = pytest.mark.django_db


def at(me: Owner, name: str, *args: object) -> str:
    return reverse(name, args=[me.account.reference, *args])


def sends(me: Owner, text: str | bytes, name: str = "droits.csv") -> str:
    """Send a table, and read the report."""
    content = text.encode() if isinstance(text, str) else text
    answer: Any = me.browser().post(at(me, "rights-by-file"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    return str(answer.content.decode())


def applies(me: Owner, html: str) -> str:
    found = re.search(r'action="[^"]*appliquer/".*?name="rows" value="([^"]+)"', html, re.DOTALL)
    assert found is not None, html[:2000]
    answer: Any = me.browser().post(at(me, "rights-apply"), {"rows": found[1]}, follow=True)
    return str(answer.content.decode())


def rights_of(me: Owner, who: Owner) -> frozenset[Right]:
    return line(me, who).rights


def test_the_table_comes_down_in_both_forms_with_what_is() -> None:
    me = administrator()
    paul = colleague(me)
    csv = me.browser().get(at(me, "rights-table-csv")).content.decode("utf-8-sig")
    assert csv.splitlines()[0].startswith("Identifiant;Nom;Prénom;Consulter;Déclarer")
    assert f"{paul.account.login_id};Girard;Paul;Oui;Non" in csv
    sheet = me.browser().get(at(me, "rights-table-xlsx")).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    assert {row[0] for row in rows[1:]} == {me.account.login_id, paul.account.login_id}


def test_nothing_is_written_before_it_is_applied() -> None:
    me = administrator()
    paul = colleague(me)
    html = sends(me, f"Identifiant;Consulter;Déclarer\n{paul.account.login_id};oui;x\n")
    assert "reçoit Déclarer" in html
    assert rights_of(me, paul) == {Right.CONSULT}
    assert "1\u00a0personne changée" in applies(me, html)
    assert rights_of(me, paul) == {Right.CONSULT, Right.DECLARE}
    assert "n’ont pas été appliquées" in applies(me, html)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("LOG999999Z;oui;non", "n’est pas celui d’un utilisateur"),
        ("{paul};peut-être;non", "écrivez Oui ou Non"),
        ("{me};oui;non", "vos propres droits"),
        ("{paul};oui;oui\n{paul};oui;oui", "deux fois"),
    ],
)
def test_a_row_that_cannot_be_says_why(cells: str, why: str) -> None:
    me = administrator()
    paul = colleague(me)
    rows = cells.replace("{paul}", paul.account.login_id).replace("{me}", me.account.login_id)
    html = sends(me, f"identifiant;Consulter;Déclarer\n\n{rows}\n")
    assert why in html
    assert "Télécharger les lignes à corriger" in html


def test_dates_and_offices_are_read_and_refused() -> None:
    me = administrator()
    paul = colleague(me)
    head, login = "Identifiant;Caisses;Fin des droits", paul.account.login_id
    assert "fin\u00a0: 31/12/2030" in sends(me, f"{head}\n{login};441;31/12/2030\n")
    assert "n’est pas lisible" in sends(me, f"{head}\n{login};441;demain\n")
    assert "À corriger" in sends(me, f"{head}\n{login};999;\n")


@pytest.mark.parametrize("content", [b"", b"\x00" * 50, b"PK\x03\x04rien", b"Nom;Droits\nPaul;tout\n"])
def test_what_is_no_such_table_is_refused_with_a_sentence(content: bytes) -> None:
    me = administrator()
    html = sends(me, content, "n-importe.xlsx")
    assert "à corriger" in html
    assert "Appliquer" not in html


def test_rows_of_another_organisation_or_altered_are_not_applied() -> None:
    me, other = administrator(), administrator()
    paul = colleague(me)
    html = sends(me, f"Identifiant;Déclarer\n{paul.account.login_id};oui\n")
    found = re.search(r'name="rows" value="([^"]+)"', html)
    assert found is not None
    for who, rows in ((other, found[1]), (me, found[1][:-3] + "abc"), (me, "x")):
        answer: Any = who.browser().post(at(who, "rights-apply"), {"rows": rows}, follow=True)
        assert "Envoyez-le à nouveau" in answer.content.decode()
    assert rights_of(me, paul) == {Right.CONSULT}


def test_the_wrong_rows_come_back_with_what_is_wrong_and_no_formula() -> None:
    me = administrator()
    html = sends(me, "Identifiant;Nom\nLOG999999Z;=1+1\n")
    found = re.search(r'a-corriger/".*?name="rows" value="([^"]+)"', html, re.DOTALL)
    assert found is not None
    content = me.browser().post(at(me, "rights-wrong-rows"), {"rows": found[1]}).content
    head, row = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert head[-1] == by_file.FAULT
    assert row[1] == "=1+1"
    assert "n’est pas celui" in str(row[-1])


def test_only_administrators_have_it() -> None:
    me = administrator()
    paul = colleague(me)
    assert paul.browser().get(at(paul, "rights-by-file")).status_code == 403
    assert not Habilitation.objects.filter(account=paul.account, right="administer").exists()


def test_a_table_as_it_came_down_changes_nothing() -> None:
    me = administrator()
    colleague(me)
    report = by_file.read(me.browser().get(at(me, "rights-table-xlsx")).content, by=me.actor, at=moment())
    assert (report.ready, report.faults, report.unchanged) == ([], [], 2)
