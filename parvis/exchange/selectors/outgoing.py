"""What left for the office, and what it answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from parvis.changes.workflow import CHANGE
from parvis.declarations.workflow import DECLARATION
from parvis.exchange.models import OutgoingChange, OutgoingDelivery, OutgoingLine
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.refusals import NotFound
from parvis.kit.workflow import Workflow

PAGE = 20
UNANSWERED = {"sent": "Sans réponse"}


def sent(actor: Actor, *, before: int | None = None) -> list[OutgoingDelivery]:
    """A page of outgoing deliveries and one more, newest first."""
    check_holds(actor, Duty.RUN_FEEDS)
    found = OutgoingDelivery.objects.order_by("-sequence")
    if before is not None:
        found = found.filter(sequence__lt=before)
    return list(found.defer("manifest")[: PAGE + 1])


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One outgoing delivery; how many of its declarations, and of its changes, are where, in words."""

    delivery: OutgoingDelivery
    states: list[tuple[str, int]]
    changes: list[tuple[str, int]]


def outgoing(actor: Actor, sequence: int) -> Outcomes:
    """One outgoing delivery with what became of all it held; raises :class:`NotFound`."""
    check_holds(actor, Duty.RUN_FEEDS)
    found = OutgoingDelivery.objects.filter(sequence=sequence).first() if sequence < 2**31 else None
    if found is None:
        raise NotFound
    lines = OutgoingLine.objects.filter(delivery=found).values_list("declaration__state")
    changes = OutgoingChange.objects.filter(delivery=found).values_list("change__state")
    return Outcomes(found, _in_words(DECLARATION, lines), _in_words(CHANGE, changes))


def _in_words(workflow: Workflow, states: QuerySet[Any, Any]) -> list[tuple[str, int]]:
    """How many are in each state, in its own order; what left and was decided by nobody is said so."""
    counts = dict(states.annotate(count=Count("id")).order_by())
    return [
        (UNANSWERED.get(state.code, state.label), counts[state.code])
        for state in workflow.states
        if state.code in counts
    ]
