"""Files to open in a spreadsheet: whatever a cell holds, no spreadsheet executes it (security.md T41).

A ``float`` is an amount in euros: written with its two decimals.
"""

from __future__ import annotations

import csv as _csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

Cell = str | int | float | None
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
WIDEST = 60


def csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, ``;`` between fields, as French spreadsheets open it."""
    text = io.StringIO(newline="")
    writer = _csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def csv_parts(rows: Iterable[Sequence[Cell]], *, lines: int = 500) -> Iterator[bytes]:
    """The same some hundred lines at a time, so that a long file is never whole in memory."""
    text = io.StringIO(newline="")
    writer = _csv.writer(text, delimiter=";", lineterminator="\r\n")
    text.write("\ufeff")
    for number, row in enumerate(rows, start=1):
        writer.writerow([_harmless(cell) for cell in row])
        if number % lines == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would take for a formula begins with an apostrophe instead."""
    if isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA):
        return f"'{cell}"
    if isinstance(cell, float):
        return f"{cell:.2f}".replace(".", ",")
    return "" if cell is None else cell


def xlsx(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str = "Feuille 1", open_columns: Sequence[int] = ()
) -> bytes:
    """A workbook of one sheet, its header frozen. ``open_columns`` (from 0) may be written in; the others are locked."""
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(file, options) as workbook:
        sheet = workbook.add_worksheet(name[:31])
        strong = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        free = workbook.add_format({"locked": False, "bg_color": "#FFF8E1"})
        amount = workbook.add_format({"num_format": "0.00"})
        widths = [min(WIDEST, max(10, len(words) + 2)) for words in header]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, free if column in open_columns else None)
        sheet.freeze_panes(1, 0)
        for column, words in enumerate(header):
            sheet.write_string(0, column, words, strong)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                style = free if column in open_columns else None
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell, style)
                elif cell is None:
                    sheet.write_blank(number, column, None, style)
                else:
                    sheet.write_number(number, column, cell, style or (amount if isinstance(cell, float) else None))
        if open_columns:
            sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "select_locked_cells": True})
    return file.getvalue()


_ODS_START = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
)
_ODS_END = "</table:table></office:spreadsheet></office:body></office:document-content>"
_ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_KIND}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def ods(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str = "Feuille 1") -> bytes:
    """An OpenDocument sheet; every text cell says that it is one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), _ODS_KIND)
        archive.writestr("META-INF/manifest.xml", _ODS_MANIFEST)
        with archive.open("content.xml", "w") as part:
            part.write(f"{_ODS_START}<table:table table:name={quoteattr(name)}>".encode())
            for row in (header, *rows):
                cells = "".join(_ods_cell(cell) for cell in row)
                part.write(f"<table:table-row>{cells}</table:table-row>".encode())
            part.write(_ODS_END.encode())
    return file.getvalue()


def _ods_cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, str):
        clean = "".join(sign for sign in cell if sign >= " " or sign in "\t\n")
        return f'<table:table-cell office:value-type="string"><text:p>{escape(clean)}</text:p></table:table-cell>'
    shown = f"{cell:.2f}".replace(".", ",") if isinstance(cell, float) else str(cell)
    return (
        f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{shown}</text:p></table:table-cell>'
    )
