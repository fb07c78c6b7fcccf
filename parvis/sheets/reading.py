"""Reading a file somebody sent, without ever opening it in the process that serves pages."""

from __future__ import annotations

import csv
import io
import subprocess
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from threading import Thread, Timer
from typing import IO, NamedTuple

from parvis.sheets import limits
from parvis.sheets.confined import begun
from parvis.sheets.refusals import SENTENCES, Unreadable

PIPE = 1 << 20
"""Bytes the reading process may be ahead of what is done with its rows."""


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


class Part(NamedTuple):
    """Some lines of a sheet, as COPY reads them: the number of the last row they were found in, how many they are."""

    last: int
    lines: int
    content: bytes


class Parts:
    """A sheet of which a few columns are wanted: its first rows, then these columns as COPY reads them, never looked into.

    ``expected`` is about how many rows it has. Raises :class:`Unreadable` at once if it cannot be opened. Close it.
    """

    def __init__(self, content: bytes) -> None:
        self._closing = ExitStack()
        self._process = self._closing.enter_context(_reader(content, "parts", str(len(content))))
        try:
            self._answer = self._closing.enter_context(_output(self._process))
            self.expected = int(_verdict(self._process, self._answer.readline)[0])
            self.first = list(csv.reader(io.StringIO(self._part().content.decode(), newline="")))
        except BaseException:
            self.close()
            raise

    def of(self, places: Sequence[int], *, after: int) -> Iterator[Part]:
        """The number and the wanted cells of each row, those up to ``after`` left out, some thousands at a time.

        A place below zero is an empty column; rows whose wanted cells are all blank are left out.
        """
        assert self._process.stdin is not None
        told = ",".join(str(place) for place in places)
        with suppress(BrokenPipeError), self._process.stdin as said:
            said.write(f"{told} {after}\n".encode())
        while (part := self._part()).last:
            yield part

    def _part(self) -> Part:
        head = self._answer.readline().split()
        if not head:
            if self._process.wait() != 0:
                raise Unreadable("too_slow")
            return Part(0, 0, b"")
        if head[0] == b"too_many_rows":
            raise Unreadable("too_many_rows")
        last, lines, length = (int(number) for number in head)
        content = self._answer.read(length)
        if len(content) != length:
            raise Unreadable("too_slow")
        return Part(last, lines, content)

    def close(self) -> None:
        """End the reading, wherever it is."""
        self._closing.close()


def _rows(content: bytes) -> Generator[list[str], None, None]:
    """First what is known of the sheet (rows, formulas), then its rows."""
    with _reader(content) as process, _output(process) as output:
        text = io.TextIOWrapper(output, encoding="utf-8", newline="")
        yield _verdict(process, lambda: text.readline().encode())
        csv.field_size_limit(1_000_000)
        for row in csv.reader(text):
            if row and row[0] == "\0too_many_rows":
                raise Unreadable("too_many_rows")
            yield row
        if process.wait() != 0:
            raise Unreadable("too_slow")


@contextmanager
def _reader(content: bytes, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """The limited process, being fed; ended with the block."""
    if len(content) > limits.LARGEST_FILE:
        raise Unreadable("too_heavy")
    process = begun("parvis.sheets.child", *arguments, pipe_size=PIPE)
    assert process.stdin is not None
    clock = Timer(limits.HEARD_SECONDS, process.kill)
    clock.daemon = True
    clock.start()
    feeding = Thread(target=_feed, args=(process.stdin, content, not arguments), daemon=True)
    feeding.start()
    try:
        yield process
    finally:
        clock.cancel()
        process.kill()
        process.wait()
        feeding.join()
        with suppress(BrokenPipeError):
            process.stdin.close()


def _output(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdout is not None
    return process.stdout


def _feed(into: IO[bytes], content: bytes, is_all: bool) -> None:
    """A file that is refused early is not read to its end: then there is nobody left to write to."""
    with suppress(BrokenPipeError):
        into.write(content)
        into.flush()
        if is_all:
            into.close()


def _verdict(process: subprocess.Popen[bytes], line: Callable[[], bytes]) -> list[str]:
    """What is known of the sheet; raises :class:`Unreadable` for what was refused."""
    verdict = line().decode().strip()
    if verdict == "no":
        why = line().decode().strip()
        raise Unreadable(why if why in SENTENCES else "damaged")
    if not verdict.startswith("ok "):
        raise Unreadable("too_slow" if process.wait() in (-9, -24) else "damaged")
    return verdict.split(" ")[1:]
