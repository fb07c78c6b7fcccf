"""Reading a file somebody sent, without ever opening it in the process that serves pages."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread, Timer
from typing import IO

from parvis.sheets import limits
from parvis.sheets.refusals import SENTENCES, Unreadable

_ROOT = Path(__file__).resolve().parents[2]


FORMULA = "\x1a"
"""Before the text of a cell that holds a formula, in the rows of a :class:`Table`."""


@dataclass(slots=True)
class Table:
    """A sheet being read. ``expected`` is about how many rows it has; cells that hold a formula begin with :data:`FORMULA`."""

    expected: int
    has_formulas: bool
    rows: Generator[list[str], None, None]

    def close(self) -> None:
        """End the reading, wherever it is."""
        self.rows.close()


def rows(content: bytes) -> Generator[list[str], None, None]:
    """The rows of the first sheet that holds something, as texts, blank ones included: their number is the reader's.

    Raises :class:`Unreadable` before the first row, or, for a file with too many of them, after the last it gives.
    """
    found = table(content)
    try:
        for row in found.rows:
            yield [cell.removeprefix(FORMULA) for cell in row] if found.has_formulas else row
    finally:
        found.close()


def table(content: bytes) -> Table:
    """The same sheet with what is known of it; raises :class:`Unreadable` at once if it cannot be opened."""
    reader = _rows(content)
    about = next(reader)
    return Table(int(about[0]), about[1] == "f", reader)


def _rows(content: bytes) -> Generator[list[str], None, None]:
    """First what is known of the sheet (rows, formulas), then its rows."""
    if len(content) > limits.LARGEST_FILE:
        raise Unreadable("too_heavy")
    process = subprocess.Popen(
        [sys.executable, "-m", "parvis.sheets.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    clock = Timer(limits.WALL_SECONDS, process.kill)
    clock.daemon = True
    clock.start()
    feeding = Thread(target=_feed, args=(process.stdin, content), daemon=True)
    feeding.start()
    try:
        with io.TextIOWrapper(process.stdout, encoding="utf-8", newline="") as answer:
            yield from _answered(process, answer)
    finally:
        clock.cancel()
        process.kill()
        process.wait()
        feeding.join()


def _feed(into: IO[bytes], content: bytes) -> None:
    """A file that is refused early is not read to its end: then there is nobody left to write to."""
    with suppress(BrokenPipeError), into:
        into.write(content)


def _answered(process: subprocess.Popen[bytes], text: IO[str]) -> Generator[list[str], None, None]:
    verdict = text.readline().strip()
    if verdict == "no":
        why = text.readline().strip()
        raise Unreadable(why if why in SENTENCES else "damaged")
    if not verdict.startswith("ok "):
        raise Unreadable("too_slow" if process.wait() in (-9, -24) else "damaged")
    csv.field_size_limit(1_000_000)
    yield verdict.split(" ")[1:]
    for row in csv.reader(text):
        if row and row[0] == "\0too_many_rows":
            raise Unreadable("too_many_rows")
        yield row
    if process.wait() != 0:
        raise Unreadable("too_slow")
