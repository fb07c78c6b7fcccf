"""Questions about batches and the letters that wait for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from parvis.correspondence.batches.models import WAITING, BatchState, LetterBatch
from parvis.correspondence.models import Message
from parvis.correspondence.returns.models import ReturnedLetter
from parvis.kit.actors import Actor, Duty
from parvis.kit.clock import day_in_paris, starts_at
from parvis.kit.days import working_days_before
from parvis.kit.db import one_row
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
WHERE {WAITING} GROUP BY 1, 2
"""


def waiting_letters(
    actor: Actor, *, renamed: Mapping[str, str] = MappingProxyType({}), at: datetime
) -> list[WaitingLetters]:
    """What could be batched now, the most first; for agents who batch letters.

    ``renamed`` are former names of offices with those of today: their letters are of one office.
    """
    if not actor.holds(Duty.BATCH_LETTERS):
        return []
    letters: Counter[tuple[str, str]] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"today": day_in_paris(at)})
        for template, office, count in cursor.fetchall():
            letters[template, renamed.get(office, office)] += count
    return [
        WaitingLetters(*which, count) for which, count in sorted(letters.items(), key=lambda one: (-one[1], one[0]))
    ]


LEAVES_IN = 1
"""Working days for each step of a letter before the post: into a batch, agreed to, handed over (security.md §4.9)."""
POSTED_IN = 3
"""Working days the printing house has to print a batch, post it and say so: nobody has its letters until then."""


class LateLetters(NamedTuple):
    """Letters ready and in no batch for longer than ``LEAVES_IN``; ``oldest_on`` is the day the first of them was ready."""

    letters: int
    oldest_on: date | None


# Ready once its PDF is made and, of a password, once its identifier was posted long enough ago.
_LATE = f"""
SELECT count(*), min(ready_on) FROM (
  SELECT GREATEST((m.sent_at AT TIME ZONE 'Europe/Paris')::date,
                  (own.posted_on + COALESCE(m.after_delay, interval '0'))::date) AS ready_on
  FROM correspondence_message m LEFT JOIN correspondence_message earlier ON earlier.id = m.after_id
  LEFT JOIN correspondence_letterbatch own ON own.id = earlier.batch_id
  WHERE {WAITING} AND m.sent_at < %(before)s) waiting
WHERE ready_on < %(day)s::date
"""


def late_letters(*, at: datetime) -> LateLetters:
    """What should have been batched a working day ago, whoever asks."""
    today = day_in_paris(at)
    before = working_days_before(today, LEAVES_IN)
    row = one_row(_LATE, {"today": today, "day": before, "before": starts_at(before)})
    assert row is not None
    return LateLetters._make(row)


def late_batches(*, at: datetime) -> list[LetterBatch]:
    """Batches that nobody took further in time, the oldest first; without those whose ``failure`` says what is wrong."""
    leaves, posted = (starts_at(working_days_before(day_in_paris(at), days)) for days in (LEAVES_IN, POSTED_IN))
    late = Q(state=BatchState.PREPARED, prepared_at__lt=leaves)
    late |= Q(state=BatchState.APPROVED, made_at=None, approved_at__lt=leaves)
    late |= Q(state=BatchState.APPROVED, made_at__lt=leaves)
    late |= Q(state=BatchState.HANDED_OVER, handed_over_at__lt=posted)
    return list(LetterBatch.objects.filter(late, failure="").order_by("pk"))


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
