"""An instance in order, and the means to break it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Model

from parvis.audit import sealing
from parvis.correspondence.models import Message
from parvis.exchange.services import outbound
from parvis.kit.actors import system
from tests.exchange.test_outbound import declared
from tests.factories.identity import session_of
from tests.factories.landlords import Owner

AT = datetime.now(UTC)
Break = Callable[[Owner], str]
BREAKS: list[tuple[str, Break]] = []
"""Every way to break an invariant, with what that invariant says."""


def breaks(says: str) -> Callable[[Break], Break]:
    """A way to break the invariant that says so; it returns the row that must be named."""

    def keep(break_it: Break) -> Break:
        BREAKS.append((says, break_it))
        return break_it

    return keep


def row(of: Model) -> str:
    return f"{of._meta.db_table} {of.pk}"


def first(model: type[Model], **fields: Any) -> str:
    """The first row by its words, which is how they are named."""
    return min(row(one) for one in model._default_manager.filter(**fields))


def in_order(folder: Path) -> Owner:
    """Two July rents sent, one delivery written, a session open, the journal sealed."""
    who = declared("525,00", "531,00")
    outbound.send(folder, by=system("tests"), at=AT)
    session_of(who.account, at=AT)
    Message.objects.update(due_at=AT)
    sealing.seal(at=AT)
    return who


def by_force(*statements: str) -> None:
    """As somebody who holds the database does it: no trigger, no constraint in the way."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in {words.split()[1] for words in statements if words.startswith("UPDATE")}:
            cursor.execute(_IN_THE_WAY, [table, table])
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}" CASCADE')
                cursor.execute(f'DROP INDEX IF EXISTS "{name}"')
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


_IN_THE_WAY = """
SELECT conname::text FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'u')
UNION SELECT i.indexrelid::regclass::text FROM pg_index i WHERE i.indrelid = %s::regclass AND i.indisunique AND NOT i.indisprimary
"""
