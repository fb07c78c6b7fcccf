"""What merging a set of lines into a table answers, and short ways to run set-based SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from parvis.kit.encryption import CannotOpen, close, open_

BIG = 50_000
"""From this many lines on, a set is worth special care: indexes built after the rows, tests made cheap first."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of the lines of a set that could go in."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def total(self) -> int:
        """All lines that are in, whether they changed something or not."""
        return self.added + self.changed + self.unchanged


def execute(statement: str, values: Sequence[Any] | Mapping[str, Any] | None = None) -> int:
    """Run one statement; the number of rows it touched. Without ``values`` a percent sign is only a percent sign."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def rows(statement: str, values: Sequence[Any] | Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """All rows of a small answer."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def rows_in_blocks(
    statement: str, values: Sequence[Any] | Mapping[str, Any] | None = None, *, size: int = 2_000
) -> Iterator[tuple[Any, ...]]:
    """The rows of a long answer, kept by the server and fetched ``size`` at a time; no transaction stays open meanwhile."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while block := cursor.fetchmany(size):
            yield from block


def number(statement: str, values: Sequence[Any] | Mapping[str, Any] | None = None) -> int:
    """The only figure of the only row."""
    return int(rows(statement, values)[0][0])


def holds(statement: str) -> bool:
    """Whether the query finds a row."""
    return bool(rows(f"SELECT EXISTS ({statement})")[0][0])


def staging_name(name: str) -> str:
    """``name``, if it can only be one of our own temporary tables: names of tables cannot be parameters."""
    if not re.fullmatch(r"feed_[a-z_]{1,40}", name):
        raise ValueError(f"{name!r} is no staging table")
    return name


def literal(text: str) -> str:
    """``text`` as an SQL literal, for sentences written into statements. Never for what comes from outside."""
    return "'" + text.replace("'", "''") + "'"


def rebind(read: str, write: str, *, first: int | str = 0, block: int = 1_000) -> int:
    """Close encrypted values anew for other words than those they were bound to, a block a transaction; how many.

    ``read`` answers, after the key ``%s`` and ``%s`` rows at most in the order of keys: the key, the value, the words it is bound to, those
    it shall be bound to. ``write`` takes three arrays: keys, former values, new ones. Broken off, it goes on where it was when run
    again. A value that opens neither way is left as it is: it is of no use before or after.
    """
    done, last = 0, first
    while found := rows(read, [last, block]):
        last = found[-1][0]
        anew = [(key, stored, new) for key, stored, *words in found if (new := _rebound(bytes(stored), *words))]
        if anew:
            with transaction.atomic():
                done += execute(write, [list(column) for column in zip(*anew, strict=True)])
    return done


def _rebound(stored: bytes, former: str, newer: str) -> bytes | None:
    try:
        return close(open_(stored, former), newer)
    except CannotOpen:
        return None
