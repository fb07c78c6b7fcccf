"""A thread as a page shows it, whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from parvis.changes.selectors.attachments import FileLine, attachments_by_subject
from parvis.contact.models import Conversation, ConversationMessage, Side
from parvis.contact.topics import desk_of, topic_label
from parvis.contact.workflow import ANSWERED, CLOSED, CONVERSATION, WAITING
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.db import edge
from parvis.kit.encryption import open_


@dataclass(frozen=True, slots=True)
class Said:
    """One message: who wrote it, when, its lines, its files. ``by`` is for agents: landlords read the name of the office."""

    opaque: UUID
    side: str
    person: str
    by: str
    at: datetime
    lines: tuple[str, ...]
    files: tuple[FileLine, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A thread in a list."""

    opaque: UUID
    number: str
    topic: str
    about: str
    landlord_id: UUID
    landlord_name: str
    office_code: str
    office_name: str
    person: str
    desk: str
    state: str
    taken_by: str
    asked_at: datetime
    answer_by: date
    waiting_since: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None

    @property
    def topic_words(self) -> str:
        """What it is about, as the list of topics says."""
        return topic_label(self.topic)

    @property
    def title(self) -> str:
        """Topic, and what was written beside it."""
        return f"{self.topic_words} – {self.about}" if self.about else self.topic_words

    @property
    def state_label(self) -> str:
        """Its state in words."""
        return CONVERSATION.label(self.state)

    @property
    def desk_label(self) -> str:
        """Who reads it at the office."""
        return desk_of(self.desk).label

    @property
    def is_waiting(self) -> bool:
        """Whether the office owes an answer."""
        return self.state == WAITING

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer to read."""
        return self.state == ANSWERED

    @property
    def is_closed(self) -> bool:
        """Whether nothing is added any more."""
        return self.state == CLOSED

    @property
    def edge(self) -> str:
        """Where the next page of a queue begins."""
        return edge(self.waiting_since or self.asked_at, self.opaque).word

    @property
    def done_at(self) -> datetime:
        """When the office answered; if it never did, when the thread was ended."""
        return self.answered_at or self.closed_at or self.asked_at

    @property
    def done_edge(self) -> str:
        """Where the next page of what was answered begins."""
        return edge(self.done_at, self.opaque).word

    @property
    def asked_edge(self) -> str:
        """Where the next page of what was asked begins."""
        return edge(self.asked_at, self.opaque).word

    def is_late(self, today: date) -> bool:
        """Whether the day that was told is over without an answer."""
        return self.is_waiting and self.answer_by < today


def line_of(row: Conversation) -> Line:
    """A row, with its landlord and office at hand, as lists show it."""
    return Line(
        opaque=row.opaque,
        number=row.number,
        topic=row.topic,
        about=row.about,
        landlord_id=row.landlord_id,
        landlord_name=row.landlord.name,
        office_code=row.office_id,
        office_name=row.office.name,
        person=row.person,
        desk=row.desk,
        state=row.state,
        taken_by=row.taken_by,
        asked_at=row.asked_at,
        answer_by=row.answer_by,
        waiting_since=row.waiting_since,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
    )


def said_in(row: Conversation, *, sides: Sequence[Side]) -> list[Said]:
    """The messages of a thread the caller may read, the first one first, with their files."""
    messages = list(
        ConversationMessage.objects.filter(conversation=row, side__in=[side.value for side in sides]).order_by("pk")
    )
    reader = Actor(ActorKind.SYSTEM, "thread", partner_id=row.landlord_id)
    files = attachments_by_subject(reader, [message.files for message in messages])
    return [
        Said(
            message.opaque,
            message.side,
            message.person,
            message.by,
            message.at,
            tuple(open_(bytes(message.text), message.column).split("\n")),
            tuple(files.get(message.files, ())),
        )
        for message in messages
    ]


def files_subject(row: Conversation, attachment: UUID) -> str:
    """What a file of this thread is joined to; empty for a file that is not one of it."""
    reader = Actor(ActorKind.SYSTEM, "thread", partner_id=row.landlord_id)
    subjects = [message.files for message in ConversationMessage.objects.filter(conversation=row, side=Side.LANDLORD)]
    for subject, files in attachments_by_subject(reader, subjects).items():
        if any(file.opaque == attachment for file in files):
            return subject
    return ""
