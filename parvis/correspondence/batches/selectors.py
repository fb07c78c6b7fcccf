"""Questions about batches and the letters that wait for one."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from parvis.correspondence.batches.models import WAITING, BatchState, LetterBatch
from parvis.correspondence.models import Message
from parvis.correspondence.returns.models import ReturnedLetter
from parvis.kit.actors import Actor, Duty
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound

PAGE = 25
PREVIEWED = 3


class WaitingLetters(NamedTuple):
    """Letters made and in no batch, of one text and one office."""

    template: str
    office: str
    letters: int


_WAITING = f"""
SELECT m.template, COALESCE(m.context -> 'office' ->> 'name', ''), count(*) FROM correspondence_message m
WHERE {WAITING} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""


def waiting_letters(actor: Actor, *, at: datetime) -> list[WaitingLetters]:
    """What could be batched now; for agents who batch letters."""
    if not actor.holds(Duty.BATCH_LETTERS):
        return []
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"today": day_in_paris(at)})
        return [WaitingLetters._make(row) for row in cursor.fetchall()]


class BatchLine(NamedTuple):
    """A batch with how many of its letters came back."""

    batch: LetterBatch
    returned: int


def batches(actor: Actor, *, before: int | None = None, limit: int = PAGE) -> list[BatchLine]:
    """The newest first, before one of them (its key)."""
    if not actor.holds(Duty.BATCH_LETTERS):
        return []
    rows = LetterBatch.objects.exclude(state=BatchState.ABANDONED).order_by("-pk")
    found = list(rows.filter(pk__lt=before)[:limit] if before is not None else rows[:limit])
    return [BatchLine(batch, _returned(batch)) for batch in found]


def batch_of(actor: Actor, number: str) -> BatchLine:
    """One batch by its number."""
    found = LetterBatch.objects.filter(number=number).first() if actor.holds(Duty.BATCH_LETTERS) else None
    if found is None:
        raise NotFound
    return BatchLine(found, _returned(found))


def _returned(batch: LetterBatch) -> int:
    return ReturnedLetter.objects.filter(message__batch=batch).count()


class PreviewedLetter(NamedTuple):
    """A letter as it is kept: window, title and words, secrets masked."""

    number: str
    window: list[str]
    title: str
    body: str


def preview(batch: LetterBatch) -> list[PreviewedLetter]:
    """The first, the middle and the last letters of a batch."""
    rows = Message.objects.filter(batch=batch).order_by("pk").values_list("number", "to_address", "subject", "body")
    places = sorted({0, batch.count // 2, max(0, batch.count - 1)})[:PREVIEWED]
    return [PreviewedLetter._make(row) for place in places for row in rows[place : place + 1]]
