"""Files to open in a spreadsheet: whatever a cell holds, no spreadsheet executes it (security.md T41).

A ``float`` is an amount in euros: written with its two decimals.
"""

from __future__ import annotations

import csv as _csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

Cell = str | int | float | None
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
WIDEST = 60


TYPES = {
    "csv": "text/csv; charset=utf-8",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MARK = "\ufeff".encode()
"""What a CSV begins with, so that spreadsheets read it as UTF-8."""


IN_MEMORY = 1_000_000
"""Bytes of a file that never touches the disk."""


def kept_file(
    kind: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    name: str = "Feuille 1",
    open_columns: Sequence[int] = (),
) -> IO[bytes]:
    """A table of any length, to be read from its beginning: on disk unless it is short, gone once it is closed.

    Neither the rows nor a long file are ever whole in memory. ``kind`` is one of :data:`TYPES`.
    """
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    try:
        if kind == "csv":
            for part in csv_parts(chain([header], rows)):
                file.write(part)
        elif kind == "ods":
            write_ods(file, header, rows, name=name)
        else:
            write_xlsx(file, header, rows, name=name, open_columns=open_columns)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, ``;`` between fields, as French spreadsheets open it."""
    return b"".join(csv_parts(rows))


def csv_parts(rows: Iterable[Sequence[Cell]], *, lines: int = 500) -> Iterator[bytes]:
    """The same some hundred lines at a time, so that a long file is never whole in memory."""
    text = io.StringIO(newline="")
    writer = _csv.writer(text, delimiter=";", lineterminator="\r\n")
    yield MARK
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
    """A short workbook of one sheet, in memory."""
    file = io.BytesIO()
    write_xlsx(file, header, rows, name=name, open_columns=open_columns, is_short=True)
    return file.getvalue()


def write_xlsx(
    file: IO[bytes],
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    name: str = "Feuille 1",
    open_columns: Sequence[int] = (),
    is_short: bool = False,
) -> None:
    """A workbook of one sheet, its header frozen. ``open_columns`` (from 0) may be written in; the others are locked.

    Rows go to a file of the writer's own one by one, unless the workbook ``is_short``: ``in_memory`` keeps them all, whatever
    ``constant_memory`` says.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": is_short}
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


_ODS_START = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
)
_ODS_END = "</table:table></office:spreadsheet></office:body></office:document-content>"
_ODS_KIND = TYPES["ods"]
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_KIND}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def write_ods(
    file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Cell]], *, name: str = "Feuille 1"
) -> None:
    """An OpenDocument sheet, its header first; every text cell says that it is one."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), _ODS_KIND)
        archive.writestr("META-INF/manifest.xml", _ODS_MANIFEST)
        with archive.open("content.xml", "w") as part:
            part.write(f"{_ODS_START}<table:table table:name={quoteattr(name)}>".encode())
            for row in chain([header], rows):
                cells = "".join(_ods_cell(cell) for cell in row)
                part.write(f"<table:table-row>{cells}</table:table-row>".encode())
            part.write(_ODS_END.encode())


def _ods_cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, str):
        return f'<table:table-cell office:value-type="string"><text:p>{_ods_text(cell)}</text:p></table:table-cell>'
    shown = f"{cell:.2f}".replace(".", ",") if isinstance(cell, float) else str(cell)
    return (
        f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{shown}</text:p></table:table-cell>'
    )


_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANKS = re.compile("  +")


def _ods_text(text: str) -> str:
    """A text as XML may hold it (XML 1.0, §2.2), its blanks counted: a reader takes several for one (OpenDocument 1.3, §6.1.2)."""
    return _BLANKS.sub(lambda found: f' <text:s text:c="{len(found[0]) - 1}"/>', escape(_NOT_XML.sub("", text)))
