"""Whether this instance can serve: asked by whatever starts and watches it, never by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


@dataclass(frozen=True, slots=True)
class Readiness:
    """``oldest_due_seconds`` is how long the oldest message has been waiting to leave: 0 when none is late."""

    database: bool
    migrations: bool
    oldest_due_seconds: int

    @property
    def ready(self) -> bool:
        """Late messages are told, not refused for: pages can be served meanwhile."""
        return self.database and self.migrations


_OLDEST = """
SELECT COALESCE(extract(epoch FROM %s - min(due_at)), 0) FROM correspondence_message WHERE state = 'due' AND due_at <= %s
"""


def readiness(*, at: datetime) -> Readiness:
    """Reach the database, compare its migrations with the code's, look at the queue of messages."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return Readiness(database=True, migrations=False, oldest_due_seconds=0)
        with connection.cursor() as cursor:
            cursor.execute(_OLDEST, [at, at])
            row = cursor.fetchone()
    except DatabaseError:
        return Readiness(database=False, migrations=False, oldest_due_seconds=0)
    return Readiness(database=True, migrations=True, oldest_due_seconds=int(row[0]) if row else 0)
