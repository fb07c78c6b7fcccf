"""What one kind of file is: its columns, its key, and the service its lines go to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from parvis.exchange.formats.columns import Column
from parvis.kit.actors import Actor
from parvis.kit.merging import Merged


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a merge may need to know besides the lines."""

    produced_on: date
    at: datetime
    by: Actor


Merge = Callable[[str, str, Circumstances], Merged]
"""Takes lines in: the table of valid lines, the table for those that cannot go in yet, the circumstances."""


@dataclass(frozen=True, slots=True)
class RowCheck:
    """Something that must hold between columns of one line: SQL that is true when it does.

    ``certain``: patterns of single columns under which it certainly holds, for the gate; None if there are none.
    """

    field: str
    good: str
    sentence: str
    certain: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """What a full file would end at one office."""

    caf_code: str
    active: int
    missing: int


@dataclass(frozen=True, slots=True)
class FullFile:
    """How a full file ends what it does not name.

    ``note`` writes what is missing into the table ``feed_absent`` and counts it per office; ``end`` ends what was noted.
    """

    thing: str
    note: Callable[[str], list[Absence]]
    end: Callable[[date], int]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What Python adds to a line that SQL cannot compute: columns of their own, or a fault."""

    values: Mapping[str, object] = field(default_factory=dict)
    field: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Format:
    """One kind of file.

    ``key``: the columns that make two lines the same thing. ``arrived``: where lines may wait, the condition on a
    waiting line ``w`` under which what it waits for is there. ``prepare`` makes every line pass through Python, and its line be kept
    encrypted from the start. ``differing`` finds the lines that are not already in, word for word. ``tables`` are
    those whose statistics matter to what follows.
    """

    kind: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    merge: Merge
    checks: tuple[RowCheck, ...] = ()
    arrived: str = ""
    tables: tuple[str, ...] = ()
    full: FullFile | None = None
    prepare: Callable[[dict[str, str]], Prepared] | None = None
    prepared_columns: tuple[tuple[str, str], ...] = ()
    differing: Callable[[str], str] | None = None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, in the order of the format."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which the file is refused."""
        return tuple(column.name for column in self.columns if column.required)

    def key_sql(self, alias: str) -> str:
        """The key of a line as one text, as set-aside lines keep it."""
        return f"{self.kind!r} || ' ' || " + " || '/' || ".join(f"{alias}.{name}" for name in self.key)
