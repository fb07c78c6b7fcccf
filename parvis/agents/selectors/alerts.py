"""Alerts about what agents did, for those who control: the open ones first."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from parvis.agents.models import Alert, Post
from parvis.kit.actors import Actor, Duty

SHOWN = 100


def alerts(actor: Actor, *, closed: bool = False) -> list[Alert]:
    """The latest, open or closed, about agents of the offices where the actor controls; an agent of all of them is seen by all.

    Of these offices as it rang, or by now: posts that are withdrawn take no alert away.
    """
    held = actor.offices_of(Duty.READ_JOURNAL)
    found = Alert.objects.select_related("agent").filter(closed_at__isnull=not closed)
    if held is not None:
        theirs = [*held, ""]
        held_now = Post.objects.filter(agent=OuterRef("agent"), office_code__in=theirs)
        found = found.filter(Q(offices__overlap=theirs) | Exists(held_now))
    return list(found.order_by("-raised_at", "-id")[:SHOWN])
