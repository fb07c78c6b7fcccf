"""Files agents take: the journal says who took what before it leaves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.db import transaction
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import urlencode

from parvis.agents.refusals import MoreThanAlone
from parvis.agents.selectors.exports import left_alone
from parvis.agents.services import exports
from parvis.kit.actors import Actor, Duty
from parvis.sheets import writing
from parvis.sheets.writing import Cell
from parvis.tenancies.services.exports import record_export
from parvis.web.backoffice.gate import AgentRequest
from parvis.web.frame.render import table_sent
from parvis.web.frame.templating import address


def table_file(
    request: AgentRequest, kind: str, name: str, ending: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponseBase:
    """A table of any length: written to disk some lines at a time, noted, then sent from there and forgotten."""
    count = 0

    def counted() -> Iterable[Sequence[Cell]]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    file = writing.kept_file(ending, header, counted(), name=name[:31])
    record_export(kind, f"{name}.{ending}", rows=count, by=request.actor, at=request.now)
    return table_sent(file, name, ending)


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """A table that names people: at once while those of the day are short, else asked for by one agent and agreed to by another (T64).

    ``query`` finds the same table again. ``note`` writes in the journal that it leaves, given the file and how many lines it has; it
    may add a last line of its own.
    """

    kind: str
    title: str
    query: dict[str, str]
    name: str
    ending: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    duty: Duty
    offices: tuple[str, ...]
    note: Callable[[IO[bytes], int], None]

    @property
    def words(self) -> str:
        """The query as an address carries it."""
        return urlencode(self.query)

    @property
    def which(self) -> str:
        """A fingerprint of what is asked for, whatever the format: the same list once more is the same file."""
        asked = {name: value for name, value in self.query.items() if name != "format"}
        return hashlib.sha256(f"{self.kind}?{urlencode(asked)}".encode()).hexdigest()

    def written(self, *, most: int | None = None) -> tuple[IO[bytes], int]:
        """The file on disk, and how many lines it has; whoever sends it closes it.

        Beyond ``most`` lines it is :class:`MoreThanAlone`: the first one too many is the last one read, and nothing is kept.
        """
        count = 0

        def counted() -> Iterable[Sequence[Cell]]:
            nonlocal count
            for row in self.rows:
                count += 1
                if most is not None and count > most:
                    raise MoreThanAlone
                yield row

        file = writing.kept_file(self.ending, self.header, counted(), name=self.name[:31])
        return file, count


def exported(kind: str, name: str, ending: str, *, by: Actor, at: datetime) -> Callable[[IO[bytes], int], None]:
    """What notes a table like any other that leaves."""

    def note(_: IO[bytes], rows: int) -> None:
        record_export(kind, f"{name}.{ending}", rows=rows, by=by, at=at)

    return note


def personal_file(table: PersonalTable, *, by: Actor, at: datetime) -> HttpResponseBase:
    """The table, noted and sent; or the page that asks for it, where an agent would take more lines alone than in a day."""
    try:
        file = _taken_alone(table, by=by, at=at)
    except MoreThanAlone:
        return HttpResponseRedirect(f"{address('agent-export-ask')}?liste={table.kind}&{table.words}")
    return table_sent(file, table.name, table.ending)


def _taken_alone(table: PersonalTable, *, by: Actor, at: datetime) -> IO[bytes]:
    file, count = table.written(most=left_alone(by, table.which, at=at))
    try:
        with transaction.atomic():
            exports.take_alone(table.title, table.which, rows=count, by=by, at=at)
            table.note(file, count)
    except BaseException:
        file.close()
        raise
    return file
