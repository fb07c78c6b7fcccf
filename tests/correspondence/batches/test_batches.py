"""Batches of letters: two people, each letter once, the same bytes again, nothing lost by a kill."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.correspondence import worker
from parvis.correspondence.batches import files, selectors, services
from parvis.correspondence.models import BatchState, LetterBatch, Message
from parvis.correspondence.refusals import BatchNotPossible, SecondPerson
from parvis.kit.actors import system
from parvis.kit.refusals import DutyMissing, NotFound
from parvis.parameters import services as parameters
from tests.factories.agents import colleague
from tests.factories.correspondence import ADDRESS, AT, letter
from tests.identity.test_races import at_once

pytestmark = pytest.mark.django_db
BY = system("worker")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: object) -> None:
    settings.LETTERS = tmp_path  # type: ignore[attr-defined]


def letters(count: int = 3) -> None:
    """Letters that are made and lie in the folder."""
    for _ in range(count):
        letter()
    worker.run_until_empty(at=AT)


def approved(count: int = 3) -> LetterBatch:
    letters(count)
    batch = services.prepare("", "", by=colleague().actor, at=AT)
    services.approve(batch.number, by=colleague().actor, at=AT)
    return LetterBatch.objects.get(pk=batch.pk)


def test_a_batch_takes_the_letters_that_wait_and_each_is_in_one() -> None:
    letters()
    first, second = colleague().actor, colleague().actor
    batch = services.prepare("", "", by=first, at=AT)
    assert (batch.number, batch.count, batch.cost_cents) == (f"LOT-2026-{batch.number.rpartition('-')[2]}", 3, 330)
    with pytest.raises(BatchNotPossible):
        services.prepare("", "", by=second, at=AT)
    assert LetterBatch.objects.count() == 1
    assert [line.letters for line in selectors.waiting_letters(first, at=AT)] == []
    assert len(selectors.preview(batch)) == 3


def test_letters_are_chosen_by_text_and_office() -> None:
    letters(2)
    letter(context={"office": {"name": "Caf de Paris", "address": ["x"], "phone": ""}})
    worker.run_until_empty(at=AT)
    by = colleague().actor
    assert [(line.office, line.letters) for line in selectors.waiting_letters(by, at=AT)] == [
        ("Caf de Loire-Atlantique", 2), ("Caf de Paris", 1),
    ]  # fmt: skip
    assert services.prepare("", "Caf de Paris", by=by, at=AT).count == 1
    with pytest.raises(BatchNotPossible):
        services.prepare("tests/letters/password", "", by=by, at=AT)


def test_who_prepares_does_not_approve() -> None:
    letters()
    by = colleague().actor
    batch = services.prepare("", "", by=by, at=AT)
    with pytest.raises(SecondPerson):
        services.approve(batch.number, by=by, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        LetterBatch.objects.update(approved_at=AT, approved_by=by.label)
    assert LetterBatch.objects.get().state == BatchState.PREPARED


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.CASEWORKER, Role.RIGHTS_OFFICER])
@pytest.mark.parametrize("office", ["441", ""])
def test_other_roles_batch_nothing(role: Role, office: str) -> None:
    letters(1)
    other = colleague((role, office)).actor
    with pytest.raises(DutyMissing):
        services.prepare("", "", by=other, at=AT)
    batch = services.prepare("", "", by=colleague().actor, at=AT)
    for act in (services.approve, services.abandon, services.hand_over):
        with pytest.raises(DutyMissing):
            act(batch.number, by=other, at=AT)
    with pytest.raises(NotFound):
        selectors.batch_of(other, batch.number)


def test_an_abandoned_batch_gives_its_letters_back() -> None:
    letters()
    by = colleague().actor
    services.abandon(services.prepare("", "", by=by, at=AT).number, by=by, at=AT)
    assert services.prepare("", "", by=by, at=AT).count == 3


def test_the_files_hold_every_letter_and_its_checksum() -> None:
    batch = approved()
    assert files.make_due(by=BY, at=AT) == 1
    batch.refresh_from_db()
    assert batch.made_at == AT
    manifest, archive = (files.folder_of(batch) / name for name in files.names_of(batch))
    rows = list(csv.DictReader(io.StringIO(manifest.read_text()), delimiter=";"))
    with zipfile.ZipFile(archive) as content:
        for row in rows:
            assert hashlib.sha256(content.read(row["fichier"])).hexdigest() == row["sha256"]
            assert (row["pages"], row["pays"], row["code_postal"], row["lot"]) == ("1", "FR", "44000", archive.name)
    assert [row["numero"] for row in rows] == sorted(Message.objects.values_list("number", flat=True))
    assert files.make_due(by=BY, at=AT) == 0


def test_made_again_they_are_the_same_byte_for_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PART", 2)
    batch = approved(5)
    files.make_due(by=BY, at=AT)
    folder = files.folder_of(batch)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(files.names_of(batch)) == 4
    for path in folder.iterdir():
        path.unlink()
    LetterBatch.objects.update(made_at=None)
    files.make_due(by=BY, at=AT + timedelta(days=1))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_kill_in_the_middle_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PART", 2)
    batch = approved(5)
    assert files.write_part(batch, 1)
    (files.folder_of(batch) / ".02.4711.part").write_bytes(b"half a part")
    assert files.make_due(by=BY, at=AT) == 2, "the part that was whole is kept"
    names = [
        name
        for part in (1, 2, 3)
        for name in zipfile.ZipFile(files.folder_of(batch) / f"{batch.number}-0{part}.zip").namelist()
    ]
    assert sorted(name for name in names if name.endswith(".pdf")) == sorted(
        f"{number}.pdf" for number in Message.objects.values_list("number", flat=True)
    )


def test_a_long_batch_is_made_some_parts_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PART", 1)
    monkeypatch.setattr(files, "PARTS_A_RUN", 2)
    batch = approved(5)
    assert [files.make_due(by=BY, at=AT) for _ in range(3)] == [2, 2, 1]
    batch.refresh_from_db()
    assert batch.made_at is not None


def test_a_missing_letter_is_told_and_the_batch_waits() -> None:
    batch = approved()
    number = Message.objects.order_by("pk")[1].number
    (files.folder_of(batch).parent.parent / f"{number}.pdf").rename(
        Path(str(files.folder_of(batch).parent.parent)) / "away"
    )
    files.make_due(by=BY, at=AT)
    batch.refresh_from_db()
    assert batch.made_at is None
    assert batch.failure == f"La lettre {number} manque dans le dossier des courriers."


def test_posted_it_is_known_when_its_letters_arrive() -> None:
    batch, by = approved(), colleague().actor
    with pytest.raises(BatchNotPossible):
        services.hand_over(batch.number, by=by, at=AT)
    files.make_due(by=BY, at=AT)
    services.hand_over(batch.number, by=by, at=AT)
    for wrong in (date(2026, 7, 12), date(2026, 7, 14)):
        with pytest.raises(BatchNotPossible):
            services.mark_posted(batch.number, wrong, by=by, at=AT)
    services.mark_posted(batch.number, date(2026, 7, 13), by=by, at=AT)
    with pytest.raises(BatchNotPossible):
        services.mark_posted(batch.number, date(2026, 7, 13), by=by, at=AT)
    batch.refresh_from_db()
    assert (batch.state, batch.expected_on) == (BatchState.POSTED, date(2026, 7, 19))
    assert files.forget_posted(at=AT + timedelta(days=30)) == 0
    assert files.forget_posted(at=AT + timedelta(days=31)) == 1
    assert not files.folder_of(batch).exists()
    assert files.forget_posted(at=AT + timedelta(days=31)) == 0


def test_beyond_the_budget_it_is_told_and_journaled() -> None:
    parameters.change("letter_budget", 3, by=BY, at=AT)
    batch = approved()
    assert batch.is_over_budget
    assert Entry.objects.filter(event="correspondence.budget_exceeded", subject=batch.number).exists()


def test_letters_that_carry_secrets_are_never_taken_from_a_page() -> None:
    batch = approved()
    LetterBatch.objects.update(has_secrets=True, made_at=AT)
    with pytest.raises(BatchNotPossible):
        services.record_download(batch.number, f"{batch.number}-01.zip", by=colleague().actor, at=AT)
    services.record_download(batch.number, files.MANIFEST, by=colleague().actor, at=AT)
    assert Entry.objects.get(event="correspondence.batch_taken").details["file"] == files.MANIFEST


@pytest.mark.django_db(transaction=True)
def test_two_agents_at_once_share_no_letter() -> None:
    letters(6)
    actors = [colleague().actor, colleague().actor]

    def take(rank: int) -> int:
        try:
            return services.prepare("", "", by=actors[rank], at=AT, most=4).count
        except BatchNotPossible:
            return 0
        finally:
            connection.close()

    counts = at_once(2, take)
    assert sum(counts) == Message.objects.filter(batch__isnull=False).count()
    assert ADDRESS[-1].startswith("44000")


def test_a_password_waits_until_its_identifier_was_posted_long_enough_ago() -> None:
    first = letter()
    letter(after=first, delay=timedelta(days=3))
    worker.run_until_empty(at=AT)
    worker.run_until_empty(at=AT + timedelta(days=3))
    assert Message.objects.filter(state="sent").count() == 2
    one, other = colleague().actor, colleague().actor
    batch = services.prepare("", "", by=one, at=AT + timedelta(days=9))
    assert batch.count == 1
    assert first.pk == batch.letters.get().pk
    LetterBatch.objects.filter(pk=batch.pk).update(
        state="posted",
        approved_at=AT,
        approved_by=other.label,
        made_at=AT,
        handed_over_at=AT,
        posted_on=date(2026, 7, 22),
    )
    with pytest.raises(BatchNotPossible):
        services.prepare("", "", by=one, at=AT + timedelta(days=11))
    assert services.prepare("", "", by=one, at=AT + timedelta(days=12)).count == 1
