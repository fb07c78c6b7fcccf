"""What was sent, line by line as it was, with what was found in each: of one file, or of several accounts in one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from parvis.declarations.bulk import columns
from parvis.declarations.bulk.intake.parting import Stray, share_rows
from parvis.declarations.bulk.models import RentFile, RentUpload
from parvis.declarations.bulk.report import ReportRow, all_lines
from parvis.kit.actors import Actor
from parvis.sheets import reading

RESULT = ["Résultat", "Que corriger"]
"""The two columns an annotated table has more."""


def annotated(actor: Actor, file: RentFile) -> Iterator[list[str]]:
    """The file as it was sent, each line with « Résultat » and « Que corriger » after its own cells; the head first."""
    for cells, row in _beside(actor, file):
        if row is not None:
            yield [*cells, *_result(row)]
        else:
            yield [*cells, *(RESULT if _is_head(cells, file.header) else ("", ""))]


class AnnotatedTogether(NamedTuple):
    """The lines of several accounts in one annotated table: its head, what each account adds, the lines no account took."""

    head: list[str]
    portions: list[tuple[Actor, Iterator[list[str]]]]
    strays: list[list[str]]


def annotated_together(upload: RentUpload, parts: Sequence[tuple[Actor, RentFile, str]]) -> AnnotatedTogether:
    """The file of several accounts as it was sent, account after account, each with its name unless the file says it itself."""
    names_them = columns.ACCOUNT in upload.columns
    cells = [*(upload.header or [""]), *RESULT]
    portions = [(actor, _lines_of(actor, file, "" if names_them else title)) for actor, file, title in parts]
    return AnnotatedTogether(cells if names_them else [*cells, "Compte"], portions, _strays(upload))


def _lines_of(actor: Actor, file: RentFile, title: str) -> Iterator[list[str]]:
    for cells, row in _beside(actor, file):
        if row is not None:
            yield [*cells, *_result(row), *([title] if title else [])]


def _strays(upload: RentUpload) -> list[list[str]]:
    """What is known of the lines no account took: who is named there, the amount, why."""
    places, rows = upload.columns, []
    who, rent = places.get(columns.KEY, places.get(columns.NUMBER, 0)), places.get(columns.RENT, 0)
    for stray in (Stray(*told) for told in upload.strays):
        cells = [""] * max(len(upload.header), 1)
        cells[who], cells[rent] = stray.shown, stray.typed
        rows.append([*cells, "Sans compte", stray.sentence])
    return rows


def _result(row: ReportRow) -> list[str]:
    return [row.state_label, " ".join(row.sentences)]


def _beside(actor: Actor, file: RentFile) -> Iterator[tuple[list[str], ReportRow | None]]:
    """The cells of each line, and what was found in it; nothing for a head, a title, a line that is left out."""
    content = bytes(RentFile.objects.values_list("content", flat=True).get(pk=file.pk) or b"")
    width = max(len(file.header), 1)
    judged = all_lines(actor, file)
    current = next(judged, None)
    for number, cells in enumerate(reading.rows(content) if file.head_lines is None else share_rows(content), start=1):
        if file.head_lines is not None:
            # The lines of other accounts are blank here, and a mark stands before what a formula gave.
            if not any(cells):
                continue
            cells = [cell.removeprefix(reading.FORMULA) for cell in cells]
        padded = [*cells, *[""] * (width - len(cells))]
        if current is not None and number == current.line:
            yield padded, current
            current = next(judged, None)
        else:
            yield padded, None


def _is_head(cells: Sequence[str], header: Sequence[str]) -> bool:
    said = [cell.strip()[:60] for cell in cells]
    return bool(header) and said[: len(header)] == list(header)
