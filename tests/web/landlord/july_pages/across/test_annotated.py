"""The lines of a file of several accounts, annotated in one table: down, mended, up again."""

from __future__ import annotations

import csv
import io
import re
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest
from django.test import Client

from parvis.audit.models import Entry
from parvis.declarations.bulk import columns, editing
from parvis.declarations.bulk.intake import parting
from parvis.declarations.bulk.models import RentFile, RentUpload
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.landlords.models import Habilitation
from parvis.sheets import reading
from parvis.sheets.writing import kept_file
from parvis.tenancies.models import Tenancy
from tests.factories.declarations import NOW, YEAR
from tests.web.landlord.july import address
from tests.web.landlord.july_pages.across.test_across import said, two_accounts
from tests.web.landlord.july_pages.across.test_by_file import both, place, put

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def down(client: Client) -> list[list[str]]:
    content = b"".join(client.get(place("rents-across-file-annotated-csv")))
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def key(of: Tenancy | UUID) -> str:
    return columns.key_of(YEAR, of.reference if isinstance(of, Tenancy) else of)


def sent(client: Client, *lines: str) -> None:
    put(client, "\r\n".join(lines).encode())


def test_a_table_of_opendocument_goes_back_as_one_in_which_nothing_is_a_formula() -> None:
    me, _, mine, theirs = two_accounts()
    client = me.browser()
    rows = [[key(mine), "525", "=1+1"], [key(theirs), "bonjour", "+HYPERLINK()"]]
    put(client, writing_ods(["Clé", f"Loyer juillet {YEAR}", "Note"], rows))
    page = said(client.get(place()))
    assert f'href="{place("rents-across-file-annotated-ods")}"' in page
    across = b"".join(client.get(place("rents-across-file-annotated-ods")))
    alone = RentFile.objects.get(account=me.account)
    here = address(me, "rent-file-annotated-ods", alone.reference)
    assert f'href="{here}"' in client.get(address(me, "rent-file", alone.reference)).content.decode()
    answer = client.get(here)
    assert answer.headers["Content-Type"] == "application/vnd.oasis.opendocument.spreadsheet"
    assert answer.headers["Content-Disposition"].endswith('.ods"')
    for content, words in ((across, ["=1+1", "+HYPERLINK()", "À corriger"]), (b"".join(answer), ["=1+1", "Prêt"])):
        sheet = ZipFile(io.BytesIO(content)).read("content.xml").decode()
        assert "table:formula" not in sheet
        assert set(re.findall(r'office:value-type="(\w+)"', sheet)) == {"string"}
        cells = {cell for row in reading.rows(content) for cell in row}
        assert cells.issuperset(words)
    client.post(place("rents-across-file-abandon"))
    put(client, across)
    assert RentFile.objects.filter(upload=RentUpload.objects.latest("pk")).count() == 2


def writing_ods(header: list[str], rows: list[list[str]]) -> bytes:
    with kept_file("ods", header, rows) as file:
        return file.read()


def test_all_lines_come_down_annotated_and_go_up_again() -> None:
    me, other, mine, theirs = two_accounts()
    client = me.browser()
    lost = uuid4()
    sent(client, f"Clé;Loyer juillet {YEAR}", f"{key(theirs)};5240", f"{key(mine)};525", f"{key(lost)};530")
    page = said(client.get(place()))
    assert place("rents-across-file-annotated-xlsx") in page
    assert "à la fin, celles sans compte." in page
    head, *rows = down(client)
    assert head == ["Clé", f"Loyer juillet {YEAR}", "Résultat", "Que corriger", "Compte"]
    found = {row[0]: row[1:] for row in rows}
    assert found[key(mine)] == ["525", "Prêt", "", "Alliance Familiale"]
    wrong = found[key(theirs)]
    assert (wrong[0], wrong[1], wrong[3]) == ("5240", "À corriger", "Les Deux Rives")
    assert wrong[2]
    assert (rows[-1][:3], bool(rows[-1][3])) == ([key(lost), "530", "Sans compte"], True)
    noted = Entry.objects.filter(event="tenancies.exported", details__kind="annotated-rents")
    assert set(noted.values_list("partner_id", "details__rows")) == {(me.landlord.pk, 1), (other.landlord.pk, 1)}
    assert client.get(place("rents-across-file-annotated-xlsx")).status_code == 200
    client.post(place("rents-across-file-abandon"))
    sent(
        client,
        ";".join(head),
        *(";".join(cell.replace("5240", "524") if n == 1 else cell for n, cell in enumerate(row)) for row in rows),
    )
    again = RentUpload.objects.latest("pk")
    assert [part.counts["ready"] for part in again.parts.all()] == [1, 1]
    assert again.stray_count == 1


def test_a_line_nobody_took_keeps_all_that_was_written_on_it() -> None:
    me, _, mine, _ = two_accounts()
    client = me.browser()
    head = f"Clé;Compte;Caisse;N° allocataire;Votre référence;Loyer juillet {YEAR}"
    stray = f"{key(uuid4())};Les Deux Rives;751;7654321;REF 9;530"
    sent(client, head, f"{key(mine)};Alliance Familiale;;;;525", stray)
    rows = down(client)
    assert rows[0] == [*head.split(";"), "Résultat", "Que corriger"]
    assert rows[-1][:7] == [*stray.split(";"), "Sans compte"]


def test_rows_wider_than_the_head_stand_under_the_right_titles() -> None:
    me, _, mine, theirs = two_accounts()
    client = me.browser()
    sent(
        client, f"Clé;Loyer juillet {YEAR}", f"{key(mine)};525", f"{key(theirs)};526;note", f"{key(uuid4())};527;;autre"
    )
    head, *rows = down(client)
    assert head == ["Clé", f"Loyer juillet {YEAR}", "", "", "Résultat", "Que corriger", "Compte"]
    assert [row[2:5] for row in rows] == [["", "", "Prêt"], ["note", "", "Prêt"], ["", "autre", "Sans compte"]]


def test_keys_may_stand_beyond_the_head() -> None:
    me, _, mine, _ = two_accounts()
    client = me.browser()
    sent(client, f"N° allocataire;Loyer juillet {YEAR}", f";525;{key(mine)}", f";530;{key(uuid4())}")
    head, *rows = down(client)
    assert head[:4] == ["N° allocataire", f"Loyer juillet {YEAR}", "", "Résultat"]
    assert [row[3] for row in rows] == ["Prêt", "Sans compte"]


def test_a_head_in_two_lines_comes_down_whole() -> None:
    me, _, mine, _ = two_accounts()
    client = me.browser()
    long = f"Loyer {'hors charges ' * 6}du mois de juillet"
    sent(client, f";{long};", f"Clé;{YEAR - 1};{YEAR}", f"{key(mine)};;525")
    head, line = down(client)
    assert head[:3] == ["Clé", f"{long} {YEAR - 1}", f"{long} {YEAR}"]
    assert (head[-3:], line[-3:]) == (["Résultat", "Que corriger", "Compte"], ["Prêt", "", "Alliance Familiale"])


def test_of_many_lines_without_account_the_page_says_how_many_come_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parting, "MOST_STRAYS", 2)
    me, _, mine, _ = two_accounts()
    client = me.browser()
    sent(client, f"Clé;Loyer juillet {YEAR}", f"{key(mine)};525", *(f"{key(uuid4())};530" for _ in range(3)))
    assert "les 2 premières lignes sans compte sur 3." in said(client.get(place())).replace("\u00a0", " ")
    assert len(down(client)) == 4


def test_what_was_mended_on_screen_comes_down_mended() -> None:
    me, other, mine, theirs = two_accounts()
    client = both(me, mine, theirs, "525", "5240")
    file = RentFile.objects.get(account=other.account)
    editing.change_line(other.actor, file.reference, 3, typed="524")
    assert {row[0]: row[1:3] for row in down(client)[1:]}[key(theirs)] == ["524", "Prêt"]


def test_a_heavy_share_still_says_whose_its_lines_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parting, "HEAVY", 0)
    me, _, mine, _ = two_accounts()
    client = me.browser()
    sent(client, f"Clé;Compte;Locataire;Loyer juillet {YEAR}", f"{key(mine)};Alliance Familiale;Abadie;525")
    assert down(client)[1][:5] == [key(mine), "Alliance Familiale", "", "525", "Prêt"]


def test_an_account_whose_right_was_lost_is_not_in_the_table() -> None:
    me, other, mine, theirs = two_accounts()
    client = both(me, mine, theirs, "525", "526")
    Habilitation.objects.filter(account=other.account, right=Right.DECLARE).update(ended_at=NOW)
    assert [row[0] for row in down(client)[1:]] == [key(mine)]


def test_nothing_is_annotated_where_nothing_waits() -> None:
    me, _, mine, theirs = two_accounts()
    client = both(me, mine, theirs, "525", "526")
    client.post(place("rents-across-file-confirm"), {"wish": "send"})
    assert client.get(place("rents-across-file-annotated-csv")).status_code == 404
    assert place("rents-across-file-annotated-csv") not in said(client.get(place()))
