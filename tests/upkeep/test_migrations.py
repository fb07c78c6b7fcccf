"""Migrations of large tables keep nobody waiting: an index is made beside the work, never before it (docs/decisions/0017)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    CreateModel,
    Migration,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import UniqueConstraint

LARGE = {
    ("audit", "entry"), ("correspondence", "message"), ("identity", "account"), ("identity", "credential"),
    ("identity", "session"), ("landlords", "landlord"), ("landlords", "thirdpartynumber"), ("tenancies", "tenancy"),
    ("tenancies", "julyrent"), ("tenancies", "payment"), ("tenancies", "transfer"), ("declarations", "declaration"),
    ("declarations", "campaignentry"), ("declarations", "receipt"), ("exchange", "outgoingline"),
}  # fmt: skip
"""Tables that hold millions of rows, by room and model."""
BEFORE = {
    "audit": 2, "correspondence": 3, "identity": 12, "landlords": 8, "tenancies": 11, "declarations": 24, "exchange": 4,
}  # fmt: skip
"""The last migration of each room written before the rule; nothing had been released then."""
RUN_AGAIN_SINCE = {
    "audit": 6, "correspondence": 8, "identity": 18, "landlords": 11, "tenancies": 13, "declarations": 30, "exchange": 6,
}  # fmt: skip
"""The last migration of each room that does not drop what a try of its own left behind, before it makes an index."""
_BESIDE = re.compile(r"\bCREATE (?:UNIQUE )?INDEX CONCURRENTLY (\w+)")
_INDEX = re.compile(r"\bCREATE\s+(UNIQUE\s+)?INDEX\b(?!\s+CONCURRENTLY)", re.IGNORECASE)


def later_migrations() -> Iterator[Migration]:
    """Those the rule holds for."""
    for (room, name), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        if room in BEFORE and int(name[:4]) > BEFORE[room]:
            yield migration


def locks(operation: Operation, room: str, made_here: set[str]) -> str:
    """What an operation would keep everybody from writing a large table for; empty if nothing."""
    if isinstance(operation, RunSQL):
        found = _INDEX.search(str(operation.sql))
        return found[0] if found else ""
    table = getattr(operation, "model_name", "").lower()
    if (room, table) not in LARGE or table in made_here or isinstance(operation, AddIndexConcurrently):
        return ""
    if isinstance(operation, AddIndex):
        return f"AddIndex({operation.index.name})"
    if isinstance(operation, AddConstraint) and isinstance(operation.constraint, UniqueConstraint):
        return f"AddConstraint({operation.constraint.name})"
    if isinstance(operation, AddField):
        is_indexed = operation.field.unique or getattr(operation.field, "db_index", False)
        return f"AddField({operation.name})" if is_indexed else ""
    return ""


def locking(migration: Migration) -> list[str]:
    """What a migration would keep everybody waiting for."""
    made_here = {one.name.lower() for one in migration.operations if isinstance(one, CreateModel)}
    return [said for one in migration.operations if (said := locks(one, migration.app_label, made_here))]


def test_no_later_migration_makes_an_index_of_a_large_table_while_others_wait() -> None:
    found = {f"{one.app_label}/{one.name}": locking(one) for one in later_migrations()}
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize(
    ("room", "name"), [("tenancies", "0011_joined_names"), ("declarations", "0019_days_of_effect")]
)
def test_the_rule_sees_what_was_made_before_it(room: str, name: str) -> None:
    assert locking(MigrationLoader(None).disk_migrations[room, name])


def told_in_order(operations: Iterable[Operation]) -> Iterator[str]:
    """What the operations say to the database, as far as it is about indexes."""
    for one in operations:
        if isinstance(one, SeparateDatabaseAndState):
            yield from told_in_order(one.database_operations)
        elif isinstance(one, RunSQL):
            yield from [one.sql] if isinstance(one.sql, str) else map(str, one.sql)
        elif isinstance(one, AddIndexConcurrently):
            yield f"CREATE INDEX CONCURRENTLY {one.index.name}"


def left_in_the_way(operations: Iterable[Operation]) -> list[str]:
    """Indexes that a try which failed would leave, and that are not dropped just before they are made."""
    told = ["", *told_in_order(operations)]
    made = [(before, found[1]) for before, one in pairwise(told) if (found := _BESIDE.search(one))]
    return [name for before, name in made if before.strip() != f"DROP INDEX CONCURRENTLY IF EXISTS {name}"]


def test_a_migration_that_was_refused_a_lock_is_run_again_as_it_is() -> None:
    later = [one for one in later_migrations() if int(one.name[:4]) > RUN_AGAIN_SINCE[one.app_label]]
    found = {f"{one.app_label}/{one.name}": left_in_the_way(one.operations) for one in later}
    assert {name: left for name, left in found.items() if left} == {}
    assert left_in_the_way(MigrationLoader(None).disk_migrations["tenancies", "0013_former_claimants"].operations)


def filling(migration: Migration) -> list[str]:
    """The large tables a migration fills in the transaction that holds their lock since it changed them."""
    if not migration.atomic:
        return []
    changed = {
        (migration.app_label, getattr(one, "model_name", "").lower())
        for one in migration.operations
        if isinstance(one, AddField)
    }
    sql = " ".join(str(one.sql) for one in migration.operations if isinstance(one, RunSQL))
    return [f"{room}_{table}" for room, table in sorted(changed & LARGE) if f"UPDATE {room}_{table} " in sql]


def test_no_later_migration_fills_a_large_table_while_it_holds_its_lock() -> None:
    found = {f"{one.app_label}/{one.name}": filling(one) for one in later_migrations()}
    assert {name: said for name, said in found.items() if said} == {}


def test_large_tables_are_named_as_they_are() -> None:
    assert all(apps.get_model(room, table) for room, table in LARGE)
