"""What was sent, line by line as it was, with what was found in each: of one file, or of several accounts in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from parvis.declarations.bulk import columns, judging
from parvis.declarations.bulk.columns import Layout
from parvis.declarations.bulk.intake.parting import Stray, share_rows
from parvis.declarations.bulk.models import RentFile
from parvis.declarations.bulk.report import ReportRow, all_lines
from parvis.kit.actors import Actor
from parvis.sheets import reading

RESULT = ["Résultat", "Que corriger"]
"""The two columns an annotated table has more."""


def annotated(actor: Actor, file: RentFile) -> Iterator[list[str]]:
    """The file as it was sent, each line with « Résultat » and « Que corriger » behind its columns; what it says beyond them stays
    beyond."""
    width = max(len(file.header), *(place + 1 for place in file.columns.values()), 1)
    head, _ = _head(file)
    for number, cells, row in _beside(actor, file, width):
        found = _result(row) if row is not None else RESULT if number == head else ["", ""]
        yield [*cells[:width], *found, *cells[width:]]


class AnnotatedTogether(NamedTuple):
    """The lines of several accounts in one annotated table: its head, what each account adds, the lines no account took."""

    head: list[str]
    portions: list[tuple[Actor, Iterator[list[str]]]]
    strays: list[list[str]]


def annotated_together(
    strays: Sequence[Stray], parts: Sequence[tuple[Actor, RentFile, str]]
) -> AnnotatedTogether:  # fmt: skip
    """The file of several accounts as it was sent, account after account, each with its name unless the file says it itself."""
    first = parts[0][1]
    _, head = _head(first)
    widths = [len(head), *(place + 1 for place in first.columns.values()), *(len(stray.cells) for stray in strays)]
    width = max(*widths, *(len(cells) for _, file, _ in parts for cells in _cells(file)))
    names_them = columns.ACCOUNT in first.columns
    return AnnotatedTogether(
        [*_padded(head, width), *RESULT, *(() if names_them else ["Compte"])],
        [(actor, _lines_of(actor, file, width, "" if names_them else title)) for actor, file, title in parts],
        [[*_padded(_cells_of(stray, first.columns), width), "Sans compte", stray.sentence] for stray in strays],
    )


def _lines_of(actor: Actor, file: RentFile, width: int, title: str) -> Iterator[list[str]]:
    for _, cells, row in _beside(actor, file, width):
        if row is not None:
            yield [*cells, *_result(row), *([title] if title else [])]


def _cells_of(stray: Stray, places: Mapping[str, int]) -> list[str]:
    """As it was sent; of what was parted before that was kept, who is named there and the amount."""
    if stray.cells:
        return [cell.removeprefix(reading.FORMULA) for cell in stray.cells]
    cells = [""] * (max(places.values()) + 1)
    cells[places.get(columns.NUMBER, places.get(columns.KEY, 0))], cells[places[columns.RENT]] = (
        stray.shown,
        stray.typed,
    )
    return cells


def _result(row: ReportRow) -> list[str]:
    return [row.state_label, " ".join(row.sentences)]


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _cells(file: RentFile) -> Iterator[list[str]]:
    content = bytes(RentFile.objects.values_list("content", flat=True).get(pk=file.pk) or b"")
    return iter(reading.rows(content) if file.head_lines is None else share_rows(content))


def _head(file: RentFile) -> tuple[int, list[str]]:
    lines = columns.MOST_TITLE_LINES if file.head_lines is None else file.head_lines
    return columns.head_of(list(islice(_cells(file), lines)), file.header)


def _beside(actor: Actor, file: RentFile, width: int) -> Iterator[tuple[int, list[str], ReportRow | None]]:
    """The number of each line, its cells, and what was found in it; nothing for a head, a title, a line that is left out."""
    layout, judged = Layout(file.columns, 0, ()), all_lines(actor, file)
    current = next(judged, None)
    for number, cells in enumerate(_cells(file), start=1):
        if file.head_lines is not None and not any(cells):
            continue  # a line of another account
        if current is None or number != current.line:
            yield number, _padded([cell.removeprefix(reading.FORMULA) for cell in cells], width), None
            continue
        said = _as_it_stands(cells, current, judging.line_of(number, cells, layout), file.columns)
        yield number, _padded(said, width), current
        current = next(judged, None)


def _as_it_stands(cells: list[str], row: ReportRow, sent: judging.Line | None, places: Mapping[str, int]) -> list[str]:
    """The cells of a line, with the amounts that were mended on screen since: what goes up again is what was last said."""
    said = [cell.removeprefix(reading.FORMULA) for cell in cells]
    for name, was, now in (
        (columns.RENT, sent.typed if sent else "", row.typed),
        (columns.PREVIOUS, sent.previous_typed if sent else "", row.previous_typed),
    ):
        if name in places and was != now:
            said = _padded(said, places[name] + 1)
            said[places[name]] = now
    return said
