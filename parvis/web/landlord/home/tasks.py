"""« À faire »: what the facts ask of this person, page by page. The topics stand in ``sources``.

Nothing is invented: a source reads what is kept, and answers nothing to those who may not act on it. Nothing is out of reach
either: an agency may have begun a thousand declarations, and « Tout voir » leads to the last of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from parvis.web.frame.requests import PageRequest

SHOWN = 5
"""How many are shown on the home; the others behind « Tout voir »."""
PAGE = 50


class Task(NamedTuple):
    """One line of « À faire », as the component wants it; ``kind`` is its colour."""

    label: str
    url: str
    text: str
    icon: str
    kind: str


class Keyed(NamedTuple):
    """A task with the word the page after it begins at."""

    edge: str
    task: Task


Reading = Callable[[PageRequest, str, int], Iterable[Keyed]]
"""The tasks of a topic for whoever asks, the most urgent first: those after an edge, so many at most."""

Sources = Sequence[tuple[int, Reading]]
"""The topics with their ranks, the lowest first."""


class TaskPage(NamedTuple):
    """Some of what is to be done, and the word the next page begins at."""

    tasks: list[Task]
    following: str | None


def tasks_of(request: PageRequest, sources: Sources, *, after: str = "", limit: int = PAGE) -> TaskPage:
    """What is to be done on this account, from the beginning or beyond the word of a page."""
    first, edge = _read(after, sources)
    found: list[tuple[int, Keyed]] = []
    for rank, read in sources:
        if rank >= first and len(found) <= limit:
            from_here = edge if rank == first else ""
            found += [(rank, keyed) for keyed in read(request, from_here, limit + 1 - len(found))]
    shown = found[:limit]
    following = f"{shown[-1][0]}.{shown[-1][1].edge}" if len(found) > limit else None
    return TaskPage([keyed.task for _, keyed in shown], following)


def _read(word: str, sources: Sources) -> tuple[int, str]:
    """The source a page begins in, and its edge there; the beginning, of what cannot be read."""
    rank, dot, edge = word.partition(".")
    known = {str(number): number for number, _ in sources}
    return (known[rank], edge) if dot and rank in known else (-1, "")


def numbered(tasks: Iterable[Task], after: str, limit: int) -> list[Keyed]:
    """The tasks of a topic that never has many: their edge is their number."""
    done = int(after) if after.isascii() and after.isdigit() and len(after) < 4 else 0
    return [Keyed(str(number), task) for number, task in enumerate(tasks, 1)][done : done + limit]
