"""Files joined to what is asked or declared: checked by their content, encrypted, joined once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from parvis.audit.journal import record
from parvis.changes import events
from parvis.changes.models import Attachment
from parvis.changes.refusals import WrongFile
from parvis.changes.rules.files import BROKEN, PDF, Paper, kind_of_file, name_of_file, without_telling
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor
from parvis.kit.encryption import close
from parvis.kit.refusals import NotFound
from parvis.landlords.selectors.users import own_partner
from parvis.papers.reading import Fault, look_into

MOST = 5
"""Files joined to one thing."""
UNJOINED = timedelta(days=1)


_SENTENCES = {
    Fault.BROKEN: BROKEN,
    Fault.LOCKED: "Ce PDF est protégé par un mot de passe. Enregistrez-le sans protection.",
    Fault.ACTING: "Ce PDF contient un programme ou un autre fichier. Imprimez-le en PDF, puis joignez la copie.",
    Fault.SLOW: "Ce PDF est trop long à lire. Imprimez-le en PDF, ou prenez une photo.",
}


def read_paper(name: str, content: bytes) -> Paper:
    """A file as it may be kept. PDF, JPEG or PNG by its content, whatever its name says; 5 MB at most.

    What a picture tells of where, when and by whom it was taken is taken off; a PDF that runs or carries something is refused,
    and one that cannot be read whole. It may take two seconds, in another process: never inside a transaction.
    """
    kind = kind_of_file(content)
    if kind != PDF:
        content = without_telling(content, kind)
    elif fault := look_into(content):
        raise WrongFile(_SENTENCES[fault])
    return Paper(name_of_file(name, kind), kind, content)


@transaction.atomic
def keep_attachment(paper: Paper, *, by: Actor, at: datetime) -> Attachment:
    """Keep a file, joined to nothing yet."""
    content = paper.content
    file = Attachment(
        opaque=uuid4(),
        landlord_id=own_partner(by),
        account_id=own_account(by),
        name=paper.name,
        media_type=paper.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        kept_at=at,
    )
    file.content = close(base64.b64encode(content).decode(), file.column)
    file.save()
    record(events.FILE_KEPT, subject=str(file.opaque), by=by, at=at, kind=paper.media_type, size=file.size)
    return file


@transaction.atomic
def join_attachment(opaque: UUID, subject: str, *, by: Actor, at: datetime) -> None:
    """Join a file of one's own, kept just before, to what has this number; joined already, it stays where it is."""
    if Attachment.objects.filter(landlord_id=by.partner_id, subject=subject).count() >= MOST:
        raise WrongFile(f"{MOST}\u00a0pièces jointes au maximum.")
    own = Attachment.objects.filter(opaque=opaque, account_id=own_account(by))
    if not own.filter(subject="").update(subject=subject) and not own.filter(subject=subject).exists():
        raise NotFound


@transaction.atomic
def remove_attachment(opaque: UUID, subject: str, *, by: Actor, at: datetime) -> None:
    """Take a file off what is not sent yet: it is gone. The caller has checked that ``subject`` is no more than a draft."""
    mine = Attachment.objects.filter(landlord_id=own_partner(by), subject=subject, opaque=opaque)
    if subject and mine.delete()[0]:
        record(events.FILE_REMOVED, subject=str(opaque), by=by, at=at)


@transaction.atomic
def forget_unjoined(*, at: datetime) -> int:
    """Erase the files that were joined to nothing within a day; says how many."""
    return Attachment.objects.filter(subject="", kept_at__lt=at - UNJOINED).delete()[0]


def are_joined(papers: Sequence[Paper], subject: str) -> bool:
    """Whether what is joined to a subject are these very files."""
    kept = [bytes(digest) for digest in Attachment.objects.filter(subject=subject).values_list("sha256", flat=True)]
    return sorted(kept) == sorted(hashlib.sha256(paper.content).digest() for paper in papers)


def is_joined(paper: Paper | None, subject: str) -> bool:
    """Whether what is joined to a subject is this very file, or nothing where there is none."""
    return are_joined([] if paper is None else [paper], subject)
