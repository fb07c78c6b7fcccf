"""Who may do what in the database: migrations belong to its owner, pages and workers only use what is there.

A page that is broken into can neither change the journal nor the tables themselves: of the journal it may only add entries.
"""

from __future__ import annotations

import re

from django.db import connection, transaction

from parvis.config import limits
from parvis.kit.refusals import Refusal

_MAY_MAINTAIN = 170_000
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
JOURNAL = {
    "audit_entry": ("SELECT, INSERT", "SELECT, INSERT, DELETE"),
    "audit_link": ("SELECT", "SELECT, INSERT, DELETE"),
    "audit_seal": ("SELECT", "SELECT, INSERT, UPDATE"),
    "django_migrations": ("SELECT", "SELECT"),
    "django_content_type": ("SELECT", "SELECT"),
}
"""What pages, then workers, may do where they may not do everything. Workers erase of the journal what is past its time: the
trigger of audit 0005 lets nothing else go, and the chain betrays it."""


class NotARole(Refusal):
    """A name that cannot be a role's, or two that are one."""

    def __init__(self) -> None:
        super().__init__(
            "Les rôles sont deux noms différents, en minuscules, chiffres et «\u00a0_\u00a0», sans être le propriétaire."
        )


def statements(web: str, worker: str, *, owner: str, database: str, version: int) -> list[str]:
    """The statements that give both roles what they need and nothing more; run again, they change nothing.

    They belong in one transaction: between taking all and giving back, pages at work would be refused, or could write in the journal.
    ``version`` is PostgreSQL's (150004): from 17 on, workers may have the tables they filled analysed at once.
    """
    names = {web, worker, owner}
    if len(names) != 3 or not all(_NAME.fullmatch(name) for name in names):
        raise NotARole
    both, quoted = f"{web}, {worker}", connection.ops.quote_name(database)
    everything = "SELECT, INSERT, UPDATE, DELETE"
    return [
        *(_made(role) for role in (web, worker)),
        f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {both}",
        f"REVOKE TEMPORARY ON DATABASE {quoted} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {quoted} TO {both}",
        f"GRANT TEMPORARY ON DATABASE {quoted} TO {both}, {owner}",
        f"GRANT USAGE ON SCHEMA public TO {both}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {both}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {both}",
        f"GRANT {everything} ON ALL TABLES IN SCHEMA public TO {both}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {both}",
        *(line for table, rights in JOURNAL.items() for line in _narrowed(table, rights, web, worker)),
        *([f"GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO {worker}"] if version >= _MAY_MAINTAIN else []),
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT {everything} ON TABLES TO {both}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {both}",
        *(f"ALTER ROLE {web} IN DATABASE {quoted} SET {name} = '{value}'" for name, value in limits.SETTINGS.items()),
    ]


def grant(web: str, worker: str) -> int:
    """Run them as the owner, who must be allowed to make roles unless they are there; says how many."""
    told = needed(web, worker)
    with transaction.atomic(), connection.cursor() as cursor:
        for line in told:
            cursor.execute(line)
    return len(told)


def needed(web: str, worker: str) -> list[str]:
    """The statements for this very database."""
    owner, database = _whose()
    connection.ensure_connection()
    return statements(web, worker, owner=owner, database=database, version=connection.connection.info.server_version)


def _whose() -> tuple[str, str]:
    """The owner of the tables and the name of the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_userbyid(relowner), current_database() FROM pg_class WHERE oid = 'audit_entry'::regclass"
        )
        row = cursor.fetchone()
    assert row is not None
    return str(row[0]), str(row[1])


def _made(role: str) -> str:
    """A role that may sign in; how it proves itself (a password, the system's user) is said beside."""
    there = f"SELECT FROM pg_roles WHERE rolname = '{role}'"
    return f"DO $$ BEGIN IF NOT EXISTS ({there}) THEN CREATE ROLE {role} LOGIN; END IF; END $$"


def _narrowed(table: str, rights: tuple[str, str], web: str, worker: str) -> list[str]:
    of_web, of_worker = rights
    return [
        f"REVOKE ALL ON {table} FROM {web}, {worker}",
        f"GRANT {of_web} ON {table} TO {web}",
        f"GRANT {of_worker} ON {table} TO {worker}",
    ]
