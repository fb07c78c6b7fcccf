"""Alerts about what agents did, for those who control: the open ones first."""

from __future__ import annotations

from parvis.agents.models import Alert
from parvis.kit.actors import Actor, Duty

SHOWN = 100


def alerts(actor: Actor, *, closed: bool = False) -> list[Alert]:
    """The latest, open or closed, about agents of the offices where the actor controls; an agent of all of them is seen by all."""
    held = actor.offices_of(Duty.READ_JOURNAL)
    found = Alert.objects.select_related("agent").filter(closed_at__isnull=not closed)
    if held is not None:
        found = found.filter(agent__posts__office_code__in=[*held, ""]).distinct()
    return list(found.order_by("-raised_at", "-id")[:SHOWN])
