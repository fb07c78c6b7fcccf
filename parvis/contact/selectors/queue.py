"""The messages that wait at an office: those of one's desk, one's own, all; the oldest first."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from parvis.contact.models import DONE_AT, Conversation, Side
from parvis.contact.selectors.reading import Line, Said, files_subject, line_of, said_in
from parvis.contact.topics import DESKS, desk_of
from parvis.contact.workflow import WAITING
from parvis.kit.actors import Actor, Duty
from parvis.kit.db import Edge, read_edge
from parvis.kit.refusals import NotFound
from parvis.landlords.models import Office
from parvis.landlords.selectors.offices import codes_of

PAGE = 25
ALL_SIDES = (Side.LANDLORD, Side.OFFICE, Side.INSIDE)


class Shown(StrEnum):
    """Which messages a list shows."""

    DESK = "service"
    MINE = "miens"
    ALL = "tous"
    DONE = "repondus"

    @property
    def label(self) -> str:
        """As the tabs name it."""
        return _LABELS[self]


_LABELS = {Shown.DESK: "Mon service", Shown.MINE: "Les miens", Shown.ALL: "Toute la caisse", Shown.DONE: "Répondus"}


def of_offices(actor: Actor) -> QuerySet[Conversation]:
    """Every thread of the offices where this agent answers."""
    rows = Conversation.objects.select_related("office", "landlord")
    offices = actor.offices_of(Duty.ANSWER_MESSAGES)
    return rows if offices is None else rows.filter(office_id__in=offices)


def at_desks(actor: Actor) -> Q:
    """Those of the desks this agent sits at, office by office."""
    found = Q(pk=None)
    for desk in DESKS.values():
        offices = actor.offices_of(desk.duty)
        found |= Q(desk=desk.code) if offices is None else Q(desk=desk.code, office_id__in=offices)
    return found


def queue(actor: Actor, shown: Shown, *, after: str = "", limit: int = PAGE) -> list[Line]:
    """A page of a list and one more: what waits, the oldest first; or what was answered, the latest first."""
    rows, place = of_offices(actor), read_edge(after)
    if shown is Shown.DONE:
        return [line_of(row) for row in done(rows, place)[: limit + 1]]
    rows = rows.filter(state=WAITING)
    if shown is Shown.DESK:
        rows = rows.filter(at_desks(actor))
    elif shown is Shown.MINE:
        rows = rows.filter(taken_by=actor.label)
    if place is not None:
        rows = rows.filter(Q(waiting_since__gt=place.at) | Q(waiting_since=place.at, opaque__gt=place.opaque))
    return [line_of(row) for row in rows.order_by("waiting_since", "opaque")[: limit + 1]]


def done(rows: QuerySet[Conversation], place: Edge | None = None) -> QuerySet[Conversation]:
    """Those that wait no more, the latest answer first, beyond a place; what was ended without one, by its end."""
    rows = rows.exclude(state=WAITING).alias(done_at=DONE_AT).order_by(DONE_AT.desc(), "-opaque")
    if place is None:
        return rows
    return rows.filter(done_at__lte=place.at).filter(Q(done_at__lt=place.at) | Q(opaque__lt=place.opaque))


def message_row(actor: Actor, opaque: UUID) -> Conversation:
    """One thread of an office where this agent answers; another office's, or none: one and the same refusal."""
    row = of_offices(actor).filter(opaque=opaque).first()
    if row is None:
        raise NotFound("Ce message n’attend rien de votre caisse.")
    return row


def thread(actor: Actor, opaque: UUID) -> tuple[Line, list[Said]]:
    """One thread with all that was written, between agents too."""
    row = message_row(actor, opaque)
    return line_of(row), said_in(row, sides=ALL_SIDES)


def joined_subject(actor: Actor, opaque: UUID, attachment: UUID) -> str:
    """What a file of this thread is joined to; any other file does not exist."""
    subject = files_subject(message_row(actor, opaque), attachment)
    if not subject:
        raise NotFound
    return subject


def may_answer(actor: Actor, line: Line) -> bool:
    """Whether this agent sits at the desk that reads it."""
    return actor.holds(desk_of(line.desk).duty, [line.office_code])


def places_for(line: Line) -> list[tuple[str, str]]:
    """Where a thread may be handed over to: ``office:desk`` in words; no office that does not know the landlord."""
    known = Office.objects.filter(pk__in=codes_of(line.landlord_id)).order_by("name")
    return [
        (f"{office.pk}:{desk.code}", f"{desk.label}, {office.name}")
        for office in known
        for desk in DESKS.values()
        if (office.pk, desk.code) != (line.office_code, line.desk)
    ]


class Late(NamedTuple):
    """How many messages wait beyond the day that was told, at least; whether there are more, and since when the oldest waits."""

    how_many: int
    oldest_at: datetime | None
    and_more: bool = False


def late_at_desks(actor: Actor, *, today: date, most: int = 100) -> Late:
    """What waits beyond its day at this agent's desks; counted up to ``most``."""
    rows = of_offices(actor).filter(at_desks(actor), state=WAITING, answer_by__lt=today).order_by("waiting_since")
    moments = list(rows.values_list("waiting_since", flat=True)[: most + 1])
    return Late(min(len(moments), most), moments[0] if moments else None, len(moments) > most)
