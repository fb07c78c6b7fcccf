"""What a landlord wrote to offices, as their agents find it in the landlord's file."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from parvis.audit.happened import Branch
from parvis.contact.models import Conversation
from parvis.contact.selectors.reading import Line, line_of
from parvis.kit.actors import Actor


def written_by(reader: Actor) -> Branch:
    """The threads of the landlord that is read, at the reader's offices, as lines of what happened, when they were begun."""
    return Branch(_of(reader), "asked_at")


def threads_told(reader: Actor, keys: Collection[int], numbers: Collection[str]) -> list[tuple[int, Line]]:
    """The threads of these keys, and those that acts of the journal name by their number, as far as the reader sees them."""
    if not keys and not numbers:
        return []
    rows = _of(reader).filter(Q(pk__in=list(keys)) | Q(number__in=list(numbers))).select_related("office", "landlord")
    return [(row.pk, line_of(row)) for row in rows]


def _of(reader: Actor) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(landlord_id=reader.partner_id)
    return rows.filter(office_id__in=reader.offices) if reader.offices else rows
