"""A table with rents of several accounts, read once from end to end: each line is handed to the file of its account, at its number.

What an account is handed is a table of its own, in which the lines of others are blank: its report names the lines as the person
sees them. It is read again, like any file, by the limited process (``checking``).
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain, islice
from typing import NamedTuple

from parvis.declarations.bulk import columns, judging
from parvis.declarations.bulk.columns import Layout
from parvis.declarations.bulk.intake.belonging import Asked, Belonging, other_year
from parvis.declarations.bulk.refusals import ColumnNotFound, NoLines, NoRents, NothingOfYours, OtherYear
from parvis.declarations.selectors.across import DeclaringAccount
from parvis.sheets import limits
from parvis.sheets.reading import Table

BLOCK = 5_000
"""Lines whose accounts are looked for at once."""
MOST_STRAYS = 500
"""Lines that are nobody's are told one by one up to so many; the others are counted."""
LONGEST_STRAY = 2_000
"""Signs of all cells of such a line; of a longer one only the columns that are read are kept."""
HEAVY = limits.LARGEST_FILE // 4
"""Beyond so many signs a share keeps of each line only the columns that are read: what 300,000 lines of a packed workbook come to,
unpacked, would weigh more than a file may."""
_SEPARATOR = b"sep=;\n"
"""What says how a table is written, and is none of its lines."""


class Stray(NamedTuple):
    """A line no account took: its number, its tenant as named there, its amount, why; its ``cells``, to be mended and sent again."""

    line: int
    shown: str
    typed: str
    sentence: str
    cells: Sequence[str] = ()


class Share:
    """The lines of one account, as the table it is handed."""

    def __init__(
        self, account: DeclaringAccount, head: Sequence[tuple[int, list[str]]], needed: frozenset[int]
    ) -> None:  # fmt: skip
        self.account, self._needed = account, needed
        self.lines = 0
        self.has_rents = False
        self._last = 0
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text, delimiter=";", lineterminator="\n")
        for number, cells in head:
            self._write(number, cells)

    def add(self, number: int, cells: list[str], *, has_rent: bool) -> None:
        """A line of the account; whole, unless there is so much that the whole could not be read again."""
        if self._text.tell() > HEAVY:
            cells = [cell if place in self._needed else "" for place, cell in enumerate(cells)]
        self.lines += 1
        self.has_rents = self.has_rents or has_rent
        self._write(number, cells)

    def _write(self, number: int, cells: list[str]) -> None:
        self._text.write("\n" * (number - self._last - 1))
        self._writer.writerow([cell.replace("\r", " ").replace("\n", " ") for cell in cells])
        self._last = number

    @property
    def content(self) -> bytes:
        """The table."""
        return _SEPARATOR + self._text.getvalue().encode()


def share_rows(content: bytes) -> Iterator[list[str]]:
    """The lines of a :class:`Share`. We wrote it: it needs no process apart to be read, of which an upload may have hundreds."""
    # Line after line: the text of a large share is several times its bytes.
    behind = io.BytesIO(content)
    behind.seek(len(_SEPARATOR))
    return csv.reader(io.TextIOWrapper(behind, "utf-8", newline=""), delimiter=";")


class Parted(NamedTuple):
    """What became of a table: where its columns are, the share of each account, and the lines that are nobody's."""

    layout: Layout
    shares: list[Share]
    unfilled: list[Share]
    strays: list[Stray]
    stray_count: int
    ignored: int


class Parting:
    """The work on one table. Refuses (Unreadable, WrongFile, ColumnNotFound) what is of no use as a whole."""

    def __init__(self, belonging: Belonging, year: int, places: dict[str, int]) -> None:
        self._belonging, self._year, self._places = belonging, year, places
        self._shares: dict[int, Share] = {}
        self._head: list[tuple[int, list[str]]] = []
        self._needed: frozenset[int] = frozenset()
        self._strays: list[Stray] = []
        self._stray_count = self._ignored = 0
        self._years: Counter[int] = Counter()
        self._lines = 0

    def part(self, table: Table) -> Parted:
        """Read it all."""
        with closing(table):
            first = list(islice(table.rows, limits.FIRST_ROWS))
            layout = self._made_out(first)
            self._needed = frozenset(layout.places.values())
            rows = enumerate(chain(first, table.rows), start=1)
            self._head = [(number, cells) for number, cells in islice(rows, layout.first) if any(cells)]
            while block := list(islice(self._lines_of(rows, layout), BLOCK)):
                self._hand_out(block)
        if not self._lines:
            raise NoLines
        self._refuse_useless()
        shares = list(self._shares.values())
        return Parted(
            layout,
            [share for share in shares if share.has_rents],
            [share for share in shares if not share.has_rents],
            self._strays,
            self._stray_count,
            self._ignored,
        )

    def _made_out(self, rows: Sequence[Sequence[str]]) -> Layout:
        layout = columns.find(rows, self._year)
        layout = Layout({**layout.places, **self._places}, layout.first, layout.header)
        if not any(any(row) for row in rows):
            raise NoLines
        if not layout.is_whole:
            self._refuse_other_campaign(rows)
            raise ColumnNotFound(layout.header, self._year)
        return layout

    def _refuse_other_campaign(self, rows: Sequence[Sequence[str]]) -> None:
        """Keys say which campaign a table is of, also where its heads, which name that year, are not made out."""
        keys = [(number, cell) for number, row in enumerate(rows, 1) for cell in row if columns.read_key(cell)]
        if keys and not any(columns.tenancy_in(key, self._year) for _, key in keys):
            self._hand_out([(Asked(judging.Line(number, key), ""), []) for number, key in keys])
            self._refuse_useless()

    def _lines_of(
        self, rows: Iterator[tuple[int, list[str]]], layout: Layout
    ) -> Iterator[tuple[Asked, list[str]]]:  # fmt: skip
        place = layout.places.get(columns.ACCOUNT, -1)
        for number, cells in rows:
            line = judging.line_of(number, cells, layout)
            if line is not None:
                yield Asked(line, cells[place] if 0 <= place < len(cells) else ""), cells

    def _hand_out(self, block: Sequence[tuple[Asked, list[str]]]) -> None:
        self._lines += len(block)
        for (asked, cells), found in zip(block, self._belonging.found([asked for asked, _ in block]), strict=True):
            line = asked.line
            if isinstance(found, str):
                self._stray(line, found, cells)
                continue
            share = self._shares.get(found.id)
            if share is None:
                share = self._shares[found.id] = Share(found, self._head, self._needed)
            share.add(line.number, cells, has_rent=bool(line.typed))

    def _stray(self, line: judging.Line, sentence: str, cells: Sequence[str]) -> None:
        self._stray_count += 1
        self._ignored += not line.shown or judging.is_total(line)
        if (told := columns.read_key(line.key)) and sentence == other_year(told[0], self._year):
            self._years[told[0]] += 1
        if len(self._strays) < MOST_STRAYS:
            if sum(map(len, cells)) > LONGEST_STRAY:
                cells = [cell if place in self._needed else "" for place, cell in enumerate(cells)]
            seen = [cell.replace("\0", "") for cell in cells]
            self._strays.append(Stray(line.number, line.shown, line.typed, sentence, seen))

    def _refuse_useless(self) -> None:
        """A table of which no line is for anybody, or that says no rent at all."""
        if not self._shares:
            if self._years and self._years.total() == self._stray_count - self._ignored:
                raise OtherYear(self._years.most_common(1)[0][0], self._year)
            raise NothingOfYours(self._strays[0].sentence)
        if not any(share.has_rents for share in self._shares.values()):
            raise NoRents(self._year)
