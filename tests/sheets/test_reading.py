"""Files in whatever shape people produce them, and files made to do harm."""

from __future__ import annotations

import io
import os
import zipfile
from contextlib import closing

import pytest
import xlsxwriter

from parvis.declarations.bulk import columns
from parvis.sheets import limits, reading, writing
from parvis.sheets.refusals import Unreadable

ROWS = [["Nom", "Droit"], ["Zoé Grandvallet", "oui"], ["Œuvre d’Inès", "non"]]


def read(content: bytes) -> list[list[str]]:
    return list(reading.rows(content))


def refused(content: bytes) -> str:
    with pytest.raises(Unreadable) as refusal:
        read(content)
    return refusal.value.why


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_any_usual_encoding_with_any_usual_separator(separator: str, encoding: str) -> None:
    text = "\r\n".join(separator.join(row) for row in ROWS)
    assert read(text.encode(encoding)) == ROWS


def test_quotes_hold_separators_and_lines() -> None:
    assert read(b'a;b\r\n"x;y";"un\ndeux ""trois"""\r\n') == [["a", "b"], ["x;y", 'un\ndeux "trois"']]


def test_the_line_that_names_the_separator_is_no_row() -> None:
    assert read(b"sep=,\r\na,b;c\r\n1,2;3\r\n") == [["a", "b;c"], ["1", "2;3"]]


def test_one_column_and_blank_lines() -> None:
    assert read(b"montant\n525,00\n\n530\n") == [["montant"], ["525,00"], [], ["530"]]


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_workbook_gives_what_was_written(form: str) -> None:
    with writing.kept_file(form, ["Nom", "Loyer"], [["Moreau", 525.5], ["00123", 12], ["", None]]) as file:
        content = file.read()
    assert read(content)[:3] == [["Nom", "Loyer"], ["Moreau", "525,5"], ["00123", "12"]]


def test_dates_booleans_and_hidden_sheets() -> None:
    from datetime import datetime

    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        hidden = workbook.add_worksheet("Listes")
        hidden.write(0, 0, "caché")
        shown = workbook.add_worksheet("Saisie")
        shown.write_datetime(0, 0, datetime(2026, 7, 1), workbook.add_format({"num_format": "dd/mm/yyyy"}))
        shown.write(0, 1, True)
        shown.activate()
        shown.set_first_sheet()
        hidden.hide()
    assert read(file.getvalue()) == [["2026-07-01", "VRAI"]]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"  \r\n ", "empty"),
        (b"%PDF-1.7 abc", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "not_a_table"),
        (b"<!doctype html><html><body>", "not_a_table"),
        (b"\0" * 300, "not_a_table"),
        (b"PK\x03\x04" + b"x" * 400, "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "damaged"),
        (b"a" * 40_000_001, "too_heavy"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, why: str) -> None:
    assert refused(content) == why


def archive(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


def test_an_archive_of_something_else_is_no_table() -> None:
    assert refused(archive(word__document_xml=b"<w/>")) == "not_a_table"


def test_a_bomb_is_refused_at_once() -> None:
    bomb = archive(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=b"0" * 320_000_000)
    assert len(bomb) < 1_000_000
    nothing, _ = _spent(archive(word__document_xml=b"<w/>"))
    spent, refusal = _spent(bomb)
    assert refusal == "too_large"
    assert spent < 2 * nothing + 0.3, "neither this process nor the limited one works on it"


def _spent(content: bytes) -> tuple[float, str]:
    """CPU seconds to refuse it, those of the limited process too; and the refusal."""
    begun = os.times()
    refusal = refused(content)
    ended = os.times()
    return sum(ended[:4]) - sum(begun[:4]), refusal


def test_a_bomb_that_lies_about_its_size_is_refused_too() -> None:
    bomb = bytearray(archive(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=b"0" * 320_000_000))
    told = (320_000_000).to_bytes(4, "little")
    while (place := bomb.find(told)) >= 0:
        bomb[place : place + 4] = (1_000).to_bytes(4, "little")
    assert refused(bytes(bomb)) == "too_large"


def test_poisoned_xml_is_refused() -> None:
    good = writing.xlsx(["a"], [["b"]])
    laughs = '<!DOCTYPE z [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 50}">' for n in range(8)
    )
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/sharedStrings.xml":
                content = f'{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]><sst><si><t>&i;&f;</t></si></sst>'.encode()
            new.writestr(name, content)
    assert refused(file.getvalue()) == "damaged"


def test_too_many_rows_are_said_after_those_that_were_read(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = reading.rows(b"a\n" * (limits.MOST_ROWS + 1))
    with pytest.raises(Unreadable, match="trop de lignes"):
        for _ in rows:
            pass


def test_a_table_of_300_000_tenancies_has_room_for_its_head_and_titles() -> None:
    content = b"a;b\n" * (300_000 + 1 + columns.MOST_TITLE_LINES)
    assert sum(1 for _ in reading.rows(content)) == 300_041
    with closing(reading.Parts(content)) as sheet:
        assert [part.last for part in sheet.of([0], after=0)][-2:] == [300_000, 300_041]


def test_what_a_reader_leaves_unread_leaves_no_process(capfd: pytest.CaptureFixture[str]) -> None:
    rows = reading.rows(b"a;b\n" * 200_000)
    assert next(rows) == ["a", "b"]
    rows.close()


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@x", "\tx", "=HYPERLINK(1)"])
def test_no_written_text_is_a_formula(text: str) -> None:
    assert text not in writing.csv([[text]]).decode("utf-8-sig").split(";")
    book = writing.xlsx(["h"], [[text]])
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        assert b"<f>" not in opened.read("xl/worksheets/sheet1.xml")
    assert read(book)[1] == [text]
    with writing.kept_file("ods", ["h"], [[text]]) as file, zipfile.ZipFile(file) as opened:
        assert b"formula" not in opened.read("content.xml")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (301.014, "301,01"),
        (1050.125, "1050,13"),
        (978.11, "978,11"),
        (525.0, "525"),
        (326.218865, "326,22"),
        (-0.005, "-0,01"),
    ],
)
def test_a_cell_that_is_a_number_is_never_ambiguous(number: float, text: str) -> None:
    content = writing.xlsx(["Loyer"], [[number]])
    assert read(content)[1] == [text]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\uffffb\ufffe", "ab"), ("\ud800c", "c"), ("Lot   7  b", "Lot   7  b"), ("  x", "  x"), ("😀", "😀")],
)
def test_a_workbook_holds_what_its_form_may_hold(text: str, kept: str) -> None:
    """What XML refuses would leave a file nobody can open; several blanks would be read as one."""
    with writing.kept_file("ods", ["h"], [[text]]) as file:
        assert read(file.read()) == [["h"], [kept]]
