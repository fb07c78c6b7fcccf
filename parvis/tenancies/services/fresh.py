"""A first delivery into an empty table: indexes and foreign keys are made after the rows, four times faster.

It all happens in the transaction of the merge: a crash leaves the table as it was. Only for an empty table, which no
page can be reading anything from.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, transaction

from parvis.kit.merging import BIG, execute, holds, rows

# Constraints nobody else's foreign key leans on; then the indexes that are not a constraint's.
_CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
WHERE conrelid = %(table)s::regclass AND contype IN ('u', 'f', 'p')
  AND NOT EXISTS (SELECT 1 FROM pg_constraint other WHERE other.contype = 'f' AND other.conindid = c.conindid
                  AND other.confrelid = c.conrelid AND c.contype IN ('u', 'p'))
ORDER BY contype DESC, conname
"""
_INDEXES = """
SELECT i.relname, pg_get_indexdef(i.oid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
WHERE x.indrelid = %(table)s::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.oid
  AND c.conrelid = x.indrelid)
ORDER BY i.relname
"""


def is_fresh(table: str, count: int) -> bool:
    """Whether ``count`` rows are many, and ``table`` has none yet."""
    return count >= BIG and not holds(f"SELECT 1 FROM {table}")


@contextmanager
def indexed_afterwards(table: str) -> Iterator[None]:
    """Take ``table``'s indexes and foreign keys away, let rows come in, make them again.

    Where another session holds the table, or the role may not alter it, rows simply come in the slow way.
    """
    definitions = _taken_away(table)
    yield
    for definition in definitions:
        execute(definition)


def _taken_away(table: str) -> list[str]:
    try:
        with transaction.atomic():
            execute("SET LOCAL lock_timeout = '2s'")
            constraints = rows(_CONSTRAINTS, {"table": table})
            for name, _ in constraints:
                execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            indexes = rows(_INDEXES, {"table": table})
            for name, _ in indexes:
                execute(f'DROP INDEX "{name}"')
            execute("SET LOCAL lock_timeout = 0")
    except DatabaseError:
        return []
    made_again = [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}' for name, definition in constraints]
    return [definition for _, definition in indexes] + made_again
