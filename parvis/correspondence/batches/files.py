"""The files of a batch: ZIPs of PDFs with a manifest each, and one for the whole. Made by the worker, some at a time.

The same batch always gives the same bytes: letters in the order of their numbers, dates that are the approval's, nothing packed
(a PDF is). A part stands under its name only once it is whole: after a kill, the next run goes on with the part that is missing.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence import events
from parvis.correspondence.batches.models import BatchState, LetterBatch
from parvis.correspondence.models import Channel, Message, MessageState
from parvis.kit.actors import Actor
from parvis.kit.clock import PARIS, day_in_paris

PART = 2_000
PARTS_A_RUN = 5
KEPT_AFTER_POSTING = timedelta(days=30)
"""How long a letter that was posted can still be printed again."""
_UNFINISHED_FOR = timedelta(days=1)
"""A letter begun so long ago and not ended is what a killed worker left: it may hold a password."""
HEADER = ("numero", "fichier", "pages", "sha256", "pays", "code_postal")
MANIFEST = "manifeste.csv"
_PAGES = 1
"""A letter that does not fit one page is never made (rendering.letters)."""


class LetterMissing(Exception):
    """A letter of the batch is not in the folder; its number is the text."""


def folder_of(batch: LetterBatch) -> Path:
    """Where the files of a batch are."""
    return Path(settings.LETTERS) / "batches" / batch.number


def names_of(batch: LetterBatch) -> list[str]:
    """The files of a batch that is made, the manifest first."""
    return [MANIFEST, *(f"{batch.number}-{part:02d}.zip" for part in range(1, _parts(batch) + 1))]


def make_due(*, by: Actor, at: datetime) -> int:
    """Make the files of approved batches, a few parts a run; says how many parts."""
    _forget_abandoned()
    made = 0
    waiting = LetterBatch.objects.filter(state=BatchState.APPROVED, made_at__isnull=True).order_by("approved_at", "pk")
    for batch in waiting:
        for part in range(1, _parts(batch) + 1):
            if made >= PARTS_A_RUN:
                return made
            try:
                made += write_part(batch, part)
            except LetterMissing as missing:
                failure = f"La lettre {missing} manque dans le dossier des courriers."
                LetterBatch.objects.filter(pk=batch.pk).update(failure=failure)
                break
        else:
            _finish(batch, by=by, at=at)
    return made


def write_part(batch: LetterBatch, part: int) -> bool:
    """Write one ZIP unless it is there already; says whether it was written."""
    folder = folder_of(batch)
    path, lines = folder / f"{batch.number}-{part:02d}.zip", folder / f".{part:02d}.csv"
    if path.exists() and lines.exists():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    assert batch.approved_at is not None
    moment = batch.approved_at.astimezone(PARIS)
    stamp = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    rows: list[tuple[object, ...]] = []
    unfinished = folder / f".{part:02d}.{os.getpid()}.part"
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        for number, country, last_line in _letters(batch, part):
            content = _pdf(number)
            archive.writestr(zipfile.ZipInfo(f"{number}.pdf", stamp), content)
            digest = hashlib.sha256(content).hexdigest()
            postcode = last_line.split(" ", 1)[0] if country == "FR" else ""
            rows.append((number, f"{number}.pdf", _PAGES, digest, country, postcode))
        archive.writestr(zipfile.ZipInfo(MANIFEST, stamp), _table([HEADER, *rows]))
    _keep(lines, _table([(path.name, *row) for row in rows]))
    _sync(unfinished)
    unfinished.replace(path)
    return True


def forget_posted(*, at: datetime) -> int:
    """Delete the files of batches posted long enough ago, and letters taken back or never ended; says how many batches."""
    long_ago = day_in_paris(at) - KEPT_AFTER_POSTING
    posted = LetterBatch.objects.filter(state=BatchState.POSTED, posted_on__lt=long_ago).order_by("-pk")
    kept = [batch for batch in posted if folder_of(batch).is_dir()]
    for batch in kept:
        forget(batch)
    taken_back = Message.objects.filter(channel=Channel.LETTER, state=MessageState.CANCELLED, batch=None).exclude(
        number=""
    )
    for number in taken_back.values_list("number", flat=True):
        (Path(settings.LETTERS) / f"{number}.pdf").unlink(missing_ok=True)
    long_dead = at - _UNFINISHED_FOR
    for left in Path(settings.LETTERS).glob(".*.part"):
        if left.stat().st_mtime < long_dead.timestamp():
            left.unlink(missing_ok=True)
    return len(kept)


def forget(batch: LetterBatch) -> None:
    """Delete the files and the PDFs of a batch that was posted: nobody needs them any more (security.md, retention)."""
    for number, _, _ in _letters(batch, None):
        (Path(settings.LETTERS) / f"{number}.pdf").unlink(missing_ok=True)
    empty(folder_of(batch))


def missing_of(batch: LetterBatch) -> list[str]:
    """The numbers of its letters whose PDF is not in the folder."""
    there = {path.name for path in Path(settings.LETTERS).glob("*.pdf")}
    return [number for number, _, _ in _letters(batch, None) if f"{number}.pdf" not in there]


def _forget_abandoned() -> None:
    """A batch given up after some of its parts were written: nobody may take them to the printing house."""
    for batch in LetterBatch.objects.filter(state=BatchState.ABANDONED, approved_at__isnull=False):
        empty(folder_of(batch))


def empty(folder: Path) -> None:
    """Delete the folder of a batch."""
    if folder.is_dir():
        for file in folder.iterdir():
            file.unlink(missing_ok=True)
        folder.rmdir()


def _finish(batch: LetterBatch, *, by: Actor, at: datetime) -> None:
    """All parts are there: the manifest of the whole, then the moment."""
    folder = folder_of(batch)
    parts = range(1, _parts(batch) + 1)
    _keep(
        folder / MANIFEST,
        _table([("lot", *HEADER)]) + b"".join((folder / f".{part:02d}.csv").read_bytes() for part in parts),
    )
    with transaction.atomic():
        own = LetterBatch.objects.filter(pk=batch.pk, state=BatchState.APPROVED, made_at__isnull=True)
        if own.update(made_at=at, failure=""):
            record(events.BATCH_MADE, subject=batch.number, by=by, at=at, letters=batch.count, parts=len(parts))
    for left in folder.glob(".*.part"):  # what killed workers left, letters in it
        left.unlink(missing_ok=True)


def _parts(batch: LetterBatch) -> int:
    return -(-batch.count // PART)


def _letters(batch: LetterBatch, part: int | None) -> Iterator[tuple[str, str, str]]:
    """Number, country and last line of the window, in the order they were made; those of one part, or all."""
    rows = Message.objects.filter(batch=batch).order_by("pk").values_list("number", "to_country", "to_address")
    chosen = rows if part is None else rows[(part - 1) * PART : part * PART]
    for number, country, lines in chosen.iterator(chunk_size=500):
        yield number, country, lines[-1]


def _pdf(number: str) -> bytes:
    try:
        return (Path(settings.LETTERS) / f"{number}.pdf").read_bytes()
    except FileNotFoundError as error:
        raise LetterMissing(number) from error


def _table(rows: list[tuple[object, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _keep(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    unfinished.write_bytes(content)
    _sync(unfinished)
    unfinished.replace(path)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
