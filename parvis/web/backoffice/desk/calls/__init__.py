"""« Au téléphone »: what landlords call about, and what to answer; one text a difficulty, which the office may edit.

A file is ``texts/<slug>.txt``, in the order of the list: ``title`` and ``who`` at the head, then ``== says ==`` (what is heard),
``== look ==`` (where the answer stands), ``== do ==`` (in order), ``== tell ==`` (words to say). A line is a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from parvis.kit.refusals import NotFound
from parvis.parameters import texts
from parvis.parameters.texts import Family, Fields, TextEntry, TextField

CODE = "calls"
FOLDER = Path(__file__).with_name("texts")
PARTS = ("says", "look", "do", "tell")
_PART = re.compile(r"== ([a-z]+) ==")
_LINES = "Une phrase par ligne."


class Call(NamedTuple):
    """One difficulty: who calls, what they say, where to look, what to do, what to tell them."""

    slug: str
    title: str
    who: str
    says: tuple[str, ...]
    look: tuple[str, ...]
    do: tuple[str, ...]
    tell: tuple[str, ...]


def calls() -> list[Call]:
    """All of them, in the order of the list, as they are written now."""
    written = texts.edited(CODE)
    return [_call(slug, written.get(slug, fields)) for slug, fields in _original().items()]


def call_of(slug: str) -> Call:
    """One of them; refuses a name nobody wrote."""
    found = next((call for call in calls() if call.slug == slug), None)
    if found is None:
        raise NotFound
    return found


def _call(slug: str, fields: Fields) -> Call:
    return Call(slug, fields["title"], fields["who"], *(tuple(fields[part].splitlines()) for part in PARTS))


@cache
def _original() -> Mapping[str, Fields]:
    return {path.stem.partition("-")[2]: _read(path) for path in sorted(FOLDER.glob("*.txt"))}


def _read(path: Path) -> dict[str, str]:
    fields: dict[str, list[str]] = {}
    part = ""
    for line in filter(None, map(str.strip, path.read_text(encoding="utf-8").splitlines())):
        opened = _PART.fullmatch(line)
        if opened:
            part = opened[1]
        elif part:
            fields.setdefault(part, []).append(line)
        else:
            key, _, words = line.partition(": ")
            fields[key] = [words]
    if set(fields) != {"title", "who", *PARTS}:
        raise ValueError(f"{path.name}: {sorted(fields)}")
    return {name: "\n".join(lines) for name, lines in fields.items()}


FAMILY = Family(
    code=CODE,
    title="Au téléphone",
    sentence="Ce que disent les bailleurs qui appellent, et ce que l’agent répond. Les agents seuls le lisent.",
    fields=(
        TextField("title", "La difficulté", "Comme on la nomme entre agents."),
        TextField("who", "Qui appelle"),
        TextField("says", "Ce qu’on entend", _LINES, rows=3),
        TextField("look", "Où regarder", _LINES, rows=5),
        TextField("do", "Que faire", f"Dans l’ordre. {_LINES}", rows=6),
        TextField("tell", "À dire", _LINES, rows=4),
    ),
    entries=lambda: [TextEntry(slug, fields["title"]) for slug, fields in _original().items()],
    default=lambda slug: _original().get(slug, {}),
    check=lambda slug, fields: None,
)
