"""A list of tenants leaves as a file: personal data, so that who took how many lines is written."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.kit.actors import Actor
from parvis.tenancies import events


@transaction.atomic
def record_export(count: int, kind: str, *, by: Actor, at: datetime) -> None:
    """Write in the journal that so many lines of the landlord's tenants leave."""
    record(events.LIST_EXPORTED, subject=str(by.partner_id), by=by, at=at, count=count, kind=kind)


@transaction.atomic
def record_archive(year: int, *, by: Actor, at: datetime) -> None:
    """Write in the journal that the documents of a year leave together."""
    record(events.ARCHIVE_TAKEN, subject=str(by.partner_id), by=by, at=at, year=year)
