"""Tables as people really send them, each with what is to be read in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from parvis.declarations.bulk.columns import key_of
from parvis.sheets import writing
from parvis.tenancies.models import Tenancy

YEAR = 2026
HEAD = ["Clé (ne pas modifier)", "Locataire", "Loyer juillet 2026"]
OWN = ["N° allocataire", "Loyer juillet 2026"]
READY = ["ready:52550", "ready:53000", "no_amount"]
Rows = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Ugly:
    """One table: its name, how it is made of three tenancies, and the state and cents of its lines or part of the sentence."""

    name: str
    make: Callable[[Sequence[Tenancy]], bytes]
    expected: list[str] | str

    def __str__(self) -> str:
        return self.name


def keyed(homes: Sequence[Tenancy], *amounts: Any, head: Sequence[str] = HEAD) -> Rows:
    rows: Rows = [list(head)]
    said = amounts or ("525,50", "530", "")
    return rows + [
        [key_of(YEAR, home.reference), home.last_name, amount] for home, amount in zip(homes, said, strict=False)
    ]


def numbered(homes: Sequence[Tenancy], *amounts: Any, head: Sequence[str] = OWN) -> Rows:
    rows: Rows = [list(head)]
    said = amounts or ("525,50", "530", "")
    return rows + [[home.claimant_number, amount] for home, amount in zip(homes, said, strict=False)]


def text(rows: Rows, separator: str = ";", encoding: str = "utf-8", end: str = "\r\n", quote: bool = False) -> bytes:
    cells = [[f'"{cell}"' if quote else str(cell) for cell in row] for row in rows]
    return (end.join(separator.join(row) for row in cells) + end).encode(encoding)


def book(fill: Callable[[Any, Any], None]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        fill(workbook, workbook.add_worksheet("Loyers"))
    return file.getvalue()


def sheet(rows: Rows, *, top: int = 0, left: int = 0) -> bytes:
    def fill(_: Any, page: Any) -> None:
        for line, row in enumerate(rows, start=top):
            for column, cell in enumerate(row, start=left):
                page.write(line, column, cell)

    return book(fill)


def merged_head(homes: Sequence[Tenancy]) -> bytes:
    def fill(workbook: Any, page: Any) -> None:
        page.merge_range(0, 0, 0, 3, "Agence de l’Erdre", workbook.add_format({"bold": True}))
        page.merge_range(1, 2, 1, 3, "Loyer")
        page.write_row(2, 0, ["N° allocataire", "Nom", "juillet 2025", "juillet 2026"])
        for line, (home, amount) in enumerate(zip(homes, (525.5, 530), strict=False), start=3):
            page.write_row(line, 0, [home.claimant_number, home.last_name, 512, amount])

    return book(fill)


def formulas(homes: Sequence[Tenancy]) -> bytes:
    def fill(_: Any, page: Any) -> None:
        page.write_row(0, 0, HEAD)
        for line, home in enumerate(homes[:2], start=1):
            page.write_row(line, 0, [key_of(YEAR, home.reference), home.last_name])
            page.write_formula(line, 2, "=500+25.5", None, 525.5)

    return book(fill)


def second_sheet(homes: Sequence[Tenancy]) -> bytes:
    def fill(workbook: Any, page: Any) -> None:
        del page
        for line, row in enumerate(keyed(homes)):
            workbook.add_worksheet("Données") if line == 0 else None
            workbook.get_worksheet_by_name("Données").write_row(line, 0, row)

    return book(fill)


def with_password(homes: Sequence[Tenancy]) -> bytes:
    del homes
    return b"PK\x03\x04" + b"\x14\x00\x01\x00" + b"\0" * 18 + b"\x01\x00\x00\x00a"


def locked_zip(homes: Sequence[Tenancy]) -> bytes:
    content = bytearray(sheet(keyed(homes)))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + place] |= 1
    return bytes(content)


def bomb(homes: Sequence[Tenancy]) -> bytes:
    del homes
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 260_000_000)
    return file.getvalue()


def laughs(homes: Sequence[Tenancy]) -> bytes:
    content = zipfile.ZipFile(io.BytesIO(sheet(keyed(homes))))
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    poison = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha">{entities}]><sst><si><t>&l9;</t></si></sst>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in content.namelist():
            archive.writestr(name, poison if name == "xl/sharedStrings.xml" else content.read(name))
    return file.getvalue()


def titled(homes: Sequence[Tenancy]) -> bytes:
    rows = [["Export du 20/07/2026"], ["Gérance", "Agence de l’Erdre"], [], *numbered(homes)]
    return text([*rows, [], ["TOTAL", "1055,50"]])


def with_more_columns(homes: Sequence[Tenancy]) -> bytes:
    head = ["Lot", "LOYER HORS CHARGES JUILLET 2026", "Charges", "Loyer actuel", "numero allocataire"]
    rows = [["", said, "40", "512", home.claimant_number] for home, said in zip(homes, ("525,50", "530"), strict=False)]
    return text([head, *rows])


def last_year(homes: Sequence[Tenancy]) -> bytes:
    return text([[str(cell).replace("2026", "2025") for cell in row] for row in keyed(homes)])


def writer(form: str) -> Callable[[Sequence[Tenancy]], bytes]:
    def make(homes: Sequence[Tenancy]) -> bytes:
        rows = keyed(homes, 525.5, 530, None)
        return bytes(getattr(writing, form)(rows[0], rows[1:]))

    return make


def _swapped(homes: Sequence[Tenancy]) -> bytes:
    return text([row[::-1] for row in keyed(homes)])


TABLES = [
    Ugly("plain", lambda homes: text(keyed(homes)), READY),
    Ugly("windows accents", lambda homes: text(keyed(homes), encoding="cp1252"), READY),
    Ugly("byte order mark", lambda homes: text(keyed(homes), encoding="utf-8-sig"), READY),
    Ugly("utf-16", lambda homes: text(keyed(homes), encoding="utf-16"), READY),
    Ugly("utf-16 without mark", lambda homes: text(keyed(homes), encoding="utf-16-le"), READY),
    Ugly("tabs", lambda homes: text(keyed(homes), "\t"), READY),
    Ugly("bars", lambda homes: text(keyed(homes), "|"), READY),
    Ugly("commas and quotes", lambda homes: text(keyed(homes), ",", quote=True), READY),
    Ugly("unix line ends", lambda homes: text(keyed(homes), end="\n"), READY),
    Ugly("old mac line ends", lambda homes: text(keyed(homes), end="\r"), READY),
    Ugly("separator said", lambda homes: b"sep=;\r\n" + text(keyed(homes)), READY),
    Ugly("points", lambda homes: text(keyed(homes, "525.50", "530.00", "")), READY),
    Ugly("currency and blanks", lambda homes: text(keyed(homes, " 525,50 € ", "530 euros", " ")), READY),
    Ugly("as text for a spreadsheet", lambda homes: text(keyed(homes, '="525,50"', "530", "")), READY),
    Ugly("thousands", lambda homes: text(keyed(homes, "1\u202f050,50", "530", "")), ["to_confirm:105050", "ready:53000", "no_amount"]),
    Ugly("two readings", lambda homes: text(keyed(homes, "1.050", "530", "")), ["to_correct:None", "ready:53000", "no_amount"]),
    Ugly("words", lambda homes: text(keyed(homes, "à voir", "-530", "")), ["to_correct:None", "to_correct:None", "no_amount"]),
    Ugly("ten times", lambda homes: text(keyed(homes, "5255", "53", "")), ["to_correct:525500", "to_correct:5300", "no_amount"]),
    Ugly("zero", lambda homes: text(keyed(homes, "0", "530", "")), ["to_confirm:0", "ready:53000", "no_amount"]),
    Ugly("columns turned round", _swapped, READY),
    Ugly("no head", lambda homes: text(keyed(homes)[1:]), "Ce fichier n’a pas de colonne"),
    Ugly("own software", lambda homes: text(numbered(homes)), READY),
    Ugly("title lines and total", titled, [*READY, "ignored:None"]),
    Ugly("total under another column", lambda homes: text([*keyed(homes), ["", "TOTAL", "1055,50"]]), [*READY, "ignored:None"]),
    Ugly("many columns", with_more_columns, READY[:2]),
    Ugly("numbers without zeros, with letter", lambda homes: text(
        [OWN, [homes[0].claimant_number.lstrip("0") + " K", "525,50"], [f" {homes[1].claimant_number}", "530"]]), READY[:2]),
    Ugly("shouting head", lambda homes: text([["MATRICULE ALLOCATAIRE", "MONTANT"], *numbered(homes)[1:]]), READY),
    Ugly("blank lines between", lambda homes: text([r for row in keyed(homes) for r in (row, ["", "", ""])]), READY),
    Ugly("somebody unknown", lambda homes: text([*numbered(homes), ["9999999", "400"]]), [*READY, "unknown:None"]),
    Ugly("one tenant twice, one amount", lambda homes: text([*keyed(homes)[:2], *keyed(homes)[1:2]]), ["ready:52550", "no_amount"]),
    Ugly("one tenant twice, two amounts", lambda homes: text(
        [*keyed(homes)[:2], [*keyed(homes)[1][:2], "600"]]), ["to_correct:52550", "to_correct:60000"]),
    Ugly("workbook of numbers", writer("xlsx"), READY),
    Ugly("open document", writer("ods"), READY),
    Ugly("numbers as text in a workbook", lambda homes: sheet(keyed(homes)), READY),
    Ugly("table away from the corner", lambda homes: sheet(keyed(homes), top=4, left=2), READY),
    Ugly("merged head of two lines", merged_head, READY[:2]),
    Ugly("formulas", formulas, ["ready:52550", "ready:52550"]),
    Ugly("on the second sheet", second_sheet, READY),
    Ugly("last year", last_year, "Ce fichier date de la campagne 2025."),
    Ugly("password", locked_zip, "protégé par un mot de passe"),
    Ugly("cut short", lambda homes: sheet(keyed(homes))[:-900], "abîmé"),
    Ugly("torn archive", with_password, "abîmé"),
    Ugly("bomb", bomb, "beaucoup trop gros"),
    Ugly("nothing", lambda homes: b"\r\n\r\n", "Ce fichier est vide."),
    Ugly("a head alone", lambda homes: text(keyed(homes)[:1]), "Ce fichier est vide."),
    Ugly("a picture", lambda homes: b"\x89PNG\r\n\x1a\n" + b"0" * 60, "n’est pas un tableau"),
    Ugly("a page of the web", lambda homes: b"<html><table></table></html>", "n’est pas un tableau"),
]  # fmt: skip
