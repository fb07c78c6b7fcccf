"""« Mes messages »: the threads of one's own account; of all its landlord's accounts, for those who administer it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from parvis.changes.models import Attachment
from parvis.changes.selectors.attachments import FileLine
from parvis.changes.services.keeping import own_numbers
from parvis.contact.models import Conversation, ConversationMessage, Side
from parvis.contact.selectors.reading import Line, Said, files_subject, line_of, said_in
from parvis.contact.topics import TOPICS
from parvis.contact.workflow import ANSWERED
from parvis.identity.models import AccountState
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, ActorKind, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.db import read_edge
from parvis.kit.refusals import NotFound
from parvis.kit.text import fold
from parvis.landlords.selectors.offices import delays_of
from parvis.parameters import catalogue
from parvis.parameters.selectors import duration

PAGE = 25
_READ_BY_LANDLORDS = (Side.LANDLORD, Side.OFFICE)
_REACHED = Q(
    account__state=AccountState.ACTIVE,
    account__credential__email__isnull=False,
    account__credential__frozen_at__isnull=True,
)
_WROTE = ConversationMessage.objects.filter(side=Side.LANDLORD)
_LAST_BY = Subquery(_WROTE.filter(conversation=OuterRef("pk")).order_by("-pk").values("by")[:1])


class Answer(NamedTuple):
    """One answer of an office, in a thread this person may read."""

    opaque: UUID
    at: datetime
    thread: Line


class Office(NamedTuple):
    """An office one may write to, and the day by which it answers what is written today."""

    code: str
    name: str
    answer_by: date


def visible(actor: Actor) -> QuerySet[Conversation]:
    """The threads this person may read: one's own wherever they went; of the others, those of one's offices, to administrators.

    An agent who reads as the landlord sees those of their own offices alone.
    """
    rows = Conversation.objects.filter(landlord_id=actor.partner_id).select_related("office", "landlord")
    within = Q(office_id__in=actor.offices) if actor.offices else Q()
    if actor.kind is ActorKind.AGENT:
        return rows.filter(within, account_id=own_account(actor))
    if not actor.may(Right.ADMINISTER):
        return rows.filter(account_id=own_account(actor))
    return rows.filter(Q(account_id=own_account(actor)) | within) if actor.offices else rows


def conversations_of(actor: Actor, *, after: str = "", limit: int = PAGE) -> list[Line]:
    """A page of the threads and one more, newest first, beyond the edge given."""
    rows, place = visible(actor), read_edge(after)
    if place is not None:
        rows = rows.filter(Q(asked_at__lt=place.at) | Q(asked_at=place.at, opaque__lt=place.opaque))
    return [line_of(row) for row in rows.order_by("-asked_at", "-opaque")[: limit + 1]]


def conversation_of(actor: Actor, opaque: UUID) -> tuple[Line, list[Said]]:
    """One thread, with what both sides wrote; somebody else's does not exist."""
    row = own_row(actor, opaque)
    return line_of(row), said_in(row, sides=_READ_BY_LANDLORDS)


def own_row(actor: Actor, opaque: UUID) -> Conversation:
    """The row; somebody else's, or none: one refusal."""
    row = visible(actor).filter(opaque=opaque).first()
    if row is None:
        raise NotFound
    return row


def file_of(actor: Actor, opaque: UUID, attachment: UUID) -> str:
    """What a file of one's own thread is joined to; anybody else's does not exist."""
    subject = files_subject(own_row(actor, opaque), attachment)
    if not subject:
        raise NotFound
    return subject


def answers_to_read(actor: Actor, *, limit: int) -> list[Line]:
    """What the office answered to this very person, the newest first, until they say that it is settled or write again.

    To who administers the landlord too: what they themselves wrote last, and what nobody else reads, since who asked is gone.
    """
    rows, mine = visible(actor).filter(state=ANSWERED), Q(account_id=own_account(actor))
    if actor.may(Right.ADMINISTER):
        rows, mine = rows.annotate(last_by=_LAST_BY), mine | Q(last_by=actor.label) | ~_REACHED
    rows = rows.filter(mine)
    return [line_of(row) for row in rows.order_by("-answered_at", "-opaque")[:limit]]


def answers_before(actor: Actor, earlier: tuple[datetime, str], *, limit: int, words: str = "") -> list[Answer]:
    """What offices answered in the threads this person may read, newest first, before a moment and an answer.

    ``words`` stand in the number of the thread, its topic or what it is about; what was said is encrypted, and not searched.
    """
    at, key = earlier
    threads = visible(actor).filter(asked_at__lte=at)
    if words:
        topics = [code for code, topic in TOPICS.items() if fold(words) in fold(topic.label)]
        threads = threads.filter(Q(number__icontains=words) | Q(about__icontains=words) | Q(topic__in=topics))
    keyed = ConversationMessage.objects.filter(conversation__in=threads.values("pk"), side=Side.OFFICE)
    keyed = keyed.defer("text").select_related("conversation__office", "conversation__landlord")
    found = keyed.annotate(key=Cast("opaque", TextField())).filter(Q(at__lt=at) | Q(at=at, key__lt=key))
    return [Answer(one.opaque, one.at, line_of(one.conversation)) for one in found.order_by("-at", "-key")[:limit]]


def offices_to_write_to(actor: Actor, *, at: datetime) -> list[Office]:
    """The offices that know this landlord, and by when each answers."""
    known = {number.office_id: number.office.name for number in own_numbers(actor)}
    days = answer_days(known, at=at)
    return [Office(code, name, days[code]) for code, name in known.items()]


def answer_days(codes: dict[str, str], *, at: datetime) -> dict[str, date]:
    """By when each office answers what is written now: by its own measure, else by the parameter."""
    measured = delays_of(codes)
    today = day_in_paris(at)
    weeks = {
        code: timedelta(weeks=max(1, row.max_weeks))
        for code, rows in measured.items()
        for row in rows
        if row.topic == "mail"
    }
    usual = {code: duration(catalogue.MESSAGE_ANSWERED_IN, office=code) for code in codes}
    return {code: today + weeks.get(code, usual[code]) for code in codes}


def written_since(actor: Actor, since: datetime) -> int:
    """How many messages this person wrote after a moment, whoever began the threads."""
    return _WROTE.filter(by=actor.label, at__gt=since).count()


def files_kept(actor: Actor, files: Sequence[UUID]) -> list[FileLine]:
    """Of these files, those this person has kept and joined to nothing yet."""
    rows = Attachment.objects.filter(account_id=own_account(actor), subject="", opaque__in=list(files))
    return [FileLine(*row) for row in rows.order_by("kept_at", "pk").values_list("opaque", "name", "size", "kept_at")]
