"""Alerts to the controller: rung by what an agent does, closed by another who says what came of it (security.md §2.11)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from parvis.agents import events
from parvis.agents.models import Agent, Alert, AlertKind, Post
from parvis.agents.refusals import NoOutcome, OwnAlert
from parvis.audit.journal import record
from parvis.audit.models import Entry
from parvis.kit.actors import Actor, Duty, check_holds, check_independent
from parvis.kit.db import change_exactly_one
from parvis.kit.refusals import NotFound
from parvis.parameters.catalogue import AGENT_SEARCHES_AN_HOUR
from parvis.parameters.selectors import value

LONGEST_OUTCOME = 200


def ring(agent_id: int, kind: AlertKind, *, partner_id: UUID | None = None, at: datetime) -> None:
    """Raise an alert, or count once more on the one that is open."""
    open_one = Alert.objects.filter(agent_id=agent_id, kind=kind, partner_id=partner_id, closed_at=None)
    if not open_one.update(count=F("count") + 1, last_at=at):
        offices = sorted(set(Post.objects.filter(agent_id=agent_id).values_list("office_code", flat=True)))
        made = Alert(agent_id=agent_id, kind=kind, partner_id=partner_id, raised_at=at, last_at=at, offices=offices)
        # Two at once: the second finds the first and leaves it as it is.
        Alert.objects.bulk_create([made], ignore_conflicts=True)


def watch_searches(*, by: Actor, at: datetime) -> None:
    """Alert the controller when an agent searches far more than calls can explain."""
    most, since = value(AGENT_SEARCHES_AN_HOUR), at - timedelta(hours=1)
    # Searches alone are counted, whatever was done between them: their subject is who searched, which the index of subjects knows.
    made = Entry.objects.filter(subject=by.label, at__gt=since, event=events.SEARCHED.code, actor_kind="agent")
    count = made[: 2 * most].count()
    agent_id = Agent.objects.filter(login=by.label).values_list("pk", flat=True).first()
    if count > most and agent_id is not None:
        record(events.MANY_SEARCHES, subject=by.label, by=by, at=at, searches=count, limit=most)
        ring(agent_id, AlertKind.MANY_SEARCHES, at=at)


@transaction.atomic
def close(alert_id: int, *, outcome: str, by: Actor, at: datetime) -> None:
    """Say what came of an alert, once; never of one about oneself, or about who opened one’s access, or the reverse."""
    check_holds(by, Duty.READ_JOURNAL)
    found = Alert.objects.select_related("agent").filter(pk=alert_id).first()
    if found is None:
        raise NotFound
    words = " ".join(outcome.split())
    if found.agent.login == by.label:
        raise OwnAlert
    check_independent(by, found.agent.login)
    if not words:
        raise NoOutcome
    change_exactly_one(
        Alert.objects.filter(pk=alert_id, closed_at=None),
        closed_at=at,
        closed_by=by.label,
        outcome=words[:LONGEST_OUTCOME],
    )
    record(
        events.ALERT_CLOSED, subject=found.agent.login, by=by, at=at, kind=found.kind, outcome=words[:LONGEST_OUTCOME]
    )
