"""The papers that the office awaits, or awaited, of one's own landlord and offices."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from parvis.changes import workflow
from parvis.changes.models import AwaitedPaper
from parvis.changes.reasons import paper_words
from parvis.kit.actors import Actor, Right
from parvis.kit.db import beyond, edge
from parvis.kit.refusals import NotFound

AWAITING = "awaiting"
"""What lists show in the place of « with an officer » while a paper is awaited; no state of its own."""
SHOWN_STATE = f"""CASE WHEN {{d}}.state = 'manual' AND EXISTS (
  SELECT 1 FROM changes_awaitedpaper p WHERE p.subject = {{d}}.reference AND p.state = 'awaited') THEN '{AWAITING}' ELSE {{d}}.state END"""
"""The state of a declaration ``d`` as lists show it."""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper as pages show it: which, about what, by when, and whether it was given."""

    opaque: UUID
    subject: str
    title: str
    name: str
    words: str
    answer_by: date
    asked_at: datetime
    is_awaited: bool
    given_at: datetime | None
    person: str
    sent_at: datetime | None
    files: str

    @property
    def edge(self) -> str:
        """Where the page after this line begins."""
        return edge(self.answer_by, self.opaque).word

    def is_late(self, today: date) -> bool:
        """Whether the day it was asked for by is over."""
        return self.answer_by < today


def awaited_by_office(actor: Actor, *, after: str = "", limit: int) -> list[PaperLine]:
    """The papers this person may give, the most urgent first, beyond the edge given."""
    rights = [right for right in (Right.DECLARE, Right.BANK_DETAILS) if actor.may(right)]
    rows = papers_of(actor).filter(beyond(after, day="answer_by"), state=workflow.AWAITED, needs__in=rights)
    return [_line(row) for row in rows.order_by("answer_by", "opaque")[:limit]] if rights else []


def papers_about(actor: Actor, subject: str) -> list[PaperLine]:
    """What the office awaits about a thing, and what was given before, the newest first; the caller has checked that the actor
    sees it. What is no more awaited and was not given is left out."""
    rows = papers_of(actor).filter(subject=subject, state__in=[workflow.AWAITED, workflow.GIVEN])
    return [_line(row) for row in rows.order_by("-asked_at")] if subject else []


def awaited_among(actor: Actor, subjects: Collection[str]) -> frozenset[str]:
    """Of these things, those about which a paper is awaited; asks nothing of nothing."""
    if not subjects:
        return frozenset()
    rows = papers_of(actor).filter(subject__in=list(subjects), state=workflow.AWAITED)
    return frozenset(rows.values_list("subject", flat=True))


def paper_line(actor: Actor, opaque: UUID) -> PaperLine:
    """One paper this person may give or gave; anybody else's does not exist."""
    row = paper_of(actor, opaque)
    if not actor.may(Right(row.needs)):
        raise NotFound
    return _line(row)


def paper_of(actor: Actor, opaque: UUID) -> AwaitedPaper:
    """The row; of another landlord or office, or none: one refusal."""
    row = papers_of(actor).filter(opaque=opaque).first()
    if row is None:
        raise NotFound
    return row


def papers_of(actor: Actor) -> QuerySet[AwaitedPaper]:
    """Those of the actor's landlord and offices, whoever may give them."""
    rows = AwaitedPaper.objects.filter(landlord_id=actor.partner_id).select_related("tenancy")
    return rows.filter(office_id__in=actor.offices) if actor.offices else rows


def _line(row: AwaitedPaper) -> PaperLine:
    return PaperLine(
        opaque=row.opaque,
        subject=row.subject,
        title=row.title,
        name=row.tenancy.name if row.tenancy else "",
        words=paper_words(row.paper),
        answer_by=row.answer_by,
        asked_at=row.asked_at,
        is_awaited=row.state == workflow.AWAITED,
        given_at=row.given_at,
        person=row.person,
        sent_at=row.sent_at,
        files=row.files,
    )
