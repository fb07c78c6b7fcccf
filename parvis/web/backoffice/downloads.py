"""Files agents take: the journal says who took what before it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http.response import HttpResponseBase

from parvis.sheets import writing
from parvis.sheets.writing import Cell
from parvis.tenancies.services.exports import record_export
from parvis.web.backoffice.gate import AgentRequest
from parvis.web.frame.render import table_sent


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
