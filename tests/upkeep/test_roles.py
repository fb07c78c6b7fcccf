"""What pages and workers may do in the database, tried as these very roles; undone with the transaction of the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from psycopg import errors

from parvis.agents.posts import Role
from parvis.audit.journal import record
from parvis.audit.models import Entry
from parvis.correspondence.worker import run_until_empty
from parvis.declarations.models import Receipt
from parvis.declarations.services import july
from parvis.kit.actors import system
from parvis.parameters.services import PARAMETER_CHANGED
from parvis.tenancies.models import Tenancy
from parvis.upkeep import roles
from parvis.upkeep.clockwork import running
from parvis.upkeep.clockwork.tasks import TASKS
from parvis.upkeep.models import Outcome, TaskRun
from tests.factories import declarations as made
from tests.factories.agents import colleague
from tests.factories.correspondence import email
from tests.factories.declarations import YEAR
from tests.factories.landlords import owner
from tests.factories.tenancies import many_tenancies

pytestmark = pytest.mark.django_db
WEB, WORKER = "tried_web", "tried_worker"
NOW = datetime.now(UTC)


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


@pytest.fixture(autouse=True)
def _granted() -> None:
    call_command("roles", "--web", WEB, "--worker", WORKER, stdout=StringIO())


def refused(statement: str, *values: Any) -> bool:
    """Whether the role may not, as PostgreSQL sees it: before any trigger is asked."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as error:
        return isinstance(error.__cause__, errors.InsufficientPrivilege)
    return False


FORBIDDEN = (
    "UPDATE audit_entry SET details = '{}'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "UPDATE audit_link SET mac = ''",
    "INSERT INTO audit_seal (number, made_at, position, mac, highest_entry, next_transaction, floor) VALUES (9, now(), 0, '', 0, 0, 0)",
    "DELETE FROM audit_seal",
    "ALTER TABLE audit_entry DISABLE TRIGGER audit_no_change",
    "DROP TRIGGER audit_no_change ON audit_entry",
    "CREATE TABLE mine (id int)",
    "DROP TABLE declarations_receipt",
    "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
    "SET LOCAL session_replication_role = replica",
    "CREATE ROLE another",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_pages_can_change_neither_the_journal_nor_the_tables(statement: str) -> None:
    record(PARAMETER_CHANGED, subject="code_delay", by=system("test"), at=NOW)
    with acting_as(WEB):
        assert refused(statement)
        record(PARAMETER_CHANGED, subject="code_delay", by=system("test"), at=NOW)
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET details = '{}'", "TRUNCATE audit_entry", "CREATE TABLE mine (id int)",
                                       "DELETE FROM audit_seal", "ALTER TABLE audit_entry DISABLE TRIGGER audit_no_change"])  # fmt: skip
def test_workers_erase_what_is_past_and_change_nothing_else_of_the_journal(statement: str) -> None:
    with acting_as(WORKER):
        assert refused(statement)


def test_a_landlord_declares_as_the_role_of_pages() -> None:
    who = owner()
    many_tenancies(who.landlord, 3)
    Tenancy.objects.update(start_on="2025-09-01")
    made.campaign()
    account, browser = who.account.reference, who.browser()
    with acting_as(WEB):
        for name in ("welcome", "tenants", "july-rents", "payments", "documents", "receipts", "profile"):
            assert browser.get(reverse(name, args=[account])).status_code == 200, name
        assert july.prefill(who.actor, YEAR, at=made.NOW) == 3
        assert browser.get(reverse("july-rents-check", args=[account])).status_code in (200, 302)
        assert browser.post(reverse("tenants-export", args=[account]), {"format": "csv"}).status_code == 200
        made.sent(who)
        assert browser.post(reverse("sign-out")).status_code == 302
    assert Receipt.objects.count() == 1


def test_an_agent_works_as_the_role_of_pages() -> None:
    who, browser = owner(), colleague().browser()
    reads = colleague((Role.RECEPTION, "441")).browser()
    many_tenancies(who.landlord, 1)
    made.campaign()
    with acting_as(WEB):
        for path in (
            "",
            "journal/",
            "flux/",
            "taches/",
            "flux/messages/",
            "courriers/",
            "campagne/",
            "reglages/",
            "agents/",
        ):
            assert browser.get(f"/agents/{path}").status_code in (200, 404), path
        assert reads.get("/agents/messages/").status_code == 200
        typed = {"value": "60", "reason": "Essai"}
        assert browser.post("/agents/reglages/code_delay/", typed).status_code == 302
        looked = browser.post(f"/agents/dossiers/{who.landlord.pk}/motif/", {"reason": "call"})
        assert looked.status_code in (200, 302)
        assert browser.get("/metrics").status_code == 200


def test_everything_that_comes_due_runs_as_the_role_of_workers() -> None:
    who = owner()
    many_tenancies(who.landlord, 2)
    made.campaign()
    email()
    record(PARAMETER_CHANGED, subject="code_delay", by=system("test"), at=NOW)
    with acting_as(WORKER):
        assert run_until_empty(at=NOW) >= 1
        running.run_due(at=NOW)
    runs = {run.name: (run.outcome, run.failure) for run in TaskRun.objects.all()}
    assert set(runs) == {task.name for task in TASKS}
    assert {name: told for name, told in runs.items() if told[0] == Outcome.FAILED} == {}


def test_it_may_be_run_again_and_read_first() -> None:
    call_command("roles", "--web", WEB, "--worker", WORKER, stdout=StringIO())
    told = StringIO()
    call_command("roles", "--web", WEB, "--worker", WORKER, "--sql", stdout=told)
    first, *statements, last = told.getvalue().strip().split(";\n")
    assert (first, last) == ("BEGIN", "COMMIT;"), "all of it or nothing; this test is in a transaction already"
    with connection.cursor() as cursor:
        cursor.execute(";".join(statements))
        cursor.execute(
            "SELECT setconfig FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole WHERE rolname = %s", [WEB]
        )
        assert sorted(cursor.fetchone()[0]) == [
            "idle_in_transaction_session_timeout=60s",
            "lock_timeout=2s",
            "statement_timeout=5s",
        ]


@pytest.fixture
def _forgotten() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        for role in (WEB, WORKER):
            cursor.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_forgotten")
def test_pages_at_work_keep_their_rights_while_it_runs() -> None:
    seen: set[tuple[bool, bool]] = set()
    words = connection.get_connection_params()
    given = {name: words[name] for name in ("dbname", "user", "host", "port", "password") if name in words}
    with psycopg.connect(**given, autocommit=True) as beside:

        def looked(execute: Any, *asked: Any) -> Any:
            answer = execute(*asked)
            found = beside.execute(
                "SELECT has_table_privilege(%s, 'identity_account', 'SELECT'), has_table_privilege(%s, 'audit_entry', 'DELETE')",
                [WEB, WEB],
            ).fetchone()
            assert found is not None
            seen.add((found[0], found[1]))
            return answer

        with connection.execute_wrapper(looked):
            roles.grant(WEB, WORKER)
    assert seen == {(True, False)}


@pytest.mark.parametrize("name", ["", "Web", "web; DROP ROLE x", "postgres", WORKER, "w" * 64])
def test_a_name_that_is_no_role_is_refused(name: str) -> None:
    with pytest.raises(CommandError, match="deux noms différents"):
        call_command("roles", "--web", name, "--worker", WORKER, stdout=StringIO())


def test_a_table_of_the_next_release_is_open_to_both() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE of_the_next_release (id bigserial PRIMARY KEY)")
    for role in (WEB, WORKER):
        with acting_as(role):
            assert not refused("INSERT INTO of_the_next_release DEFAULT VALUES")


def test_every_table_named_apart_exists() -> None:
    tables = set(connection.introspection.table_names())
    assert set(roles.JOURNAL) <= tables
