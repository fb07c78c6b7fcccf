"""The line format of messages, read into blocks (the format is told in the room's docstring)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from parvis.correspondence.rendering.texts import plain

NUMBERED = re.compile(r"\d+\. ")
LONGEST_SUBJECT = 60
_STARTS = {"button": "=> ", "value": "> ", "items": "- ", "table": "|"}


class Malformed(Exception):
    """The text cannot be read: its author must mend it."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a sentence, in bold or not."""

    text: str
    strong: bool = False


Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences."""

    runs: Runs
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Value:
    """Something to copy: shown large and monospaced."""

    label: str
    text: str
    kind: str = "value"


@dataclass(frozen=True, slots=True)
class Items:
    """A list, numbered or not."""

    items: tuple[Runs, ...]
    numbered: bool
    kind: str = "items"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Button:
    """The one thing to do: a page of ours."""

    label: str
    path: str
    kind: str = "button"


Block: TypeAlias = Paragraph | Value | Items | Table | Button


@dataclass(frozen=True, slots=True)
class Words:
    """A message as written: its title and its blocks."""

    title: str
    blocks: tuple[Block, ...]

    @property
    def button(self) -> Button | None:
        """The button, if there is one."""
        return next((block for block in self.blocks if isinstance(block, Button)), None)


def read(text: str) -> Words:
    """Read a rendered text. Raises :class:`Malformed`."""
    title, _, rest = text.strip().partition("\n")
    if not title:
        raise Malformed("The first line is the title.")
    blocks = []
    for kind, lines in groupby(rest.split("\n"), key=_kind):
        blocks += _blocks(kind, [line.strip() for line in lines])
    if sum(isinstance(block, Button) for block in blocks) > 1:
        raise Malformed("One button at most.")
    return Words(_shortened(plain(title).strip()), tuple(blocks))


def _kind(line: str) -> str:
    line = line.strip()
    if not line:
        return "nothing"
    for kind, start in _STARTS.items():
        if f"{line} ".startswith(start):
            return kind
    return "numbered" if NUMBERED.match(f"{line} ") else "paragraph"


def _blocks(kind: str, lines: list[str]) -> list[Block]:
    match kind:
        case "paragraph":
            return [Paragraph(_runs(" ".join(lines)))]
        case "value":
            return [_value(line) for line in lines]
        case "items":
            return [Items(tuple(_runs(line[2:]) for line in lines), numbered=False)]
        case "numbered":
            return [
                Items(tuple(_runs(NUMBERED.sub("", f"{line} ", count=1).rstrip()) for line in lines), numbered=True)
            ]
        case "table":
            header, *rows = (_cells(line) for line in lines)
            if any(len(row) != len(header) for row in rows):
                raise Malformed("Every line of a table has as many cells as its header.")
            return [Table(header, tuple(rows))]
        case "button":
            return [_button(line) for line in lines]
    return []


def _value(line: str) -> Value:
    label, bar, text = line[2:].partition("|")
    return Value(plain(label).strip(), plain(text).strip()) if bar else Value("", plain(label).strip())


def _button(line: str) -> Button:
    label, _, path = (plain(part).strip() for part in line[3:].partition("|"))
    if not path.startswith("/") or path.startswith("//"):
        raise Malformed(f"A button leads to a page of ours, not to {path!r}.")
    return Button(label, path)


def _cells(line: str) -> tuple[str, ...]:
    return tuple(plain(cell).strip() for cell in line.strip("|").split("|"))


def _runs(text: str) -> Runs:
    pieces = text.split("**")
    if len(pieces) % 2 == 0:
        raise Malformed(f"A bold part is not closed in « {plain(text)[:60]} ».")
    return tuple(Run(plain(piece), index % 2 == 1) for index, piece in enumerate(pieces) if piece)


def _shortened(title: str) -> str:
    return title if len(title) <= LONGEST_SUBJECT else title[: LONGEST_SUBJECT - 1].rstrip() + "…"
