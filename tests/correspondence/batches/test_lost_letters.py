"""A batch one of whose letters is lost: it goes on once the letter is found, or is given up and the letter written anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from parvis.correspondence import worker
from parvis.correspondence.batches import files, services
from parvis.correspondence.models import Message
from parvis.correspondence.refusals import BatchNotPossible
from tests.correspondence.batches.test_batches import BY, approved
from tests.factories.agents import colleague
from tests.factories.correspondence import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: object) -> None:
    settings.LETTERS = tmp_path  # type: ignore[attr-defined]


def without(number: str, folder: Path) -> bytes:
    """Lose the PDF of a letter; what it was."""
    path = folder / f"{number}.pdf"
    content = path.read_bytes()
    path.unlink()
    return content


def test_a_letter_that_is_found_again_lets_its_batch_be_made(tmp_path: Path) -> None:
    batch = approved()
    number = Message.objects.order_by("pk")[1].number
    content = without(number, tmp_path)
    files.make_due(by=BY, at=AT)
    (tmp_path / f"{number}.pdf").write_bytes(content)
    files.make_due(by=BY, at=AT)
    batch.refresh_from_db()
    assert (batch.made_at, batch.failure) == (AT, "")


def test_a_batch_that_cannot_be_made_is_given_up_and_the_lost_letter_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PART", 2)
    batch = approved(5)
    lost = Message.objects.order_by("pk")[3]
    without(lost.number, tmp_path)
    files.make_due(by=BY, at=AT)
    assert (files.folder_of(batch) / f"{batch.number}-01.zip").exists()
    by = colleague().actor
    assert services.abandon(batch.number, by=by, at=AT) == 1
    with pytest.raises(BatchNotPossible):
        services.abandon(batch.number, by=by, at=AT)
    assert services.prepare("", "", by=by, at=AT).count == 4
    assert files.make_due(by=BY, at=AT) == 0
    assert not files.folder_of(batch).exists(), "nobody takes a part of it to the printing house"
    assert worker.run_until_empty(at=AT) == 1
    lost.refresh_from_db()
    assert (lost.state, lost.batch) == ("sent", None)
    assert (tmp_path / f"{lost.number}.pdf").exists()
    assert services.prepare("", "", by=by, at=AT).count == 1


def test_a_batch_that_is_made_or_on_its_way_is_not_given_up() -> None:
    batch, by = approved(), colleague().actor
    with pytest.raises(BatchNotPossible):
        services.abandon(batch.number, by=by, at=AT)
    files.make_due(by=BY, at=AT)
    with pytest.raises(BatchNotPossible):
        services.abandon(batch.number, by=by, at=AT)
    assert Message.objects.filter(batch=batch).count() == 3
