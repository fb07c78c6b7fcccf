"""Opening a landlord's file: a reason first, once per file and day, and a trace the landlord can read (security.md §2.11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.agents import events
from parvis.agents.models import Opening
from parvis.agents.reasons import read_reason
from parvis.agents.selectors.journal import Asked
from parvis.audit.journal import record
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.clock import day_in_paris


@transaction.atomic
def open_file(agent_id: int, partner_id: UUID, *, reason: str, note: str, by: Actor, at: datetime) -> None:
    """Note why this agent opens this file today. A second click adds nothing."""
    read, words = read_reason(reason, note)
    _, made = Opening.objects.get_or_create(
        agent_id=agent_id,
        partner_id=partner_id,
        on=day_in_paris(at),
        defaults={"reason": read, "note": words, "at": at},
    )
    if made:
        about = replace(by, partner_id=partner_id)
        record(events.FILE_OPENED, subject=by.label, by=about, at=at, reason=read.value, note=words)


@transaction.atomic
def record_export(asked: Asked, *, by: Actor, at: datetime) -> None:
    """Note that a part of the journal left as a file, and which one."""
    check_holds(by, Duty.READ_JOURNAL)
    narrow = {"event": asked.event, "label": asked.label, "subject": asked.subject}
    record(
        events.JOURNAL_EXPORTED,
        subject=by.label,
        by=by,
        at=at,
        since=asked.since.isoformat(),
        until=asked.until.isoformat(),
        **{name: value for name, value in narrow.items() if value},
    )
