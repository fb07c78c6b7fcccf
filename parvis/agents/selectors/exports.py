"""Files that take two agents: one's own, and those one may agree to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from parvis.agents import events
from parvis.agents.models import ExportRequest, ExportState
from parvis.audit.models import Entry
from parvis.kit.actors import Actor, ActorKind, Duty
from parvis.kit.clock import day_in_paris, starts_at
from parvis.kit.refusals import NotFound
from parvis.parameters.catalogue import EXPORT_ALONE
from parvis.parameters.selectors import value

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


def taken_alone(actor: Actor, *, but: str = "", at: datetime) -> int:
    """How many lines an agent took without a second one since the day began in Paris, of all sorts of files together.

    The same file taken twice counts once, as long as it was at its longest. ``but``: the fingerprint of one to leave out.
    """
    rows = Entry.objects.filter(
        subject=actor.label,
        at__gte=starts_at(day_in_paris(at)),
        event=events.EXPORT_ALONE.code,
        actor_kind=ActorKind.AGENT,
        actor_label=actor.label,
    )
    longest: dict[str, int] = {}
    for told in rows.values_list("details", flat=True).iterator():
        which = told["query_sha256"]
        longest[which] = max(told["rows"], longest.get(which, 0))
    longest.pop(but, None)
    return sum(longest.values())


def left_alone(actor: Actor, which: str, *, at: datetime) -> int:
    """How many lines a file may have, given its fingerprint, for the actor to take it today without a second agent."""
    return max(0, value(EXPORT_ALONE) - taken_alone(actor, but=which, at=at))
