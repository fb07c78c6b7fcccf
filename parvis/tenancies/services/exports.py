"""Personal data leaves as a file: who took what, and how many lines of it, is written before it leaves."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.kit.actors import Actor
from parvis.tenancies import events

LONGEST_NAME = 80


@transaction.atomic
def record_export(kind: str, name: str, *, rows: int, year: int | None = None, by: Actor, at: datetime) -> None:
    """Write in the journal that the file ``name`` leaves: what it is, how many lines or documents it has, of which year."""
    told = {} if year is None else {"year": year}
    record(events.EXPORTED, subject=name[:LONGEST_NAME], by=by, at=at, kind=kind, rows=rows, **told)
