"""Who looked at somebody’s file: a section of the copy of their data, and of « Données personnelles »."""

from __future__ import annotations

from collections.abc import Iterable

from parvis.agents import events
from parvis.audit.selectors import Line, journal_of
from parvis.identity.services.own.contents import Row, Section, when
from parvis.kit.actors import Actor

LOOKS = tuple(
    event.code
    for event in (events.FILE_OPENED, events.LOOKED, events.PAPER_OPENED, events.VIEWING_BEGUN, events.PAGE_VIEWED)
)


def looks_at(actor: Actor, *, limit: int) -> list[Line]:
    """When agents opened the file, a request or a paper of it, or read the space as its owner sees it; the newest first."""
    return journal_of(actor, events=LOOKS, limit=limit)


def _rows(actor: Actor, most: int) -> Iterable[Row]:
    return [(when(line.at), line.sentence, line.by) for line in looks_at(actor, limit=most)]


LOOKED_AT = Section("consultations", "Qui a consulté mes dossiers", ("Quand", "Quoi", "Par"), _rows)
