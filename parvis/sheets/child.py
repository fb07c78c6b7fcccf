"""The process that opens one file: limited in memory and time, without a file to write to. Run by ``reading``.

Reads the file on its input; writes ``ok`` and the rows as CSV, or ``no`` and why not. With the arguments ``parts`` and the
length of the file, it gives the first rows, waits to be told which columns are wanted, and gives these, part after part, as COPY
reads them, each behind its length and the numbers of its rows and of its last row.
"""

from __future__ import annotations

import csv
import gc
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from parvis.sheets import archive, formulas, limits, separated
from parvis.sheets.confined import confine

MARK = "\x1a"
_SIGNS = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
"""As COPY reads them."""


def main() -> None:
    """Read, answer, end."""
    gc.disable()  # nothing here refers to itself, and looking for what does took a third of the time
    confine(cpu_seconds=limits.CPU_SECONDS, memory_bytes=limits.MEMORY_BYTES)
    answer = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=False)
    try:
        in_parts = sys.argv[1:2] == ["parts"]
        sheet = _sheet(sys.stdin.buffer.read(int(sys.argv[2]) if in_parts else limits.LARGEST_FILE + 1))
        answer.write(f"ok {sheet.expected} {'f' if sheet.found.formulas else '-'}\n")
        (_write_parts if in_parts else _write)(sheet, answer)
    except archive.NotOpened as refused:
        answer.write(f"no\n{refused}\n")
    except MemoryError:
        answer.write("no\ntoo_large\n")
    answer.flush()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet, as its reader has them, about how many, and which of its cells hold a formula or an error."""

    rows: Iterator[list[Any]]
    expected: int
    found: formulas.Found = formulas.NOTHING


def _sheet(content: bytes) -> Sheet:
    if not content.strip():
        raise archive.NotOpened("empty")
    if len(content) > limits.LARGEST_FILE:
        raise archive.NotOpened("too_heavy")
    if content.startswith(b"PK\x03\x04"):
        if not archive.kind_of(content):
            raise archive.NotOpened("not_a_table")
        return _workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _workbook(content)
    text = None if content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")) else separated.decoded(content)
    if text is None or "<html" in text[:500].lower() or text.lstrip()[:5].lower() == "<?xml":
        raise archive.NotOpened("not_a_table")
    return Sheet(separated.rows_of(text), text.count("\n") + 1)


def _workbook(content: bytes) -> Sheet:
    """The first visible sheet that holds something."""
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for place, about in enumerate(workbook.sheets_metadata):
            if about.visible != python_calamine.SheetVisibleEnum.Visible:
                continue
            sheet = workbook.get_sheet_by_name(about.name)
            if sheet.height:
                left: list[Any] = [""] * (sheet.start or (0, 0))[1]
                rows = (left + row for row in sheet.iter_rows()) if left else sheet.iter_rows()
                return Sheet(iter(rows), (sheet.end or (0, 0))[0] + 1, formulas.of_sheet(content, place))
    except python_calamine.PasswordError as error:
        raise archive.NotOpened("locked") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise archive.NotOpened("damaged") from error
    raise archive.NotOpened("no_rows")


def _text(cell: Any) -> str:
    """A cell as somebody would have typed it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else _decimals(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell)


def _decimals(cell: float) -> str:
    """A number that is not whole as a French spreadsheet shows it: a comma, two decimals at most, for its sign of decimals is not
    in doubt (a formula's 301,014 is 301,01)."""
    text = format(cell, ".15g")
    if "e" in text or len(text) - text.find(".") > 3:
        text = format(Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_UP), "f") if abs(cell) < 1e12 else text
    return text.replace(".", ",")


def _clean(sheet: Sheet) -> Iterator[list[Any]]:
    """The rows, formulas marked and errors told, no longer than allowed; one more than the most, if there are."""
    marked: dict[int, list[int]] = {}
    for row_number, column in sheet.found.formulas | sheet.found.errors.keys():
        marked.setdefault(row_number, []).append(column)
    rows = islice(sheet.rows, limits.MOST_ROWS + 1)
    if not marked:
        yield from rows
        return
    for number, row in enumerate(rows):
        for column in marked.get(number, ()):
            if column < len(row):
                row[column] = MARK + (_text(row[column]) or sheet.found.errors.get((number, column), ""))
        yield row


def _cell(cell: Any) -> str:
    return _text(cell)[: limits.LONGEST_CELL].replace("\0", "")


def _cells(row: Sequence[Any]) -> list[str]:
    """A row, no wider than allowed."""
    return [_cell(cell) for cell in row[: limits.MOST_COLUMNS]]


def _write(sheet: Sheet, answer: io.TextIOWrapper) -> None:
    writer = csv.writer(answer)
    for number, row in enumerate(_clean(sheet)):
        if number == limits.MOST_ROWS:
            writer.writerow(["\0too_many_rows"])
            return
        writer.writerow(_cells(row))


def _write_parts(sheet: Sheet, answer: io.TextIOWrapper) -> None:
    rows = _clean(sheet)
    first = list(islice(rows, limits.FIRST_ROWS))
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(_cells, first))
    _part(answer, len(first), len(first), text.getvalue())
    told, after = sys.stdin.buffer.readline().decode().split(" ")
    places = [int(place) for place in told.split(",")]
    numbered = enumerate(chain(first, rows), start=1)
    while part := list(islice(numbered, limits.PART_ROWS)):
        last = part[-1][0]
        if last > limits.MOST_ROWS:
            answer.write("too_many_rows 0 0\n")
            return
        if last > int(after):
            lines = list(_wanted(part, places, int(after)))
            _part(answer, last, len(lines), "".join(lines))


def _wanted(part: list[tuple[int, list[Any]]], places: list[int], after: int) -> Iterator[str]:
    """The number of each row and its wanted cells; a place below zero is no column. Rows of which all are blank are left out."""
    width, wanted = max(places) + 1, [max(place, -1) for place in places]
    pick = itemgetter(*wanted) if len(wanted) > 1 else lambda row: (row[wanted[0]],)
    for number, row in part:
        if number <= after:
            continue
        # The last cell, which is number -1, is that of no column.
        row.extend([""] * (width - len(row) + 1 if len(row) < width else 1))
        cells = [cell if type(cell) is str else _text(cell) for cell in pick(row)]
        bare = "".join(cells)
        if not bare.isprintable() or "\\" in bare or len(bare) > limits.LONGEST_CELL:
            cells = [_cell(cell).translate(_SIGNS) for cell in cells]
        if bare:
            yield "\t".join((str(number), *cells)) + "\n"


def _part(answer: io.TextIOWrapper, last: int, rows: int, text: str) -> None:
    content = text.encode()
    answer.write(f"{last} {rows} {len(content)}\n")
    answer.flush()
    answer.buffer.write(content)
    answer.buffer.flush()


if __name__ == "__main__":
    main()
