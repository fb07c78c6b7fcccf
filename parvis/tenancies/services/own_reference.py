"""The landlord's own words for a tenancy: a lot, a file number. Theirs alone, searched and exported."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.kit.actors import Actor
from parvis.kit.db import change_exactly_one
from parvis.tenancies import events
from parvis.tenancies.models import Tenancy
from parvis.tenancies.refusals import OwnReferenceTooLong
from parvis.tenancies.rules import LONGEST_OWN_REFERENCE
from parvis.tenancies.selectors.sheet import tenancy_of


@transaction.atomic
def change_own_reference(reference: UUID, text: str, *, by: Actor, at: datetime) -> bool:
    """Write the landlord's own reference of one of its tenancies, empty to have none; whether anything changed."""
    text = " ".join(text.split())
    if len(text) > LONGEST_OWN_REFERENCE:
        raise OwnReferenceTooLong
    sheet = tenancy_of(by, reference)
    if sheet.own_reference == text:
        return False
    as_seen = Tenancy.objects.filter(pk=sheet.id, landlord_id=by.partner_id, own_reference=sheet.own_reference)
    change_exactly_one(as_seen, own_reference=text)
    record(events.OWN_REFERENCE, subject=str(reference), by=by, at=at, before=sheet.own_reference, after=text)
    return True
