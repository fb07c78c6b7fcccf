"""Cells of a workbook that hold a formula or an error: readers of values do not tell. In the limited process, on a checked archive.

As in ``archive``, what opens workbooks is imported where one is.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import zipfile

MOST = 400_000
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*?\br:id=\"([^\"]+)\"")
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_CELL = re.compile(rb"<c r=\"([A-Z]{1,3})(\d{1,7})\"[^>]*><f[\s>/]")
_ERROR = re.compile(
    rb"<c r=\"([A-Z]{1,3})(\d{1,7})\"[^>]*\bt=\"e\"[^>]*>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>([^<]{1,20})</v>"
)
ERROR = "#ERREUR"
"""What a cell that holds an error says where its own word is not told."""


class Found(NamedTuple):
    """Of a sheet, by row and column from 0: the cells that hold a formula, and what those that hold an error say."""

    formulas: frozenset[tuple[int, int]] = frozenset()
    errors: Mapping[tuple[int, int], str] = MappingProxyType({})


NOTHING = Found()


def of_sheet(content: bytes, place: int) -> Found:
    """The formulas and errors of the sheet at ``place``; nothing where they cannot be told."""
    if not content.startswith(b"PK"):
        return NOTHING
    import zipfile
    from xml.parsers import expat

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "content.xml" in names:
                return _in_ods(archive.read("content.xml"), place)
            return _in_xlsx(archive, names, place)
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, expat.ExpatError):
        return NOTHING


def _in_xlsx(archive: zipfile.ZipFile, names: set[str], place: int) -> Found:
    wanted = _SHEET.findall(archive.read("xl/workbook.xml"))[place]
    for relation in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        if b'Id="' + wanted + b'"' in relation:
            target = re.search(rb'Target="([^"]+)"', relation)
            path = target[1].decode() if target else ""
            path = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
            if path in names:
                sheet = archive.read(path)
                return Found(_formulas(sheet), _errors(sheet))
    return NOTHING


def _formulas(sheet: bytes) -> frozenset[tuple[int, int]]:
    found = _CELL.findall(sheet) if b"<f" in sheet else []
    return frozenset((int(row) - 1, _column(letters)) for letters, row in found[:MOST])


def _errors(sheet: bytes) -> Mapping[tuple[int, int], str]:
    found = _ERROR.findall(sheet) if b't="e"' in sheet else []
    return {(int(row) - 1, _column(letters)): said.decode("ascii", "ignore") for letters, row, said in found[:MOST]}


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


class _Walk:
    """One pass over an OpenDocument sheet: rows and cells are counted with their repetitions."""

    def __init__(self, place: int) -> None:
        self.place, self.table, self.row, self.column, self.depth = place, -1, -1, 0, 1
        self.found: set[tuple[int, int]] = set()
        self.errors: dict[tuple[int, int], str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """One element begins."""
        if name == "table:table":
            self.table, self.row, self.depth = self.table + 1, -1, 1
        elif name == "table:table-row":
            self.row, self.column = self.row + self.depth, 0
            self.depth = int(attributes.get("table:number-rows-repeated", "1"))
        elif name in ("table:table-cell", "table:covered-table-cell"):
            if "table:formula" in attributes and self.table == self.place and len(self.found) < MOST:
                self.found.add((self.row, self.column))
                if attributes.get("calcext:value-type") == "error":
                    self.errors[self.row, self.column] = ERROR
            self.column += int(attributes.get("table:number-columns-repeated", "1"))


def _in_ods(content: bytes, place: int) -> Found:
    if b"table:formula" not in content:
        return NOTHING
    from xml.parsers import expat

    walk, parser = _Walk(place), expat.ParserCreate()
    parser.StartElementHandler = walk.start
    parser.Parse(content, True)
    return Found(frozenset(walk.found), walk.errors)
