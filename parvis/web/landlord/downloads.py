"""Files that hold personal data, as answers: whichever page gives one, the journal says first who took it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, NamedTuple

from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from parvis.kit.actors import Actor
from parvis.sheets import writing
from parvis.sheets.writing import Cell
from parvis.tenancies.services.exports import record_export
from parvis.web.frame.render import table_sent
from parvis.web.frame.requests import PageRequest

PDF = "application/pdf"


class Taken(NamedTuple):
    """What is taken, in the journal's words: its kind, the name of the file without its ending, the year it is about."""

    kind: str
    name: str
    year: int | None = None


class Counted:
    """Rows on their way to a file, and how many there were."""

    def __init__(self, rows: Iterable[Sequence[Cell]]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        """Each row once."""
        for row in self._rows:
            self.count += 1
            yield row


def noted(request: PageRequest, taken: Taken, ending: str, *, rows: int) -> None:
    """Write in the journal that the file leaves with so many lines."""
    name = f"{taken.name}.{ending}"
    record_export(taken.kind, name, rows=rows, year=taken.year, by=request.actor, at=request.now)


def table_answer(
    request: PageRequest,
    taken: Taken,
    ending: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    sheet: str,
    open_columns: Sequence[int] = (),
) -> HttpResponseBase:
    """A table of any length: written to disk, noted, then sent from there and forgotten."""
    counted = Counted(rows)
    file = writing.kept_file(ending, header, counted, name=sheet, open_columns=open_columns)
    return file_answer(request, taken, ending, file, rows=counted.count)


def unnoted_table(ending: str, header: Sequence[str], *, name: str, sheet: str) -> HttpResponseBase:
    """A table with nothing but its head: it tells nothing of anybody."""
    file = writing.kept_file(ending, header, (), name=sheet)
    return table_sent(file, name, ending)


def file_answer(request: PageRequest, taken: Taken, ending: str, file: IO[bytes], *, rows: int) -> HttpResponseBase:
    """A table that is on disk already: noted, sent, closed (which deletes it)."""
    try:
        noted(request, taken, ending, rows=rows)
    except BaseException:
        file.close()
        raise
    return table_sent(file, taken.name, ending)


def paper_answer(request: PageRequest, taken: Taken, content: bytes, *, rows: int) -> HttpResponse:
    """A PDF, which opens first."""
    noted(request, taken, "pdf", rows=rows)
    return _opened(taken, content)


def table_of_accounts(
    request: PageRequest,
    taken: Taken,
    ending: str,
    header: Sequence[str],
    portions: Sequence[tuple[Actor, Iterable[Sequence[Cell]]]],
    *,
    sheet: str,
    open_columns: Sequence[int] = (),
    last: Iterable[Sequence[Cell]] = (),
) -> HttpResponseBase:
    """A table about several accounts: noted in each of them, with the lines it has there. The ``last`` lines are of none."""
    counted = [(actor, Counted(rows)) for actor, rows in portions]
    rows = chain(chain.from_iterable(rows for _, rows in counted), last)
    file = writing.kept_file(ending, header, rows, name=sheet, open_columns=open_columns)
    try:
        _noted_in_each(request, taken, ending, [(actor, rows.count) for actor, rows in counted])
    except BaseException:
        file.close()
        raise
    return table_sent(file, taken.name, ending)


def _noted_in_each(request: PageRequest, taken: Taken, ending: str, shares: Sequence[tuple[Actor, int]]) -> None:
    with transaction.atomic():
        for actor, rows in shares:
            record_export(taken.kind, f"{taken.name}.{ending}", rows=rows, year=taken.year, by=actor, at=request.now)


def paper_of_accounts(
    request: PageRequest, taken: Taken, content: bytes, shares: Sequence[tuple[Actor, int]]
) -> HttpResponse:
    """A PDF about several accounts: noted in each of them, with the lines it has there."""
    _noted_in_each(request, taken, "pdf", shares)
    return _opened(taken, content)


def _opened(taken: Taken, content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type=PDF)
    answer["Content-Disposition"] = f'inline; filename="{taken.name}.pdf"'
    return answer
