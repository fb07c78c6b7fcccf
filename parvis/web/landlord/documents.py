"""What a landlord received and sent, from every topic, by date. A topic adds its documents with :func:`add`.

Each source answers its own rows, newest first, that stand before a moment and a key: pages of the whole are read by key, and
none costs more than a page of each source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from parvis.correspondence.models import Channel
from parvis.correspondence.selectors import messages_of_account
from parvis.declarations.selectors import receipts_of
from parvis.kit.actors import Actor

PAGE = 25


class Place(NamedTuple):
    """Where a page of documents begins: before this moment, or at it and before this key."""

    at: datetime
    key: str = ""


class Document(NamedTuple):
    """One line of the list."""

    at: datetime
    key: str
    kind: str
    title: str
    url: str
    file_url: str = ""


Reading = Callable[[Actor, str, Place, int], Iterable[Document]]
"""(who asks, the account in addresses, where to begin, how many) → the documents, newest first."""


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of document: its word in the address, its name, how it is read."""

    word: str
    label: str
    read: Reading


_SOURCES: dict[str, Source] = {}


def add(source: Source) -> None:
    """Let the documents of a topic stand in the list."""
    _SOURCES[source.word] = source


def kinds() -> list[tuple[str, str]]:
    """The kinds of documents: word and name."""
    return [(source.word, source.label) for source in _SOURCES.values()]


def documents_of(
    actor: Actor, account: str, *, before: Place, kind: str = "", since: datetime | None = None, limit: int = PAGE
) -> tuple[list[Document], Place | None]:
    """A page of documents, newest first, and where the next one begins; of one kind, not older than ``since``, if told."""
    sources = [_SOURCES[kind]] if kind in _SOURCES else list(_SOURCES.values())
    found = [line for source in sources for line in source.read(actor, account, before, limit + 1)]
    found = [line for line in found if since is None or line.at >= since]
    found.sort(key=lambda line: (line.at, line.key), reverse=True)
    shown = found[:limit]
    return shown, Place(shown[-1].at, shown[-1].key) if len(found) > limit else None


def _receipts(actor: Actor, account: str, before: Place, limit: int) -> Iterable[Document]:
    for line in receipts_of(actor, limit=limit, earlier=before):
        number = [account, line.number]
        title = f"Accusé d’enregistrement {line.number}"
        yield Document(
            line.at, line.number, "Accusé", title, reverse("receipt", args=number), reverse("receipt-pdf", args=number)
        )


def _messages(channel: Channel) -> Reading:
    def read(actor: Actor, account: str, before: Place, limit: int) -> Iterable[Document]:
        for line in messages_of_account(actor, before=before, limit=limit, channel=channel):
            url = reverse("profile-message", args=[account, line.reference])
            title = line.subject or "Message en préparation"
            yield Document(line.created_at, line.reference, str(channel.label), title, url)

    return read


add(Source("accuses", "Accusés d’enregistrement", _receipts))
add(Source("mails", "Mails reçus", _messages(Channel.EMAIL)))
add(Source("lettres", "Lettres reçues", _messages(Channel.LETTER)))
