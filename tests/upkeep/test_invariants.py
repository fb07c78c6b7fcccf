"""Each invariant names the row that breaks it; an instance in order breaks none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from parvis.audit import sealing
from parvis.correspondence.models import Message
from parvis.declarations.models import Declaration, Receipt
from parvis.exchange.models import OutgoingDelivery
from parvis.exchange.services import outbound
from parvis.kit.actors import system
from parvis.upkeep import retention
from parvis.upkeep.invariants import verifying
from tests.exchange.test_outbound import declared
from tests.factories.identity import session_of

pytestmark = pytest.mark.django_db
AT = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two July rents sent, one delivery written, a session open."""
    monkeypatch.setattr(sealing, "heads_path", lambda: tmp_path / "heads.jsonl")
    who = declared("525,00", "531,00")
    outbound.send(tmp_path, by=system("tests"), at=AT)
    session_of(who.account, at=AT)
    Message.objects.update(due_at=AT)
    sealing.seal(at=AT)


def by_force(statement: str) -> None:
    """As somebody who holds the database does it: no trigger, no constraint in the way."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if statement.startswith("UPDATE"):
            table = statement.split()[1]
            cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)


def drop(table: str, *constraints: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for constraint in constraints:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {constraint} CASCADE")
            cursor.execute(f"DROP INDEX IF EXISTS {constraint}")


def codes() -> set[str]:
    sealing.seal(at=AT)
    return {one.invariant.code for one in verifying.verify(at=AT)}


def test_an_instance_in_order_breaks_nothing() -> None:
    assert [(one.invariant.code, one.fault.row) for one in verifying.verify(at=AT)] == []
    out = StringIO()
    call_command("verify", stdout=out, skip_checks=True)
    assert out.getvalue().count("vrai  ") == len(verifying.INVARIANTS)


BREAKS: dict[str, tuple[str, Callable[[], None]]] = {
    "a declaration said to have left is in no delivery": ("I2", lambda: by_force("DELETE FROM exchange_outgoingline WHERE position = 2")),
    "a line was changed after sealing": ("I2", lambda: by_force("UPDATE exchange_outgoingline SET line = line || ' ' WHERE position = 1")),
    "a declaration has no receipt": ("I3", lambda: by_force("UPDATE declarations_declaration SET receipt_id = NULL WHERE state = 'sent'")),
    "what was declared was changed": (
        "I3", lambda: by_force("UPDATE declarations_declaration SET details = details || '{\"rent_cents\": 1}'"),
    ),
    "a letter was sent without number": (
        "I6", lambda: by_force("UPDATE correspondence_message SET channel = 'letter', state = 'sent', sent_at = now(), number = ''"),
    ),
    "a message waits for days": (
        "I19", lambda: by_force("UPDATE correspondence_message SET state = 'due', due_at = now() - interval '3 days'"),
    ),
    "a session is of a version to come": ("I11", lambda: by_force("UPDATE identity_session SET credential_version = 99")),
    "an outgoing number is missing": ("I17", lambda: by_force("UPDATE exchange_outgoingdelivery SET sequence = 7")),
    "a NIR stands in clear": ("I16", lambda: by_force("UPDATE correspondence_message SET body = 'Votre numéro 295109912611193 est là'")),
    "an IBAN stands in clear": (
        "I16", lambda: by_force("UPDATE correspondence_message SET body = 'Sur FR76 3000 6000 0112 3456 7890 189'"),
    ),
    "a reference leads nowhere": (
        "I24",
        lambda: by_force(
            "UPDATE declarations_declaration SET tenancy_id = -1 WHERE id = (SELECT min(id) FROM declarations_declaration)"
        ),
    ),
    "an entry of the journal was changed": ("I15", lambda: by_force("UPDATE audit_entry SET actor_label = 'un autre'")),
    "a moment has no zone": ("I22", lambda: by_force("ALTER TABLE kit_work_date ADD COLUMN noticed timestamp")),
    "an old message was kept": (
        "I23", lambda: by_force("UPDATE correspondence_message SET state = 'sent', sent_at = now() - interval '9 years'"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BREAKS)
def test_what_is_broken_is_named(what: str) -> None:
    code, break_it = BREAKS[what]
    break_it()
    assert code in codes(), what


def test_two_live_july_rents_of_one_tenancy_are_named() -> None:
    drop("declarations_declaration", *[index for (index,) in _unique_indexes("declarations_declaration")])
    one, two = Declaration.objects.filter(kind="july_rent").order_by("pk")[:2]
    by_force(f"UPDATE declarations_declaration SET tenancy_id = {one.tenancy_id} WHERE id = {two.pk}")
    assert "I4" in codes()


def _unique_indexes(table: str) -> list[tuple[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = %s AND indexdef LIKE 'CREATE UNIQUE%%'"
            " AND indexname NOT LIKE '%%pkey'", [table],
        )  # fmt: skip
        return [(name,) for (name,) in cursor.fetchall()]


def test_the_command_names_the_first_row_and_fails() -> None:
    by_force("UPDATE declarations_receipt SET count = 9")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify", stdout=out, skip_checks=True)
    assert f"première ligne\u00a0: declarations_receipt {Receipt.objects.order_by('pk')[0].pk}" in out.getvalue()


def test_the_night_task_fails_where_something_is_broken() -> None:
    assert verifying.nightly(system("verify"), AT)
    OutgoingDelivery.objects.update(rows=9)
    with pytest.raises(verifying.InvariantsBroken):
        verifying.nightly(system("verify"), AT)


def test_what_is_past_its_time_is_erased_and_nothing_else() -> None:
    Message.objects.update(state="sent", sent_at=AT - timedelta(days=2_000))
    count = Message.objects.count()
    assert count
    waiting = Message.objects.order_by("pk")[0]
    Message.objects.filter(pk=waiting.pk).update(state="due", sent_at=None)
    assert retention.purge(system("purge"), AT)["messages"] == count - 1
    assert list(Message.objects.values_list("pk", flat=True)) == [waiting.pk], "what has not left is kept"
    assert not any(retention.purge(system("purge"), AT).values())
