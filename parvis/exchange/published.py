"""The JSON Schemas of what leaves for the office: published, and what the tests hold every delivery against."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FEEDS = {
    "declarations": "parvis.declarations.kinds",
    "changes": "parvis.changes",
    "papers": "parvis.exchange.outbound",
}
"""The file that leaves, without its extension, and the room whose schemas say what stands in it."""


@dataclass(frozen=True, slots=True)
class Published:
    """One schema: of which file, its name there (a kind, or ``line`` for what every line has), its text."""

    feed: str
    name: str
    text: str


@cache
def schemas() -> tuple[Published, ...]:
    """Every schema, file by file, that of every line first."""
    found = [
        Published(feed, entry.name.removesuffix(".json"), entry.read_text(encoding="utf-8"))
        for feed, room in _FEEDS.items()
        for entry in files(room).joinpath("schemas").iterdir()
        if entry.name.endswith(".json")
    ]
    return tuple(sorted(found, key=lambda one: (list(_FEEDS).index(one.feed), one.name != "line", one.name)))


def schema(feed: str, name: str) -> Published | None:
    """The schema of this name, or None."""
    return next((one for one in schemas() if (one.feed, one.name) == (feed, name)), None)
