"""Files joined to what was asked or declared: those of one's own landlord."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parvis.changes.models import Attachment, AwaitedPaper
from parvis.kit.actors import Actor
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


def joined_to(actor: Actor, subject: str) -> dict[str, list[FileLine]]:
    """The files of a thing and of the papers given about it since, by what they were joined to; for who decides about it."""
    rows = AwaitedPaper.objects.filter(landlord_id=actor.partner_id, subject=subject).exclude(given_at=None)
    return attachments_by_subject(actor, [subject, *(paper.files for paper in rows)])
