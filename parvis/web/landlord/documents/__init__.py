"""What a landlord received and sent, from every topic, by date. A topic adds its documents with :func:`add`.

Each source answers its own rows, newest first, that stand before a moment and a key: pages of the whole are read by key, and
none costs more than a page of each source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from parvis.kit.actors import Actor

PAGE = 25
BLOCK = 200


class Place(NamedTuple):
    """Where a page of documents begins: before this moment, or at it and before this key."""

    at: datetime
    key: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is limited to. ``tenant`` is one tenancy, ``called`` the name mails and letters give its claimant; ``words``
    are looked for in what documents are called, ``named`` are the tenancies whose names, numbers or references those words are."""

    before: Place
    since: datetime | None = None
    kind: str = ""
    tenant: UUID | None = None
    called: str = ""
    words: str = ""
    named: tuple[UUID, ...] = ()

    @property
    def tenancies(self) -> list[UUID] | None:
        """The tenancies a document must be about, or None: any, or none."""
        return [self.tenant] if self.tenant else list(self.named) if self.words else None


Contents = Callable[[], tuple[str, bytes]]
"""Makes the file of a document for the archive: the ending of its name, and what it holds."""


class Document(NamedTuple):
    """One line of the list. ``contents`` is None for what has no file of its own; ``has_hour`` says that the day is not all that
    is known of when."""

    at: datetime
    key: str
    kind: str
    title: str
    url: str
    file_url: str = ""
    contents: Contents | None = None
    has_hour: bool = True


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: the actor, the account as addresses name it, as papers name it."""

    actor: Actor
    account: str
    landlord_name: str
    user_number: str
    at: datetime


Reading = Callable[[Reader, Wanted, int], Iterable[Document]]
"""(who asks, what is wanted, how many) → the documents, newest first."""


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of document: its word in the address, its name, how it is read.

    ``about_tenants`` says that its documents can be told apart by tenancy.
    """

    word: str
    label: str
    read: Reading
    about_tenants: bool = False


_SOURCES: dict[str, Source] = {}


def add(source: Source) -> None:
    """Let the documents of a topic stand in the list."""
    _SOURCES[source.word] = source


def kinds() -> list[tuple[str, str]]:
    """The kinds of documents: word and name."""
    return [(source.word, source.label) for source in _SOURCES.values()]


def documents_of(reader: Reader, wanted: Wanted, *, limit: int = PAGE) -> tuple[list[Document], Place | None]:
    """A page of documents, newest first, and where the next one begins."""
    found = [line for source in _asked(wanted) for line in source.read(reader, wanted, limit + 1)]
    found = [line for line in found if wanted.since is None or line.at >= wanted.since]
    found.sort(key=lambda line: (line.at, line.key), reverse=True)
    shown = found[:limit]
    return shown, Place(shown[-1].at, shown[-1].key) if len(found) > limit else None


def every_document(reader: Reader, wanted: Wanted, *, most: int) -> Iterator[Document]:
    """The same, block after block, ``most`` at the most: no more than a block is in memory."""
    place: Place | None = wanted.before
    left = most
    while place is not None and left > 0:
        found, place = documents_of(reader, replace(wanted, before=place), limit=min(BLOCK, left))
        yield from found
        left -= len(found)


def _asked(wanted: Wanted) -> list[Source]:
    sources = [_SOURCES[wanted.kind]] if wanted.kind in _SOURCES else list(_SOURCES.values())
    return [source for source in sources if wanted.tenant is None or source.about_tenants]
