"""Lines that do not go in: kept encrypted with their number, their field and their sentence; those that wait, taken later."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from parvis.exchange.formats.format import Format
from parvis.exchange.inbound.staging import APART, LINES, SEALED_COLUMN, staged_names
from parvis.exchange.models import DeliveryFile, LineState, SetAsideLine
from parvis.kit.encryption import close, open_
from parvis.kit.merging import execute, holds, literal, rows

_BATCH = 2_000


def put_aside(row: DeliveryFile, format_: Format, lines: str) -> None:
    """Move the lines named in ``feed_apart`` out of ``lines`` into set-aside lines of ``row``, and count them there."""
    if not holds(f"SELECT 1 FROM {APART}"):
        return
    for batch in _batches(_apart_sql(format_, tuple(row.header))):
        SetAsideLine.objects.bulk_create([_set_aside(row, record) for record in batch])
        waiting = sum(1 for record in batch if record[3])
        row.waiting += waiting
        row.set_aside += len(batch) - waiting
    execute(f"DELETE FROM {lines} l USING {APART} a WHERE a.line = l.line")
    execute(f"DELETE FROM {APART}")


def supersede(format_: Format, *, at: datetime, whole: bool = False) -> None:
    """A newer line about the same thing makes an older waiting one pointless; so does a whole file that does not name it."""
    if not SetAsideLine.objects.filter(state=LineState.WAITING, file__kind=format_.kind).exists():
        return
    named = f"SELECT left({format_.key_sql('s')}, 80) AS key FROM {LINES} s"
    good = f"{named} WHERE NOT EXISTS (SELECT 1 FROM {APART} a WHERE a.line = s.line)"
    pointless = f"w.line_key IN ({good})"
    if whole:
        # A faulty line still names what it is about.
        pointless += f" OR NOT EXISTS (SELECT 1 FROM ({named}) n WHERE n.key = w.line_key)"
    execute(
        "UPDATE exchange_setasideline w SET state = 'superseded', settled_at = %s FROM exchange_deliveryfile f"
        f" WHERE f.id = w.file_id AND w.state = 'waiting' AND f.kind = %s AND ({pointless})",
        [at, format_.kind],
    )


def _apart_sql(format_: Format, header: tuple[str, ...]) -> str:
    columns = ", ".join(f"s.{name}" for name in staged_names(format_, header))
    # Only waiting lines are looked for by their key; in a refused one, anything may stand where the key should.
    key = f"CASE WHEN a.waits_for = '' THEN '' ELSE COALESCE(left({format_.key_sql('s')}, 80), '') END"
    return (
        f"SELECT s.line, a.field, a.sentence, a.waits_for, {key}, s.sealed, {columns}"
        f" FROM (SELECT DISTINCT ON (line) * FROM {APART} ORDER BY line) a JOIN {LINES} s ON s.line = a.line ORDER BY s.line"
    )


def _batches(statement: str) -> Iterator[list[tuple[Any, ...]]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while batch := cursor.fetchmany(_BATCH):
            yield batch


def _set_aside(row: DeliveryFile, record: tuple[Any, ...]) -> SetAsideLine:
    line, field, sentence, waits_for, key, sealed, *values = record
    made = SetAsideLine(
        file=row,
        number=line,
        field=field,
        sentence=sentence,
        line_key=key,
        waits_for=waits_for,
        state=LineState.WAITING if waits_for else LineState.REFUSED,
    )
    made.line = close(open_(sealed, SEALED_COLUMN) if sealed else _written(values), made.column)
    return made


def _written(values: list[str | None]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="").writerow(["" if value is None else value for value in values])
    return out.getvalue()


def unreadable_keys(format_: Format) -> int:
    """How many of the lines in ``feed_apart`` do not even say what they are about."""
    fields = ", ".join(literal(name) for name in ("", *format_.key))
    return int(rows(f"SELECT count(*) FROM {APART} WHERE field IN ({fields})")[0][0])
