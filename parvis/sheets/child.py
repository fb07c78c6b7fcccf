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
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain, islice
from operator import itemgetter
from threading import Thread
from typing import Any, NamedTuple

from parvis.sheets import archive, formulas, limits, separated
from parvis.sheets.confined import confine

MARK = "\x1a"
_SIGNS = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
"""As COPY reads them."""
_TAB = "\t".join
_NO_COLUMN = ("",)


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


class Sheet(NamedTuple):
    """The rows of a sheet, as its reader has them; about how many; whether cells may be other than texts; which are formulas or errors."""

    rows: Iterator[list[Any]]
    expected: int
    are_typed: bool
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
    return Sheet(separated.rows_of(text), text.count("\n") + 1, False)


def _workbook(content: bytes) -> Sheet:
    """The first visible sheet that holds something."""
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for place, about in enumerate(workbook.sheets_metadata):
            if about.visible != python_calamine.SheetVisibleEnum.Visible:
                continue
            looking = _Looking(content, place)
            sheet = workbook.get_sheet_by_name(about.name)
            if sheet.height:
                left: list[Any] = [""] * (sheet.start or (0, 0))[1]
                rows = (left + row for row in sheet.iter_rows()) if left else sheet.iter_rows()
                return Sheet(iter(rows), (sheet.end or (0, 0))[0] + 1, True, looking.found())
    except python_calamine.PasswordError as error:
        raise archive.NotOpened("locked") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise archive.NotOpened("damaged") from error
    raise archive.NotOpened("no_rows")


class _Looking(Thread):
    """Formulas are looked for while the values are read: both mostly inflate, which needs no turn of Python."""

    def __init__(self, content: bytes, place: int) -> None:
        super().__init__(daemon=True)
        self._of, self._found = (content, place), formulas.NOTHING
        self._fault: MemoryError | None = None
        self.start()

    def run(self) -> None:
        try:
            self._found = formulas.of_sheet(*self._of)
        except MemoryError as fault:
            self._fault = fault

    def found(self) -> formulas.Found:
        """What was found, once it is; raises ``MemoryError`` as looking did."""
        self.join()
        if self._fault:
            raise self._fault
        return self._found


def _text(cell: Any) -> str:
    """A cell as somebody would have typed it."""
    if isinstance(cell, str):
        return cell
    if type(cell) is float:
        # Most cells of most workbooks are rents: a point before one or two decimals is all there is to a number's own words.
        text = repr(cell)
        if text[-3:-2] == "." or (text[-2:-1] == "." and text[-1] != "0"):
            return text.replace(".", ",")
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
    rows = islice(sheet.rows, limits.MOST_ROWS + 1)
    return _marked(rows, sheet.found) if sheet.found.formulas or sheet.found.errors else rows


def _marked(rows: Iterator[list[Any]], found: formulas.Found) -> Iterator[list[Any]]:
    marked: dict[int, list[int]] = {}
    for row_number, column in found.formulas | found.errors.keys():
        marked.setdefault(row_number, []).append(column)
    for number, row in enumerate(rows):
        for column in marked.get(number, ()):
            if column < len(row):
                row[column] = MARK + (_text(row[column]) or found.errors.get((number, column), ""))
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
    last, every = 0, chain(first, rows)
    while part := list(islice(every, limits.PART_ROWS)):
        before, last = last, last + len(part)
        if last > limits.MOST_ROWS:
            answer.write("too_many_rows 0 0\n")
            return
        if last > int(after):
            lines = _wanted(part, places, before, int(after), are_typed=sheet.are_typed)
            _part(answer, last, len(lines), "".join(lines))


def _wanted(
    part: list[list[Any]], places: list[int], before: int, after: int, *, are_typed: bool
) -> list[str]:  # fmt: skip
    """The number of each row and its wanted cells; a place below zero is no column. Rows of which all are blank are left out.

    A hundred thousand rows pass here while the database waits: what is asked of each is what its cells, together, may hide.
    """
    width, wanted = max(places) + 1, [max(place, -1) for place in places]
    pick = itemgetter(*wanted) if len(wanted) > 1 else lambda row: (row[wanted[0]],)
    lines, longest, together = [], limits.LONGEST_CELL, "".join
    for number, row in enumerate(part[max(0, after - before) :], start=max(before, after) + 1):
        # The last cell, which is number -1, is that of no column.
        row.extend([""] * (width - len(row) + 1) if len(row) < width else _NO_COLUMN)
        cells = pick(row)
        if are_typed:
            cells = [cell if type(cell) is str else _text(cell) for cell in cells]
        bare = together(cells)
        if not bare.isprintable() or "\\" in bare or len(bare) > longest:
            cells = [_cell(cell).translate(_SIGNS) for cell in cells]
        if bare:
            lines.append(f"{number}\t{_TAB(cells)}\n")
    return lines


def _part(answer: io.TextIOWrapper, last: int, rows: int, text: str) -> None:
    content = text.encode()
    answer.write(f"{last} {rows} {len(content)}\n")
    answer.flush()
    answer.buffer.write(content)
    answer.buffer.flush()


if __name__ == "__main__":
    main()
