"""Files joined to what was asked or declared: those of one's own landlord."""

from __future__ import annotations

import base64
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from parvis.changes.models import Attachment, AwaitedPaper, ChangeRequest
from parvis.changes.reasons import paper_words
from parvis.changes.selectors.awaited import papers_of
from parvis.changes.selectors.requests import visible
from parvis.kit.actors import Actor, Right
from parvis.kit.encryption import open_
from parvis.kit.refusals import NotFound


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as lists show it."""

    opaque: UUID
    name: str
    size: int
    kept_at: datetime


def attachments_of(actor: Actor, subject: str) -> list[FileLine]:
    """The files joined to what has this number; the caller has checked that the actor may see that."""
    rows = Attachment.objects.filter(landlord_id=actor.partner_id, subject=subject).order_by("kept_at", "pk")
    return [FileLine(*row) for row in rows.values_list("opaque", "name", "size", "kept_at")] if subject else []


def attachments_by_subject(actor: Actor, subjects: Sequence[str]) -> dict[str, list[FileLine]]:
    """The files of several things at once, by what they were joined to; the caller has checked that the actor may see those."""
    found: dict[str, list[FileLine]] = {}
    if not subjects:
        return found
    rows = Attachment.objects.filter(landlord_id=actor.partner_id, subject__in=subjects).order_by("kept_at", "pk")
    for subject, opaque, name, size, kept_at in rows.values_list("subject", "opaque", "name", "size", "kept_at"):
        found.setdefault(subject, []).append(FileLine(opaque, name, size, kept_at))
    return found


def content_of(actor: Actor, subject: str, opaque: UUID) -> tuple[str, str, bytes]:
    """Name, media type and bytes of one file joined to ``subject``; anybody else's does not exist."""
    rows = Attachment.objects.filter(landlord_id=actor.partner_id, subject=subject, opaque=opaque)
    file = rows.first() if subject else None
    if file is None:
        raise NotFound
    return file.name, file.media_type, base64.b64decode(open_(bytes(file.content), file.column))


@dataclass(frozen=True, slots=True)
class JoinedPaper:
    """A file among documents: ``joined_to`` is the kind of thing it goes with, ``place`` how that is found, ``title`` its name."""

    opaque: UUID
    name: str
    kept_at: datetime
    subject: str
    joined_to: str
    place: str
    title: str


def papers_of_changes(
    actor: Actor, earlier: tuple[datetime, str], *, limit: int, tenancies: Collection[UUID] | None, words: str = ""
) -> list[JoinedPaper]:
    """What was joined to requests this person sees, or given by who could give it, before a moment and a file, newest first.

    With ``tenancies``, what is about one of them, or has ``words`` in its name if they are told.
    """
    asked = visible(actor)
    may_give = [right for right in (Right.DECLARE, Right.BANK_DETAILS) if actor.may(right)]
    given = papers_of(actor).filter(needs__in=may_give).exclude(given_at=None)
    found = _before(actor, earlier)
    if tenancies is not None:
        about = Q(tenancy__reference__in=list(tenancies))
        of_them = _joined(asked.filter(about), given.filter(about))
        found = found.filter(of_them | Q(name__icontains=words) if words else of_them)
    found = found.filter(_joined(asked, given))
    lines = list(found.values_list("opaque", "name", "kept_at", "subject")[:limit])
    named = _named(asked, given, [subject for *_, subject in lines])
    return [JoinedPaper(*line, *named[line[3]]) for line in lines]


def _before(actor: Actor, earlier: tuple[datetime, str]) -> QuerySet[Attachment]:
    at, key = earlier
    keyed = Attachment.objects.filter(landlord_id=actor.partner_id).annotate(key=Cast("opaque", TextField()))
    return keyed.filter(Q(kept_at__lt=at) | Q(kept_at=at, key__lt=key)).order_by("-kept_at", "-key")


def _joined(asked: QuerySet[ChangeRequest], given: QuerySet[AwaitedPaper]) -> Q:
    under = given.annotate(under=Concat(Value(AwaitedPaper.FILES), Cast("pk", TextField()), output_field=TextField()))
    return Q(subject__in=asked.values("number")) | Q(subject__in=under.values("under"))


def _named(
    asked: QuerySet[ChangeRequest], given: QuerySet[AwaitedPaper], subjects: Collection[str]
) -> dict[str, tuple[str, str, str]]:
    """Of each thing the files were joined to: what kind of thing, its place, its name."""
    papers = given.filter(
        pk__in=[s.removeprefix(AwaitedPaper.FILES) for s in subjects if s.startswith(AwaitedPaper.FILES)]
    )
    return {
        **{row.number: ("change", row.number, row.get_kind_display()) for row in asked.filter(number__in=subjects)},
        **{row.files: ("awaited", str(row.opaque), paper_words(row.paper)) for row in papers},
    }


def joined_to(actor: Actor, subject: str) -> dict[str, list[FileLine]]:
    """The files of a thing and of the papers given about it since, by what they were joined to; for who decides about it."""
    rows = AwaitedPaper.objects.filter(landlord_id=actor.partner_id, subject=subject).exclude(given_at=None)
    return attachments_by_subject(actor, [subject, *(paper.files for paper in rows)])
