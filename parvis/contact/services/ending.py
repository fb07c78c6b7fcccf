"""What happens by itself: what was answered and is silent is closed, and how long offices take is measured."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import ceil

from django.db import transaction

from parvis.audit.journal import record
from parvis.contact import events, workflow
from parvis.contact.models import Conversation
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.merging import rows
from parvis.landlords.models import ProcessingTime
from parvis.landlords.selectors.offices import measures_of
from parvis.parameters import catalogue
from parvis.parameters.selectors import duration, value

MEASURED_OVER = timedelta(days=30)
TOPIC = "mail"
MEASURED_BY = "portail"
DAYS_A_WEEK = 7.0
_BLOCK = 1_000

# How many days landlords waited for the first answer: the half of them less than the first figure, nine in ten less than the second.
_DELAYS = """
SELECT office_id, count(*),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM first_answered_at - asked_at)) / 86400,
  percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM first_answered_at - asked_at)) / 86400
FROM contact_conversation WHERE first_answered_at > %(since)s AND first_answered_at <= %(at)s GROUP BY office_id ORDER BY office_id
"""


def close_silent(*, by: Actor, at: datetime) -> int:
    """Close what was answered and has been silent for long enough; how many."""
    before, closed, more = at - duration(catalogue.MESSAGE_CLOSED_AFTER), 0, _BLOCK
    while more == _BLOCK:
        with transaction.atomic():
            found = Conversation.objects.filter(state=workflow.ANSWERED, answered_at__lt=before).order_by("answered_at")
            keys = list(found.values_list("pk", flat=True)[:_BLOCK])
            target = workflow.CONVERSATION.target(workflow.CLOSE, workflow.ANSWERED, by)
            # Whoever wrote meanwhile is no more answered, and stays open.
            silent = Conversation.objects.filter(pk__in=keys, state=workflow.ANSWERED)
            closed, more = closed + silent.update(state=target, closed_at=at), len(keys)
    return closed


@transaction.atomic
def measure(*, by: Actor, at: datetime) -> int:
    """Tell « Délais » how long each office took to answer in the last thirty days; how many measures are new.

    An office with too few answers is not measured. What somebody typed or the feed brought stays as long as what is measured here
    looks back: they know of the days to come, and of more than messages.
    """
    enough, today, new = value(catalogue.MESSAGES_MEASURED), day_in_paris(at), 0
    if not enough:
        return 0
    for office, count, half, most in rows(_DELAYS, {"since": at - MEASURED_OVER, "at": at}):
        weeks = int(half // DAYS_A_WEEK), max(1, ceil(most / DAYS_A_WEEK))
        known = next(iter(measures_of(office, TOPIC)), None)
        if count < enough or (known is not None and known.measured_on > _stays_since(known, today)):
            continue
        ProcessingTime.objects.create(
            office_id=office,
            topic=TOPIC,
            min_weeks=weeks[0],
            max_weeks=weeks[1],
            measured_on=today,
            changed_at=at,
            changed_by=MEASURED_BY,
            reason=f"Mesuré sur {count} messages répondus en 30 jours.",
        )
        record(
            events.MEASURED, subject=f"processing_time:{office}:{TOPIC}", by=by, at=at, after=list(weeks), count=count
        )
        new += 1
    return new


def _stays_since(known: ProcessingTime, today: date) -> date:
    """The day after which a measure stays: our own for its day alone."""
    return today - (timedelta(days=1) if known.changed_by == MEASURED_BY else MEASURED_OVER)
