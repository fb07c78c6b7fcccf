"""The process that opens one file: limited in memory and time, without a file to write to. Run by ``reading``.

Reads the file on its input; writes ``ok`` and the rows as CSV, or ``no`` and why not.
"""

from __future__ import annotations

import csv
import io
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from parvis.sheets import archive, formulas, limits, separated

MARK = "\x1a"


def main() -> None:
    """Read, answer, end."""
    _limit()
    answer = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=False)
    try:
        sheet = _sheet(sys.stdin.buffer.read(limits.LARGEST_FILE + 1))
        answer.write(f"ok {sheet.expected} {'f' if sheet.formulas else '-'}\n")
        _write(sheet, answer)
    except archive.NotOpened as refused:
        answer.write(f"no\n{refused}\n")
    except MemoryError:
        answer.write("no\ntoo_large\n")
    answer.flush()


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limits.CPU_SECONDS, limits.CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_BYTES, limits.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet, about how many, and which cells (row, column; from 0) hold a formula."""

    rows: Iterator[list[str]]
    expected: int
    formulas: frozenset[tuple[int, int]] = frozenset()


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
                left = [""] * (sheet.start or (0, 0))[1]
                rows = (left + [_text(cell) for cell in row] for row in sheet.iter_rows())
                return Sheet(rows, (sheet.end or (0, 0))[0] + 1, formulas.of_sheet(content, place))
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
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(cell, ".15g")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell)


def _write(sheet: Sheet, answer: io.TextIOWrapper) -> None:
    writer = csv.writer(answer)
    marked: dict[int, list[int]] = {}
    for row_number, column in sheet.formulas:
        marked.setdefault(row_number, []).append(column)
    for number, row in enumerate(sheet.rows):
        for column in marked.get(number, ()):
            if column < len(row):
                row[column] = MARK + row[column]
        if number >= limits.MOST_ROWS:
            writer.writerow(["\0too_many_rows"])
            return
        writer.writerow([cell[: limits.LONGEST_CELL].replace("\0", "") for cell in row[: limits.MOST_COLUMNS]])


if __name__ == "__main__":
    main()
