"""Files joined to declarations: to a draft first, sealed with it as it leaves.

What leaves says of each its name, kind, weight and fingerprint; the file itself stays here, for its landlord and the office.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from parvis.changes.models import Attachment
from parvis.changes.rules.files import Paper
from parvis.changes.selectors.attachments import FileLine, attachments_of
from parvis.changes.services import attachments
from parvis.declarations import workflow
from parvis.declarations.models import Declaration, Kind
from parvis.declarations.selectors.bundles import subject_of, tenancy_to_declare
from parvis.kit.actors import Actor, Right
from parvis.kit.merging import execute
from parvis.kit.refusals import NotAllowed, NotFound


@transaction.atomic
def join(actor: Actor, reference: UUID, kind: str, paper: Paper, *, at: datetime) -> None:
    """Keep a file with the draft of that kind about a tenancy; refuses one too many."""
    subject = _draft(actor, reference, kind)
    kept = attachments.keep_attachment(paper, by=actor, at=at)
    attachments.join_attachment(kept.opaque, subject, by=actor, at=at)


@transaction.atomic
def take_off(actor: Actor, reference: UUID, kind: str, opaque: UUID, *, at: datetime) -> None:
    """Take a file off a draft again; it is gone."""
    attachments.remove_attachment(opaque, _draft(actor, reference, kind), by=actor, at=at)


def subject_for(actor: Actor, reference: UUID, kind: str) -> str:
    """Under which name the files of a draft stand; no such draft of one's own: not found."""
    return _draft(actor, reference, kind)


def joined_to(actor: Actor, reference: UUID, kind: str) -> list[FileLine]:
    """The files of a draft; none where there is no such draft yet."""
    try:
        return attachments_of(actor, _draft(actor, reference, kind))
    except NotFound:
        return []


def _draft(actor: Actor, reference: UUID, kind: str) -> str:
    if not actor.may(Right.DECLARE):
        raise NotAllowed(Right.DECLARE.label)
    tenancy = tenancy_to_declare(actor, reference)
    own = (
        Declaration.objects.select_for_update(of=("self",)) if connection.in_atomic_block else Declaration.objects.all()
    )
    # The receipt of the July before goes with that rent, which an officer looks at.
    stated = Kind.PREVIOUS_JULY_RENT if kind == Kind.JULY_RENT else kind
    found = own.filter(tenancy_id=tenancy.id, landlord_id=actor.partner_id, kind=stated, state=workflow.DRAFT)
    row = found.order_by("-year").values_list("pk", flat=True).first()
    if row is None:
        raise NotFound
    return subject_of(row)


def forget(drafts: Sequence[int]) -> None:
    """Erase the files of drafts that are given up."""
    if drafts:
        Attachment.objects.filter(subject__in=[subject_of(draft) for draft in drafts]).delete()


_ORPHANS = """
DELETE FROM changes_attachment a WHERE a.subject LIKE 'draft %%' AND a.kept_at < %(before)s AND NOT EXISTS (
  SELECT 1 FROM declarations_declaration d WHERE d.id = substr(a.subject, 7)::bigint AND d.state = 'draft')
"""


@transaction.atomic
def forget_orphans(*, at: datetime) -> int:
    """Erase the files of drafts that are no more, whatever took them away; says how many."""
    return execute(_ORPHANS, {"before": at - attachments.UNJOINED})


_STATE = """
UPDATE declarations_declaration d SET details = d.details || jsonb_build_object('papers', told.papers)
FROM (SELECT a.subject, jsonb_agg(jsonb_build_object('name', a.name, 'media_type', a.media_type, 'size', a.size,
        'sha256', encode(a.sha256, 'hex')) ORDER BY a.kept_at, a.id) AS papers
      FROM changes_attachment a WHERE a.landlord_id = %(landlord)s AND a.subject LIKE 'draft %%' GROUP BY a.subject) told
WHERE d.id = ANY(%(ids)s) AND told.subject = 'draft ' || d.id
"""
_MOVE = """
UPDATE changes_attachment a SET subject = d.reference FROM declarations_declaration d
WHERE a.landlord_id = %(landlord)s AND a.subject LIKE 'draft %%' AND a.subject = 'draft ' || d.id AND d.receipt_id = %(receipt)s
"""


def state(actor: Actor, ids: Sequence[int]) -> bool:
    """Write into the drafts that leave which files go with them; whether there is any."""
    return bool(execute(_STATE, {"landlord": actor.partner_id, "ids": list(ids)}))


def move(actor: Actor, receipt_id: int) -> None:
    """The files go from the drafts to the declarations sent under a receipt."""
    execute(_MOVE, {"landlord": actor.partner_id, "receipt": receipt_id})
