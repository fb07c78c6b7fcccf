"""A worker killed while it writes the files of a batch: the next one ends it, byte for byte as one left alone would."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import random
import zipfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from parvis.correspondence.batches import files, services
from parvis.correspondence.models import Channel, LetterBatch, Message, MessageState
from tests.crash import victims
from tests.factories.agents import colleague
from tests.factories.correspondence import ADDRESS, AT, CONTEXT

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
LETTERS = 2 * files.PART + 500
KILLS = 4
LATER = AT + timedelta(hours=1)


def _approved(folder: Path) -> LetterBatch:
    """Letters that are made, gathered by one agent, approved by another."""
    numbers = [f"L-2026-{number:06d}" for number in range(1, LETTERS + 1)]
    Message.objects.bulk_create(
        Message(
            reference=f"M-{number}", channel=Channel.LETTER, template="identity/letters/identifier", context=CONTEXT,
            to_address=ADDRESS, number=number, state=MessageState.SENT, sent_at=AT, due_at=AT, created_at=AT,
        )
        for number in numbers
    )  # fmt: skip
    for number in numbers:
        (folder / f"{number}.pdf").write_bytes(b"%PDF-1.7 " + number.encode() * 2_000)
    batch = services.prepare("", "", by=colleague().actor, at=AT)
    services.approve(batch.number, by=colleague().actor, at=AT)
    return LetterBatch.objects.get()


def _kept(folder: Path) -> dict[str, str]:
    """What stands in a folder, hidden files too, by its checksum."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def _left_alone(batch: LetterBatch, patch: pytest.MonkeyPatch, elsewhere: Path, letters: Path) -> dict[str, str]:
    """What the batch is when nobody disturbs who makes it."""
    elsewhere.mkdir()
    for path in letters.glob("*.pdf"):
        (elsewhere / path.name).hardlink_to(path)
    patch.setattr(settings, "LETTERS", elsewhere)
    assert files.make_due(by=victims.BY, at=LATER) == 3
    made = _kept(files.folder_of(batch))
    patch.setattr(settings, "LETTERS", letters)
    LetterBatch.objects.update(made_at=None)
    return made


def test_a_batch_whose_worker_is_killed_is_made_once_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    batch = _approved(letters)
    alone = _left_alone(batch, monkeypatch, tmp_path / "alone", letters)
    folder = files.folder_of(batch)
    chance, kills = random.Random(), 0
    for _ in range(KILLS):
        begun = set(folder.glob(".*.part"))
        victim = victims.task("make_batches", LATER, PARVIS_LETTERS=str(letters))
        after = chance.random() * 0.2
        kills += victims.killed_once(victim, lambda seen=begun: set(folder.glob(".*.part")) > seen, after)  # type: ignore[misc]
    assert victims.task("make_batches", LATER, PARVIS_LETTERS=str(letters)).wait(300) == 0
    batch.refresh_from_db()
    assert kills >= 2, "hardly anything was killed: the test proves nothing"
    assert (batch.made_at, batch.failure) == (LATER, "")
    assert _kept(folder) == alone, "another byte, a file too many or one that is missing"
    _holds_each_letter_once(folder, batch)


def _holds_each_letter_once(folder: Path, batch: LetterBatch) -> None:
    rows = list(csv.DictReader(io.StringIO((folder / files.MANIFEST).read_text(encoding="utf-8")), delimiter=";"))
    assert Counter(row["numero"] for row in rows) == Counter(
        Message.objects.filter(batch=batch).values_list("number", flat=True)
    )
    digests = {row["fichier"]: row["sha256"] for row in rows}
    for archive in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(archive) as opened:
            for name in opened.namelist():
                if name != files.MANIFEST:
                    assert hashlib.sha256(opened.read(name)).hexdigest() == digests.pop(name)
    assert digests == {}


def test_what_a_killed_worker_left_of_a_letter_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LETTERS", tmp_path)
    old, new = tmp_path / ".L-2026-000001.1.part", tmp_path / ".L-2026-000002.2.part"
    for left, at in ((old, AT - timedelta(days=2)), (new, AT)):
        left.write_bytes(b"%PDF")
        os.utime(left, (at.timestamp(), at.timestamp()))
    files.forget_posted(at=AT)
    assert (old.exists(), new.exists()) == (False, True)
