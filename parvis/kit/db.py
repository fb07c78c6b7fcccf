"""Habits with the database: claims by conditional UPDATE, big sets by COPY, lists page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Func, Model, Q, QuerySet

from parvis.kit.refusals import ChangedMeanwhile


def change_exactly_one(as_seen: QuerySet[Any], **changes: Any) -> None:
    """Write ``changes`` if the row still is as the person saw it; refuse otherwise.

    The WHERE clause is the lock: of fifty who try at once, one wins (security.md, M5 and M6).
    """
    if as_seen.update(**changes) != 1:
        raise ChangedMeanwhile


MOST_KEPT = 100
"""How many cursors a connection keeps; beyond, all are forgotten: most questions come again, in the same words."""


def all_rows(sql: str, values: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """Ask and answer all rows: for the few statements of every page, where composing them would cost more.

    The cursor is kept with what it has worked out of the statement and of the kinds of its values, which takes as long as
    the asking; it keeps its last rows too, so this is not for answers of thousands.
    """
    with _asked(sql, values) as cursor:
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def one_row(sql: str, values: Mapping[str, Any] | Sequence[Any]) -> tuple[Any, ...] | None:
    """The only row of an answer, or None; asked like :func:`all_rows`."""
    with _asked(sql, values) as cursor:
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def one_file(sql: str, values: Sequence[Any]) -> bytes:
    """The only value of an answer, which is a file: told byte by byte, not spelled out in letters, which takes four times as long.

    Empty where there is none.
    """
    connection.ensure_connection()
    with connection.connection.cursor(binary=True) as cursor:
        row = cursor.execute(sql, values).fetchone()
    return bytes(row[0] or b"") if row else b""


def write(sql: str, values: Mapping[str, Any] | Sequence[Any]) -> int:
    """Write what answers no rows, and say how many were written; asked like :func:`all_rows`."""
    with _asked(sql, values) as cursor:
        return int(cursor.rowcount)


@contextmanager
def _asked(sql: str, values: Mapping[str, Any] | Sequence[Any]) -> Iterator[Any]:
    opened = connections[DEFAULT_DB_ALIAS]
    kept: dict[str, tuple[str, Any]] = opened.__dict__.setdefault("kept_cursors", {})
    same, cursor = kept.pop(sql, (sql, None))
    if cursor is None or cursor.connection is not opened.connection or opened.queries_logged:
        cursor = opened.cursor()
    # The driver knows its own statement again by the very object, not by its words.
    cursor.execute(same, values)
    yield cursor
    # What failed is not kept; neither is what tests listen to.
    if not opened.queries_logged:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[same] = same, cursor


def table(model: type[Model]) -> str:
    """The quoted table name, for set-based SQL that must not repeat it."""
    return connection.ops.quote_name(model._meta.db_table)


def next_value(sequence: str) -> int:
    """The next number of a PostgreSQL sequence; gaps are possible, repeats are not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def next_values(model: type[Model], count: int) -> list[int]:
    """That many identifiers of a table, drawn before its rows are written: what follows can then name them."""
    sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(sequence, [model._meta.db_table, count])
        return [int(row[0]) for row in cursor.fetchall()]


def blank_row(model: type[Model]) -> dict[str, Any]:
    """A row of a table as the model makes it before anything is said of it, by column."""
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}


def copy_in(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write many new rows of a table by COPY: ten times faster than saying them to the ORM.

    ``columns`` are those of the table and must hold all that is not null; values go as they are, so JSON as text.
    """
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table(model)} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


class Fold(Func):
    """``parvis_fold``: text without case or accents (kit.text)."""

    function = "parvis_fold"
    output_field = models.TextField()


_FORM = "%Y%m%dT%H%M%S%f"


class Edge(NamedTuple):
    """Where the next page of a list begins, by value, so that it holds although the line it names is gone.

    ``at`` is what the list is in the order of; ``opaque`` tells lines of one moment apart.
    """

    at: datetime
    opaque: UUID

    @property
    def word(self) -> str:
        """As the address carries it."""
        return f"{self.at.astimezone(UTC):{_FORM}}-{self.opaque.hex}"


def edge(at: datetime | date, opaque: UUID) -> Edge:
    """The edge of a list in the order of moments, or of days."""
    return Edge(at if isinstance(at, datetime) else datetime.combine(at, time(), UTC), opaque)


def read_edge(word: str) -> Edge | None:
    """What an address carried; None of what cannot be read: the list then begins at its beginning."""
    moment, _, opaque = word.partition("-")
    try:
        at = datetime.strptime(moment, _FORM).replace(tzinfo=UTC)
        return Edge(at, UUID(hex=opaque)) if len(opaque) == 32 and at.year >= 1900 else None
    except ValueError:
        return None


def beyond(word: str, *, day: str) -> Q:
    """The rows after an edge of a list in the order of ``day``, a field of dates, then ``opaque``; every row of none."""
    found = read_edge(word)
    if found is None:
        return Q()
    on = found.at.date()
    return Q(**{f"{day}__gt": on}) | Q(**{day: on, "opaque__gt": found.opaque})
