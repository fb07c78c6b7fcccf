"""Lines that waited for something: taken in by themselves once it has arrived."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import F

from parvis.audit.journal import record
from parvis.exchange import events
from parvis.exchange.formats.format import Circumstances, Format
from parvis.exchange.inbound.faults import put_duplicates, put_faults
from parvis.exchange.inbound.records import Record, record_of
from parvis.exchange.inbound.staging import APART, LINES, clear_away, lay_out, stage_records
from parvis.exchange.models import DeliveryFile, LineState, SetAsideLine
from parvis.kit.encryption import open_
from parvis.kit.merging import execute, rows

_BATCH = 5_000

_READY = """
SELECT w.id, w.number, w.line FROM exchange_setasideline w
WHERE w.state = 'waiting' AND w.file_id = %s AND w.id > %s AND {arrived} ORDER BY w.id LIMIT %s
"""
# Every line that was staged is settled, but those that wait for yet another thing.
_SETTLE = """
UPDATE exchange_setasideline w SET
  state = CASE WHEN a.line IS NULL THEN 'taken' WHEN a.waits_for = '' THEN 'refused' ELSE 'waiting' END,
  settled_at = CASE WHEN a.waits_for <> '' THEN NULL ELSE %s END,
  field = COALESCE(a.field, w.field), sentence = COALESCE(a.sentence, w.sentence), waits_for = COALESCE(a.waits_for, w.waits_for)
FROM feed_staged s LEFT JOIN (SELECT DISTINCT ON (line) * FROM feed_apart ORDER BY line) a ON a.line = s.line
WHERE w.id = s.line RETURNING w.state
"""


def take_waiting(format_: Format, circumstances: Circumstances) -> int:
    """Take in the waiting lines of this kind whose time has come; how many went in."""
    if not format_.arrived:
        return 0
    files = DeliveryFile.objects.filter(kind=format_.kind, lines__state=LineState.WAITING).distinct().order_by("pk")
    return sum(_take_from(row, format_, circumstances) for row in files)


@transaction.atomic
def _take_from(row: DeliveryFile, format_: Format, circumstances: Circumstances) -> int:
    """The waiting lines of one file, which have one header."""
    header = tuple(row.header)
    lay_out(format_, header)
    count = 0
    for batch in _ready(row, format_):
        stage_records(format_, header, [_reopened(row, len(header), *line) for line in batch])
        count += len(batch)
    if not count:
        clear_away()
        return 0
    execute("DROP TABLE IF EXISTS feed_staged")
    execute(f"CREATE TEMP TABLE feed_staged ON COMMIT DROP AS SELECT line FROM {LINES}")
    put_faults(format_, LINES, APART)
    put_duplicates(format_, LINES, LINES, APART)
    execute(f"DELETE FROM {LINES} l USING {APART} a WHERE a.line = l.line")
    format_.merge(LINES, APART, circumstances)
    states = [state for (state,) in rows(_SETTLE, [circumstances.at])]
    clear_away()
    return _counted(row, states, circumstances)


def _counted(row: DeliveryFile, states: list[str], circumstances: Circumstances) -> int:
    taken, refused = states.count(LineState.TAKEN), states.count(LineState.REFUSED)
    DeliveryFile.objects.filter(pk=row.pk).update(
        waiting=F("waiting") - taken - refused, set_aside=F("set_aside") + refused
    )
    if taken:
        subject = f"delivery {row.delivery}"
        record(
            events.WAITING_TAKEN, subject=subject, by=circumstances.by, at=circumstances.at, file=row.name, taken=taken
        )
    return taken


def _ready(row: DeliveryFile, format_: Format) -> Iterator[list[tuple[Any, ...]]]:
    statement, last = _READY.replace("{arrived}", format_.arrived.replace("%", "%%")), 0
    while batch := rows(statement, [row.pk, last, _BATCH]):
        last = batch[-1][0]
        yield batch


def _reopened(row: DeliveryFile, width: int, identifier: int, number: int, sealed: Any) -> Record:
    raw = open_(bytes(sealed), SetAsideLine(file=row, number=number).column).encode()
    return dataclasses.replace(record_of(raw, 0, width), number=identifier)


def waiting_lines() -> int:
    """How many lines wait, whatever for."""
    return SetAsideLine.objects.filter(state=LineState.WAITING).count()
