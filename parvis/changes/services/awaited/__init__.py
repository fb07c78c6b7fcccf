"""The office awaits a paper about something declared or asked: it is asked for once, given once, and leaves once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.changes import events, workflow
from parvis.changes.models import Attachment, AwaitedPaper
from parvis.changes.refusals import PaperNotAwaited, WrongFile
from parvis.changes.rules.files import Paper
from parvis.changes.selectors.awaited import paper_of
from parvis.changes.services import attachments
from parvis.changes.services.awaited import emails
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, Right
from parvis.kit.refusals import NotAllowed


@dataclass(frozen=True, slots=True)
class Asked:
    """What the office asks for: which paper (a code of ``reasons.PAPERS``), about what, of whom, by when."""

    subject: str
    title: str
    needs: Right
    landlord_id: UUID
    office_id: str
    tenancy_id: int | None
    account_id: int
    paper: str
    answer_by: date
    asked_at: datetime


def ask(asked: Sequence[Asked], *, by: Actor, at: datetime) -> int:
    """Await these papers, in the transaction of the decisions that ask for them; how many.

    The caller has checked that none is asked for twice, and that each is newer than what was asked before about the same
    thing, which it replaces. Whoever sent that thing is told: one mail a person.
    """
    if not asked:
        return 0
    workflow.PAPER.target(workflow.ASK_ANOTHER, workflow.AWAITED, by)
    subjects = [one.subject for one in asked]
    AwaitedPaper.objects.filter(subject__in=subjects, state=workflow.AWAITED).update(state=workflow.REPLACED)
    rows = AwaitedPaper.objects.bulk_create(
        AwaitedPaper(
            subject=one.subject,
            title=one.title,
            needs=one.needs,
            landlord_id=one.landlord_id,
            office_id=one.office_id,
            tenancy_id=one.tenancy_id,
            account_id=one.account_id,
            paper=one.paper,
            answer_by=one.answer_by,
            asked_at=one.asked_at,
        )
        for one in asked
    )
    for row in rows:
        record(events.PAPER_AWAITED, subject=row.subject, by=by, at=at, paper=row.paper, until=str(row.answer_by))
    emails.tell_awaited(rows, at=at)
    return len(rows)


@transaction.atomic
def give(opaque: UUID, papers: Sequence[Paper], *, by: Actor, at: datetime) -> AwaitedPaper:
    """Join the files to what awaited them. Clicked twice with the same files, they are joined once; given already, refused.

    After the day they were asked for by they are still taken, as long as the office has not decided.
    """
    awaited = paper_of(by, opaque)
    if not by.may(Right(awaited.needs)):
        raise NotAllowed(Right(awaited.needs).label)
    if not papers:
        raise WrongFile("Choisissez le fichier à joindre.")
    claimed = AwaitedPaper.objects.filter(pk=awaited.pk, state=workflow.AWAITED).update(
        state=workflow.PAPER.target(workflow.GIVE, workflow.AWAITED, by),
        given_at=at,
        given_by_id=own_account(by),
        person=by.person or by.label,
    )
    awaited.refresh_from_db()
    if not claimed:
        return _given_before(awaited, papers, by)
    for paper in papers:
        kept = attachments.keep_attachment(paper, by=by, at=at)
        attachments.join_attachment(kept.opaque, awaited.files, by=by, at=at)
    record(events.PAPER_GIVEN, subject=awaited.subject, by=by, at=at, paper=awaited.paper, files=len(papers))
    emails.tell_given(awaited, at=at)
    return awaited


def _given_before(awaited: AwaitedPaper, papers: Sequence[Paper], by: Actor) -> AwaitedPaper:
    """The very same, from the same person: clicked twice. Anything else is refused, with what happened."""
    same = awaited.state == workflow.GIVEN and awaited.given_by_id == own_account(by)
    if same and attachments.are_joined(papers, awaited.files):
        return awaited
    raise PaperNotAwaited(given_by=awaited.person if awaited.state == workflow.GIVEN else "")


@transaction.atomic
def leaving() -> list[AwaitedPaper]:
    """What was given and has not left, in the order it was given; locked."""
    rows = AwaitedPaper.objects.filter(state=workflow.GIVEN, sent_at=None).select_for_update(of=("self",))
    return list(rows.select_related("given_by").order_by("given_at", "pk"))


@transaction.atomic
def mark_sent(papers: Sequence[AwaitedPaper], *, by: Actor, at: datetime) -> None:
    """Say that these stand in an outgoing delivery."""
    AwaitedPaper.objects.filter(pk__in=[paper.pk for paper in papers], sent_at=None).update(sent_at=at)
    if papers:
        record(events.PAPERS_SENT, subject="papers", by=by, at=at, count=len(papers))


def files_of(papers: Sequence[AwaitedPaper]) -> dict[str, list[Attachment]]:
    """The files of papers that leave, without their content, by what they are joined to."""
    found: dict[str, list[Attachment]] = {}
    rows = Attachment.objects.filter(subject__in=[paper.files for paper in papers]).defer("content")
    for row in rows.order_by("kept_at", "pk"):
        found.setdefault(row.subject, []).append(row)
    return found
