"""What agents take away from the feeds."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.exchange import events
from parvis.exchange.models import DeliveryFile
from parvis.kit.actors import Actor, Duty, check_holds


@transaction.atomic
def note_taken(file: DeliveryFile, *, by: Actor, at: datetime) -> None:
    """Write down that the list of a file's set-aside lines was downloaded."""
    check_holds(by, Duty.RUN_FEEDS)
    record(events.LINES_TAKEN, subject=f"delivery {file.delivery}", by=by, at=at, file=file.name)
