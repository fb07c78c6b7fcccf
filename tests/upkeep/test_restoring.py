"""After a restore nobody is signed in, nothing agreed to stands, and nothing that left leaves again."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from parvis.agents.models import Agent, AgentState, RecoveryCode
from parvis.audit import sealing, verifying
from parvis.audit.models import Entry
from parvis.changes.services.keeping import number_for
from parvis.config import environment
from parvis.contact.services import keeping
from parvis.correspondence import worker
from parvis.correspondence.models import Message, MessageState
from parvis.correspondence.services import retry
from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.services.receipts.numbers import receipt_number, references
from parvis.exchange.models import Delivery, OutgoingDelivery
from parvis.exchange.services import outbound, releasing
from parvis.identity.models import Credential
from parvis.kit import encryption
from parvis.kit.actors import system
from parvis.kit.refusals import NotFound
from parvis.landlords.models import Landlord, nir_column
from parvis.upkeep import keys, restoring
from parvis.upkeep.clockwork import running
from parvis.upkeep.models import TaskRun
from tests.exchange.inbox import BASE, COMPANY, Inbox
from tests.exchange.test_outbound import declared
from tests.factories.agents import colleague
from tests.factories.identity import newborn, session_of
from tests.factories.landlords import landlord

pytestmark = pytest.mark.django_db
BY, AT = system("after_restore"), datetime.now(UTC)


@pytest.fixture(autouse=True)
def _heads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "heads_path", lambda: tmp_path / "heads.jsonl")


def test_nobody_is_signed_in_any_more(tmp_path: Path) -> None:
    who, boss = declared("525,00"), colleague()
    session_of(who.account, at=AT)
    browser = boss.browser()
    version = Credential.objects.get(pk=who.account.credential_id).version
    assert browser.get("/agents/").status_code == 200
    done = restoring.after_restore(tmp_path / "outbox", by=BY, at=AT)
    assert done.sessions >= 2
    assert browser.get("/agents/").status_code == 302
    assert Credential.objects.get(pk=who.account.credential_id).version == version + 1
    assert not any(restoring.survivors(at=AT).values())


def test_numbers_that_people_may_hold_are_not_given_again(tmp_path: Path) -> None:
    """The sequences are those of the backup; receipts were given since, whose numbers nobody knows here."""
    who = declared("525,00")
    sent = Receipt.objects.get()
    restoring.after_restore(tmp_path / "outbox", by=BY, at=AT)
    number = int(receipt_number(AT).rpartition("-")[2])
    assert number > int(sent.number.rpartition("-")[2]) + 1_000_000
    (reference,) = references(1, AT)
    assert int(reference.split("-")[2]) > 10_000_000
    assert int(number_for(AT).split("-")[2]) > 1_000_000
    assert int(keeping.number_for(AT).split("-")[2]) > 1_000_000
    assert restoring.after_restore(tmp_path / "outbox", by=BY, at=AT).numbers == 0, "done twice, they leap once"
    assert int(receipt_number(AT).rpartition("-")[2]) == number + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('declarations_receipt_number', 5)")
    assert restoring.after_restore(tmp_path / "outbox", by=BY, at=AT).numbers == 1, "the next restore of it"
    assert who.account


def test_every_numbering_leaps_but_those_that_go_on_after_their_folder() -> None:
    """A sequence that no column owns is one people are given numbers of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class c WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace AND NOT EXISTS"
            " (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)"
        )
        numberings = {name for (name,) in cursor.fetchall()}
    assert numberings - {name for name, *_ in restoring.NUMBERS} == {
        "correspondence_letter_number",
        "correspondence_batch_number",
    }


def test_agents_enrol_again_and_their_recovery_codes_open_nothing(tmp_path: Path) -> None:
    """Who was closed since the backup would be in again, with a code used since."""
    boss, other = colleague(), colleague()
    RecoveryCode.objects.create(agent=boss.agent, fingerprint=b"x" * 32)
    assert restoring.after_restore(tmp_path / "outbox", by=BY, at=AT).agents == 2
    assert set(Agent.objects.values_list("state", "password", "time_secret")) == {(AgentState.INVITED, "", None)}
    assert not RecoveryCode.objects.exists()
    assert restoring.after_restore(tmp_path / "outbox", by=BY, at=AT).agents == 0
    out = StringIO()
    call_command("enrol_again", other.agent.login, stdout=out, skip_checks=True)
    assert other.agent.email in out.getvalue()
    assert Message.objects.filter(template="agents/emails/invited", state=MessageState.DUE).count() == 1
    with pytest.raises(CommandError):
        call_command("enrol_again", "nobody", skip_checks=True)


def test_agents_known_to_be_closed_since_are_closed_and_the_others_keep_their_proofs(tmp_path: Path) -> None:
    stays, gone = colleague(), colleague()
    RecoveryCode.objects.create(agent=stays.agent, fingerprint=b"x" * 32)
    with pytest.raises(NotFound):
        restoring.after_restore(tmp_path / "outbox", by=BY, at=AT, closed=["nobody"])
    assert RecoveryCode.objects.exists(), "refused, nothing is done"
    done = restoring.after_restore(tmp_path / "outbox", by=BY, at=AT, closed=[gone.agent.login])
    assert done.agents == 1
    states = dict(Agent.objects.values_list("login", "state"))
    assert (states[stays.agent.login], states[gone.agent.login]) == (AgentState.ACTIVE, AgentState.DISABLED)
    assert not RecoveryCode.objects.exists()


def test_provisional_passwords_of_the_backup_open_nothing(tmp_path: Path) -> None:
    """Whoever chose a password since would have the one of their letter again."""
    who = newborn(landlord().partner, until=AT + timedelta(days=30))
    done = restoring.after_restore(tmp_path / "outbox", by=BY, at=AT)
    assert done.provisional == 1
    assert Credential.objects.get(pk=who.credential_id).provisional_until == AT
    assert restoring.after_restore(tmp_path / "outbox", by=BY, at=AT).provisional == 0


def test_no_message_leaves_until_somebody_says_so(tmp_path: Path) -> None:
    declared("525,00")
    waiting = list(Message.objects.filter(state=MessageState.DUE).values_list("pk", flat=True))
    assert waiting
    assert restoring.after_restore(tmp_path / "outbox", by=BY, at=AT).messages == len(waiting)
    assert worker.run_until_empty(at=AT + timedelta(days=30)) == 0
    assert set(Message.objects.filter(pk__in=waiting).values_list("state", "failure")) == {
        ("failed", restoring.QUARANTINED)
    }
    assert retry(waiting[:1], by=BY, at=AT) == 1, "an operator sends again what did not leave"


def test_what_would_be_written_again_waits_a_day(tmp_path: Path) -> None:
    running.enter(at=AT)
    restoring.after_restore(tmp_path / "outbox", by=BY, at=AT)
    ran = {one.task.name for one in running.run_due(at=AT)}
    assert not ran & set(restoring.WRITERS)
    assert TaskRun.objects.get(name="remind_july").due_at == AT + restoring.PAUSE


def test_what_the_office_has_does_not_leave_twice(tmp_path: Path) -> None:
    """The delivery was written after the backup: the outbox has it, the database does not."""
    outbox, elsewhere = tmp_path / "outbox", tmp_path / "elsewhere"
    declared("525,00", "531,00")
    before = list(Declaration.objects.filter(submitted_at__isnull=False).values_list("pk", "state"))
    outbound.send(elsewhere, by=BY, at=AT)
    shutil.copytree(elsewhere / "000001", outbox / "000001")
    _as_it_was(before)
    done = restoring.after_restore(outbox, by=BY, at=AT)
    assert (done.deliveries, done.declarations, done.unknown) == (1, 2, 0)
    assert outbound.send(outbox, by=BY, at=AT) == []
    delivery = OutgoingDelivery.objects.get()
    assert outbound.is_identical(delivery)
    assert restoring.after_restore(outbox, by=BY, at=AT).deliveries == 0, "done twice, nothing more"


def _as_it_was(before: list[tuple[int, str]]) -> None:

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM exchange_outgoingline")
        cursor.execute("DELETE FROM exchange_outgoingdelivery")
        for pk, state in before:
            Declaration.objects.filter(pk=pk).update(state=state, sent_at=None)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_what_two_agents_agreed_to_is_asked_again(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.take(1, dict(BASE))
    inbox.take(2, {"landlords": [COMPANY]}, mode="full")
    releasing.ask(2, reason="Oui", by=colleague().actor, at=AT)
    assert restoring.after_restore(tmp_path / "outbox", by=BY, at=AT).approvals >= 1
    assert Delivery.objects.get(state="held").asked_by == ""


def test_heads_of_a_past_that_is_no_more_are_not_a_fault(tmp_path: Path) -> None:
    declared("525,00")
    sealing.seal(at=AT)
    with sealing.heads_path().open("a", encoding="utf-8") as file:
        file.write('{"number": 2, "position": 99, "mac": "00", "at": "2026-09-14"}\n')
    assert verifying._of_heads() is not None
    assert restoring.after_restore(tmp_path / "outbox", by=BY, at=AT).heads == 1
    assert verifying._of_heads() is None


def test_the_command_wants_a_word() -> None:
    with pytest.raises(CommandError):
        call_command("after_restore", skip_checks=True)


def test_a_new_key_closes_what_the_old_one_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Inbox(tmp_path).take(1, dict(BASE))
    agent = colleague()
    holder = Landlord.objects.exclude(nir=None)[0]
    column = nir_column(holder.partner.person_index)
    text = encryption.open_(bytes(holder.nir or b""), column)
    monkeypatch.setattr(environment, "FIELD_KEYS", f"neuve:{'A' * 43}=,{environment.FIELD_KEYS}")
    encryption._keys.cache_clear()
    try:
        assert keys.rotate(by=BY, at=AT).done >= 2
        holder.refresh_from_db()
        assert encryption.is_of_newest_key(bytes(holder.nir or b""))
        assert encryption.open_(bytes(holder.nir or b""), column) == text
        agent.agent.refresh_from_db()
        assert encryption.is_of_newest_key(bytes(agent.agent.time_secret or b""))
        assert keys.rotate(by=BY, at=AT) == (0, [])
    finally:
        monkeypatch.undo()
        encryption._keys.cache_clear()
    assert Client().get("/healthz").status_code == 200


def test_a_value_that_does_not_open_keeps_no_other_on_the_old_key(monkeypatch: pytest.MonkeyPatch) -> None:
    copied, sound = colleague().agent, colleague().agent
    Agent.objects.filter(pk=copied.pk).update(time_secret=sound.time_secret)
    monkeypatch.setattr(environment, "FIELD_KEYS", f"neuve:{'A' * 43}=,{environment.FIELD_KEYS}")
    encryption._keys.cache_clear()
    try:
        with pytest.raises(CommandError, match=f"agents.Agent.time_secret {copied.pk}"):
            call_command("rotate_keys", skip_checks=True)
        sound.refresh_from_db()
        assert encryption.is_of_newest_key(bytes(sound.time_secret or b""))
        assert Entry.objects.get(event="upkeep.keys_rotated").details["unopened"] == 1
    finally:
        monkeypatch.undo()
        encryption._keys.cache_clear()
