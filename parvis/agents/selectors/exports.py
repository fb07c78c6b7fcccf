"""Files that take two agents: one's own, and those one may agree to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from parvis.agents.models import ExportRequest, ExportState
from parvis.kit.actors import Actor, Duty
from parvis.kit.refusals import NotFound

SHOWN = 50
"""Of each sort, the latest."""


def is_within(request: ExportRequest, actor: Actor) -> bool:
    """Whether the actor holds the duty of a file at all of its offices."""
    duty = Duty(request.duty)
    return bool(request.offices) and all(actor.holds(duty, [office]) for office in request.offices)


def awaiting_agreement(actor: Actor, *, at: datetime) -> list[ExportRequest]:
    """What other agents ask and this one may agree to, the first asked first."""
    duties = {duty.value for duty, _ in actor.duties}
    waiting = ExportRequest.objects.filter(state=ExportState.ASKED, until__gt=at, duty__in=duties)
    found = waiting.exclude(asked_by=actor.label).order_by("asked_at", "pk")[: 4 * SHOWN]
    return [request for request in found if is_within(request, actor)][:SHOWN]


def own_exports(actor: Actor) -> list[ExportRequest]:
    """What one asked oneself, the latest first."""
    return list(ExportRequest.objects.filter(asked_by=actor.label).order_by("-asked_at", "-pk")[:SHOWN])


def export_of(actor: Actor, reference: UUID) -> ExportRequest:
    """One of these; another is one that does not exist."""
    found = ExportRequest.objects.filter(reference=reference).first()
    if found is None or (found.asked_by != actor.label and not is_within(found, actor)):
        raise NotFound
    return found


def agreed_of(actor: Actor, reference: UUID, *, at: datetime) -> ExportRequest:
    """One that its asker may take now; to anybody else, and once it lapsed, there is none."""
    ready = ExportRequest.objects.filter(state=ExportState.AGREED, until__gt=at, asked_by=actor.label)
    found = ready.filter(reference=reference).first()
    if found is None or not is_within(found, actor):
        raise NotFound
    return found
