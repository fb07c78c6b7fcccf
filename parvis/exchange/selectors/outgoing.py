"""What left for the office, and what it answered."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from parvis.declarations.workflow import DECLARATION
from parvis.exchange.models import OutgoingDelivery, OutgoingLine
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.refusals import NotFound

PAGE = 20


def sent(actor: Actor, *, before: int | None = None) -> list[OutgoingDelivery]:
    """A page of outgoing deliveries and one more, newest first."""
    check_holds(actor, Duty.RUN_FEEDS)
    found = OutgoingDelivery.objects.order_by("-sequence")
    if before is not None:
        found = found.filter(sequence__lt=before)
    return list(found.defer("manifest")[: PAGE + 1])


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One outgoing delivery; ``states`` says how many of its declarations are where, in words."""

    delivery: OutgoingDelivery
    states: list[tuple[str, int]]


def outgoing(actor: Actor, sequence: int) -> Outcomes:
    """One outgoing delivery with what became of its declarations; raises :class:`NotFound`."""
    check_holds(actor, Duty.RUN_FEEDS)
    found = OutgoingDelivery.objects.filter(sequence=sequence).first() if sequence < 2**31 else None
    if found is None:
        raise NotFound
    lines = OutgoingLine.objects.filter(delivery=found).values_list("declaration__state")
    counts = dict(lines.annotate(count=Count("id")).order_by())
    return Outcomes(found, [(state.label, counts[state.code]) for state in DECLARATION.states if state.code in counts])
