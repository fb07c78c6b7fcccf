"""After a restore no letter is printed twice, and what the folder holds under a number stays under it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from parvis.audit.models import Entry
from parvis.correspondence import worker
from parvis.correspondence.batches import files, reconciling, services
from parvis.correspondence.models import BatchState, LetterBatch, Message, MessageState
from parvis.correspondence.refusals import BatchNotPossible
from parvis.kit.actors import system
from parvis.upkeep import restoring
from tests.factories.agents import colleague
from tests.factories.correspondence import letter

pytestmark = pytest.mark.django_db
BY, AT = system("after_restore"), datetime.now(UTC)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: object) -> None:
    settings.LETTERS = tmp_path / "letters"  # type: ignore[attr-defined]


def made(count: int) -> list[Message]:
    """Letters in the folder."""
    queued = [letter() for _ in range(count)]
    worker.run_until_empty(at=AT)
    return list(Message.objects.filter(pk__in=[one.pk for one in queued]).order_by("pk"))


def approved() -> LetterBatch:
    """All that waits, in a batch of two agents."""
    batch = services.prepare("", "", by=colleague().actor, at=AT)
    services.approve(batch.number, by=colleague().actor, at=AT)
    return LetterBatch.objects.get(pk=batch.pk)


def back_to(sequence: str, value: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(%s, %s)", [sequence, value])


def last(sequence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT last_value FROM {sequence}")
        return int(cursor.fetchone()[0])


def forgotten(batch: LetterBatch, *, before: int) -> None:
    """The database as it was before the batch: its letters wait, its number is free again."""
    Message.objects.update(batch=None)
    batch.delete()
    back_to("correspondence_batch_number", before)


def test_what_was_batched_since_the_backup_is_not_batched_again() -> None:
    letters = made(3)
    before = last("correspondence_batch_number")
    batch = approved()
    files.make_due(by=BY, at=AT)
    kept = {path.name: path.read_bytes() for path in files.folder_of(batch).iterdir()}
    number = batch.number
    forgotten(batch, before=before)
    found = reconciling.reconcile(by=BY, at=AT)
    assert (found.entered, found.letters, found.unknown) == (1, 3, 0)
    entered = LetterBatch.objects.get()
    assert (entered.number, entered.state, entered.count) == (number, BatchState.HANDED_OVER, 3)
    assert entered.failure == reconciling.TO_ASK
    assert set(Message.objects.values_list("batch_id", flat=True)) == {entered.pk}
    with pytest.raises(BatchNotPossible):
        services.prepare("", "", by=colleague().actor, at=AT)
    assert {path.name: path.read_bytes() for path in files.folder_of(entered).iterdir()} == kept
    assert Entry.objects.get(event="correspondence.batch_reconciled").details == {"letters": 3, "unknown": 0}
    assert reconciling.reconcile(by=BY, at=AT) == reconciling.Found(0, 0, 0, 0), "done twice, nothing more"
    assert len(letters) == 3
    page = colleague().browser().get(f"/agents/courriers/lots/{number}/").content.decode()
    assert "demandez à l’éditique" in page


def test_a_new_batch_takes_neither_the_number_nor_the_files_of_one_the_database_forgot() -> None:
    (old,) = made(1)
    before = last("correspondence_batch_number")
    batch = approved()
    files.make_due(by=BY, at=AT)
    forgotten(batch, before=before)
    Message.objects.filter(pk=old.pk).delete()
    assert reconciling.reconcile(by=BY, at=AT).unknown == 1
    (mine,) = made(1)
    anew = approved()
    assert anew.number != batch.number
    files.make_due(by=BY, at=AT)
    assert mine.number in (files.folder_of(anew) / files.MANIFEST).read_text()
    assert old.number not in (files.folder_of(anew) / files.MANIFEST).read_text()


def test_letters_take_no_number_of_a_letter_the_database_forgot() -> None:
    before = last("correspondence_letter_number")
    old = made(2)
    Message.objects.all().delete()
    back_to("correspondence_letter_number", before)
    reconciling.reconcile(by=BY, at=AT)
    (mine,) = made(1)
    assert mine.number > max(one.number for one in old)
    assert reconciling.reconcile(by=BY, at=AT).entered == 0
    assert last("correspondence_letter_number") == int(mine.number.rsplit("-", 1)[1])


def test_a_letter_being_made_at_the_backup_and_posted_since_has_left() -> None:
    """Its number was drawn, its batch was made: nobody sends it again; what waited for it is looked at by people."""
    (first,) = made(1)
    follower = letter(after=first, delay=timedelta(days=3))
    batch = approved()
    files.make_due(by=BY, at=AT)
    forgotten(batch, before=1)
    Message.objects.filter(pk=first.pk).update(state=MessageState.DUE, sent_at=None)
    Message.objects.filter(pk=follower.pk).update(is_held=True)
    restoring.after_restore(Path("/nonexistent"), by=BY, at=AT)
    states = dict(Message.objects.filter(pk__in=[first.pk, follower.pk]).values_list("pk", "state"))
    assert states == {first.pk: MessageState.SENT, follower.pk: MessageState.FAILED}


def test_an_approval_of_the_backup_is_asked_again() -> None:
    made(2)
    batch = approved()
    assert restoring.after_restore(Path("/nonexistent"), by=BY, at=AT).approvals == 1
    batch.refresh_from_db()
    assert (batch.state, batch.approved_at, batch.approved_by) == (BatchState.PREPARED, None, "")
    assert files.make_due(by=BY, at=AT) == 0
    assert not any(restoring.survivors(at=AT).values())


def test_a_batch_that_was_being_written_is_written_anew_once_it_is_approved_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "PART", 1)
    made(2)
    batch = approved()
    files.write_part(batch, 1)
    reconciling.reconcile(by=BY, at=AT)
    assert not files.folder_of(batch).exists()


def test_letters_that_changed_batches_since_are_in_the_one_that_was_made() -> None:
    made(2)
    batch = approved()
    files.make_due(by=BY, at=AT)
    folder = files.folder_of(batch)
    shutil.move(folder, folder.with_name("LOT-2026-9999"))
    LetterBatch.objects.update(made_at=None)
    reconciling.reconcile(by=BY, at=AT)
    states = dict(LetterBatch.objects.values_list("number", "state"))
    assert states == {batch.number: BatchState.ABANDONED, "LOT-2026-9999": BatchState.HANDED_OVER}
    assert set(Message.objects.values_list("batch__number", flat=True)) == {"LOT-2026-9999"}


def test_what_is_with_the_printing_house_already_stays_as_it_is() -> None:
    made(1)
    batch = approved()
    files.make_due(by=BY, at=AT)
    services.hand_over(batch.number, by=colleague().actor, at=AT)
    assert reconciling.reconcile(by=BY, at=AT).entered == 0
    batch.refresh_from_db()
    assert (batch.state, batch.failure) == (BatchState.HANDED_OVER, "")
