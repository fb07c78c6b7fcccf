"""After a restore: what the folder of letters knows and the database forgot. No letter is printed twice, no number given twice."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from parvis.audit.journal import record
from parvis.correspondence import events
from parvis.correspondence.batches import files
from parvis.correspondence.models import BatchState, Channel, LetterBatch, Message, MessageState
from parvis.kit.actors import Actor
from parvis.kit.merging import execute
from parvis.parameters.catalogue import LETTER_PRICE
from parvis.parameters.selectors import value

_NUMBER = re.compile(r"(?:L|LOT)-\d{4}-(\d{4,9})")
_GONE = (BatchState.HANDED_OVER, BatchState.POSTED)
SOMEBODY = "inconnu"
"""Who approved a batch since the backup: two agents did, whom the database forgot."""
TO_ASK = "Ce lot vient d’avant une remise de la base\u00a0: demandez à l’éditique s’il l’a, et quand il l’a posté."


@dataclass(frozen=True, slots=True)
class Found:
    """``entered`` batches are with the printing house, ``letters`` of them are known here, ``unknown`` ones are lost to this database;
    ``voided`` batches must be approved again."""

    entered: int
    letters: int
    unknown: int
    voided: int


def reconcile(*, by: Actor, at: datetime) -> Found:
    """Enter the batches whose files are made; void the approval of the others. Done twice, it changes nothing more.

    A made batch counts as handed over: an agent asks the printing house. Numbers go on after the last one in the folder, of batches
    as of letters: the sequences went back with the database, what was posted did not.
    """
    root = Path(settings.LETTERS)
    folders = [
        path for path in sorted((root / "batches").glob("LOT-*")) if path.is_dir() and _NUMBER.fullmatch(path.name)
    ]
    entered = letters = unknown = 0
    for folder in folders:
        if not (folder / files.MANIFEST).exists():
            files.empty(folder)
        elif not LetterBatch.objects.filter(number=folder.name, state__in=_GONE).exists():
            known, lost = _enter(folder, by, at)
            entered, letters, unknown = entered + 1, letters + known, unknown + lost
    voided = _void(by, at)
    _go_on("correspondence_batch_number", [path.name for path in folders])
    _go_on("correspondence_letter_number", [path.stem for path in root.glob("L-*.pdf")])
    return Found(entered, letters, unknown, voided)


@transaction.atomic
def _enter(folder: Path, by: Actor, at: datetime) -> tuple[int, int]:
    manifest = folder / files.MANIFEST
    with manifest.open(encoding="utf-8", newline="") as lines:
        numbers = [row["numero"] for row in csv.DictReader(lines, delimiter=";")]
    _go_on("correspondence_letter_number", numbers)
    made_at = datetime.fromtimestamp(manifest.stat().st_mtime, UTC)
    batch, _ = LetterBatch.objects.get_or_create(
        number=folder.name,
        defaults={"price_cents": value(LETTER_PRICE), "prepared_at": made_at, "prepared_by": by.label},
    )
    known = _take(numbers, batch, made_at)
    LetterBatch.objects.filter(pk=batch.pk).update(
        state=BatchState.HANDED_OVER,
        count=known,
        has_secrets=Message.objects.filter(batch=batch).exclude(secret="").exists(),
        approved_at=batch.approved_at or made_at,
        approved_by=batch.approved_by or SOMEBODY,
        made_at=made_at,
        handed_over_at=made_at,
        handed_over_by=by.label,
        failure=TO_ASK,
    )
    _count_again()
    lost = len(numbers) - known
    record(events.BATCH_RECONCILED, subject=batch.number, by=by, at=at, letters=known, unknown=lost)
    return known, lost


def _take(numbers: list[str], batch: LetterBatch, made_at: datetime) -> int:
    """Its letters are in this batch and no other, sent if they still waited; what waited for those is free to be looked at."""
    letters = Message.objects.filter(number__in=numbers, channel=Channel.LETTER).exclude(batch__state__in=_GONE)
    waited = list(letters.exclude(state=MessageState.SENT).values_list("pk", flat=True))
    known = letters.update(batch=batch)
    Message.objects.filter(pk__in=waited).update(
        state=MessageState.SENT, sent_at=made_at, is_held=False, leased_until=None, failure=""
    )
    Message.objects.filter(after__in=waited, is_held=True).update(is_held=False)
    return known


def _count_again() -> None:
    """Batches that were being prepared, some of whose letters left in another."""
    being = LetterBatch.objects.filter(state__in=[BatchState.PREPARED, BatchState.APPROVED])
    for batch in being.annotate(left=Count("letters")):
        if batch.left != batch.count:
            state = batch.state if batch.left else BatchState.ABANDONED
            LetterBatch.objects.filter(pk=batch.pk).update(count=batch.left or batch.count, state=state)


@transaction.atomic
def _void(by: Actor, at: datetime) -> int:
    """What two people agreed to and is not made must be agreed to again."""
    approved = LetterBatch.objects.filter(state=BatchState.APPROVED).select_for_update()
    numbers = list(approved.values_list("number", flat=True))
    LetterBatch.objects.filter(number__in=numbers).update(
        state=BatchState.PREPARED, approved_at=None, approved_by="", made_at=None, failure="", is_over_budget=False
    )
    for number in numbers:
        record(events.BATCH_VOIDED, subject=number, by=by, at=at)
    return len(numbers)


def _go_on(sequence: str, names: list[str]) -> None:
    """Have a sequence go on after the highest of these numbers."""
    highest = max((int(found[1]) for name in names if (found := _NUMBER.fullmatch(name))), default=0)
    execute(
        f"SELECT setval(%(name)s, %(highest)s) FROM {sequence} WHERE last_value < %(highest)s",
        {"name": sequence, "highest": highest},
    )
