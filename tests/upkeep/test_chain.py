"""The chain of the journal: whatever is done to it by whoever holds the database is seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest
from django.db import connection, transaction

from parvis.audit import chain, purging, sealing, verifying
from parvis.audit.journal import Event as Act
from parvis.audit.journal import record
from parvis.audit.models import Entry, Link, Seal
from parvis.kit.actors import system

NOW = datetime(2026, 9, 14, 8, 0, tzinfo=UTC)
SAID = Act("tests.said", "Dit")


@pytest.fixture(autouse=True)
def _heads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "heads_path", lambda: tmp_path / "heads.jsonl")


@pytest.fixture
def holder() -> Callable[..., None]:
    """Whoever holds the database: no trigger stops them."""

    def run(statement: str, *values: int | datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement, values)
            cursor.execute("SET LOCAL session_replication_role = origin")

    return run


def say(*words: str, at: datetime = NOW) -> None:
    with transaction.atomic():
        for word in words:
            record(SAID, subject=word, by=system("tests"), at=at, word=word)


def sealed() -> None:
    say("un", "deux", "trois")
    sealing.seal(at=NOW)
    say("quatre", "cinq")
    sealing.seal(at=NOW + timedelta(minutes=1))
    assert verifying.broken(at=NOW + timedelta(hours=1)) is None


def id_of(word: str) -> int:
    return Entry.objects.get(subject=word).pk


@pytest.mark.django_db
def test_everything_written_is_linked_once_and_heads_leave() -> None:
    sealed()
    assert list(Link.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4, 5]
    assert sealing.seal(at=NOW) == 0
    assert [head["position"] for head in sealing.shipped()] == [3, 5]
    assert Seal.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("done", "row"),
    [
        ("UPDATE audit_entry SET actor_label = 'un autre' WHERE subject = 'deux'", "audit_entry"),
        ("UPDATE audit_entry SET details = '{}' WHERE subject = 'deux'", "audit_entry"),
        ("UPDATE audit_entry SET at = at + interval '1 second' WHERE subject = 'deux'", "audit_entry"),
        ("DELETE FROM audit_entry WHERE subject = 'deux'", "audit_entry"),
        ("DELETE FROM audit_link WHERE position = 2", "audit_link 2"),
        ("DELETE FROM audit_link WHERE position > 3", "audit_link 4"),
        ("UPDATE audit_link SET mac = decode(repeat('00', 32), 'hex') WHERE position = 5", "audit_entry"),
        ("DELETE FROM audit_seal", "audit_seal 1"),
        ("UPDATE audit_seal SET mac = decode(repeat('00', 32), 'hex') WHERE number = 1", "audit_seal 1"),
    ],
)  # fmt: skip
def test_what_was_changed_is_named(holder: Callable[..., None], done: str, row: str) -> None:
    sealed()
    holder(done)
    found = verifying.broken(at=NOW + timedelta(hours=1))
    assert found is not None
    assert found.row.startswith(row)
    if "'deux'" in done and "DELETE" not in done:
        assert found.row == f"audit_entry {id_of('deux')}"


@pytest.mark.django_db
def test_two_entries_that_change_places_are_seen(holder: Callable[..., None]) -> None:
    sealed()
    one, two = id_of("un"), id_of("deux")
    holder("UPDATE audit_link SET entry_id = CASE position WHEN 1 THEN -1 WHEN 2 THEN %s END WHERE position < 3", one)
    holder("UPDATE audit_link SET entry_id = %s WHERE position = 1", two)
    found = verifying.broken(at=NOW + timedelta(hours=1))
    assert found is not None
    assert found.row == f"audit_entry {two}"


@pytest.mark.django_db
def test_everything_cut_off_at_the_end_is_betrayed_by_the_heads_that_left(holder: Callable[..., None]) -> None:
    sealed()
    last = id_of("quatre")
    holder("DELETE FROM audit_link WHERE position > 3")
    holder("DELETE FROM audit_seal WHERE number = 2")
    holder("DELETE FROM audit_entry WHERE id >= %s", last)
    found = verifying.broken(at=NOW + timedelta(hours=1))
    assert found is not None
    assert found.row == "audit_seal 2"


@pytest.mark.django_db
def test_a_chain_rewritten_without_the_key_does_not_hold(
    holder: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed()
    holder("UPDATE audit_entry SET actor_label = 'un autre' WHERE subject = 'deux'")
    holder("DELETE FROM audit_link")
    holder("DELETE FROM audit_seal")
    with monkeypatch.context() as patch:
        patch.setattr(chain, "key", lambda: b"not the key")
        sealing.seal(at=NOW)
        assert verifying._of_links() is None, "it holds under its own key"
    found = verifying.broken(at=NOW + timedelta(hours=1))
    assert found is not None
    assert found.row == f"audit_entry {id_of('un')}"


@pytest.mark.django_db
def test_a_chain_rewritten_with_the_key_is_betrayed_by_the_heads(holder: Callable[..., None]) -> None:
    sealed()
    holder("UPDATE audit_entry SET actor_label = 'un autre' WHERE subject = 'deux'")
    holder("DELETE FROM audit_link")
    holder("DELETE FROM audit_seal")
    sealing.seal(at=NOW)
    found = verifying.broken(at=NOW + timedelta(hours=1))
    assert found is not None
    assert found.row == "audit_seal 1"


@pytest.mark.django_db
def test_an_old_entry_slipped_in_below_what_is_sealed_is_seen(holder: Callable[..., None]) -> None:
    sealed()
    sealing.seal(at=NOW + timedelta(hours=2))
    say("six", at=NOW + timedelta(hours=2))
    sealing.seal(at=NOW + timedelta(hours=2))
    holder(
        "INSERT INTO audit_entry (id, at, event, actor_kind, actor_label, subject, details)"
        " SELECT min(id) - 1, %s, 'tests.said', 'system', 'tests', 'faux', '{}' FROM audit_entry",
        NOW,
    )
    sealing.seal(at=NOW + timedelta(hours=3))
    found = verifying.broken(at=NOW + timedelta(hours=3))
    assert found is None or found.row.startswith("audit_entry")


@pytest.mark.django_db
def test_a_sealer_that_stands_still_is_told() -> None:
    say("un")
    assert verifying.broken(at=NOW + timedelta(minutes=5)) is None
    found = verifying.broken(at=NOW + timedelta(hours=1))
    assert found is not None
    assert found.row == f"audit_entry {id_of('un')}"


@pytest.mark.django_db(transaction=True)
def test_entries_committed_late_are_linked_too_and_nobody_waits() -> None:
    """A long transaction holds a low identifier while others commit and are sealed."""
    written, go_on = Event(), Event()

    def slow() -> None:
        with transaction.atomic():
            record(SAID, subject="tardif", by=system("tests"), at=NOW)
            written.set()
            assert go_on.wait(30)
        connection.close()

    thread = Thread(target=slow)
    thread.start()
    assert written.wait(30)
    say("vite")
    for minutes in (0, 20, 40):
        sealing.seal(at=NOW + timedelta(minutes=minutes))
        say(f"encore {minutes}")
    assert not Link.objects.filter(entry_id__in=Entry.objects.filter(subject="tardif").values("pk")).exists()
    go_on.set()
    thread.join()
    assert id_of("tardif") < id_of("vite")
    # Whatever else writes in this server, a statistics worker for one, holds the floor back for a moment.
    for minutes in range(60, 400, 20):
        say(f"puis {minutes}")
        sealing.seal(at=NOW + timedelta(minutes=minutes))
        if minutes >= 100 and Seal.objects.latest("number").floor > id_of("tardif"):
            break
        sleep(0.5 if minutes >= 100 else 0)
    assert Link.objects.count() == Entry.objects.count()
    assert verifying.broken(at=NOW + timedelta(hours=9)) is None
    assert Seal.objects.latest("number").floor > id_of("tardif"), "the sealer does not look at everything for ever"


@pytest.mark.django_db
def test_the_oldest_seals_are_erased_and_the_chain_goes_on_after_them(holder: Callable[..., None]) -> None:
    sealed()
    later = NOW + timedelta(days=900)
    say("jeune", at=later)
    sealing.seal(at=later)
    assert purging.purge(before=NOW) == 0
    assert purging.purge(before=NOW + timedelta(days=1)) == 5
    assert [entry.subject for entry in Entry.objects.all()] == ["jeune"]
    assert verifying.broken(at=later + timedelta(hours=1)) is None
    assert purging.purge(before=NOW + timedelta(days=1)) == 0
    holder("UPDATE audit_entry SET actor_label = 'un autre'")
    assert verifying.broken(at=later + timedelta(hours=1)) is not None


@pytest.mark.django_db
def test_a_head_cut_by_a_crash_is_written_again() -> None:
    say("un")
    sealing.seal(at=NOW)
    path = sealing.heads_path()
    path.write_text("", encoding="utf-8")
    assert sealing.ship_heads() == 1
    assert sealing.ship_heads() == 0
