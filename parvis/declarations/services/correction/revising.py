"""Asking the office to correct what it took in: the former one stands until the office takes the correction in.

Accepted, the former one is corrected; refused, it stands as before (``services.exchange``). While the office has not decided, the
demand itself is corrected like anything else that was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parvis.declarations import workflow
from parvis.declarations.kinds import revision
from parvis.declarations.models import WITH_THE_OFFICE, Declaration, Kind
from parvis.declarations.refusals import ReasonMissing
from parvis.declarations.selectors.grid import GridRow
from parvis.kit.actors import Actor
from parvis.kit.db import change_exactly_one
from parvis.kit.money import euros


@dataclass(frozen=True, slots=True)
class Correctable:
    """A July rent that may be corrected: the ``row`` as it was last sent. Where the office took one in, ``taken_in_cents`` is what
    stands until it decides about the correction."""

    row: GridRow
    taken_in_cents: int | None = None

    @property
    def revises(self) -> bool:
        """Whether the correction is asked of the office, which took a rent in."""
        return self.taken_in_cents is not None


def of_july(actor: Actor, row: GridRow) -> Correctable:
    """The rent taken in, or the correction of it that is asked and not decided: it is then the one to correct."""
    asked = demand_for(actor, row.tenancy_id, Kind.JULY_RENT, row.year)
    if asked is None:
        workflow.DECLARATION.target(workflow.REVISE, row.declaration_state or "", actor)
        return Correctable(row, row.rent_cents)
    workflow.DECLARATION.target(workflow.CORRECT, asked.state, actor)
    shown = row._replace(
        declaration_id=asked.pk,
        declaration_state=asked.state,
        rent_cents=asked.details["rent_cents"],
        receipt_number=asked.receipt.number if asked.receipt else None,
    )
    return Correctable(shown, row.rent_cents)


def demand_for(actor: Actor, tenancy_id: int, kind: Kind, year: int) -> Declaration | None:
    """The correction of what was taken in that is asked and not decided, if there is one."""
    asked = Declaration.objects.filter(WITH_THE_OFFICE, revises=True, kind=kind, year=year, tenancy_id=tenancy_id)
    return asked.filter(landlord_id=actor.partner_id).select_related("receipt").first()


def step_aside(original: Declaration, *, by: Actor) -> None:
    """Make room for a correction: what is not decided is replaced at once, what was taken in stands."""
    act = workflow.REVISE if original.state == workflow.INTEGRATED else workflow.CORRECT
    target = workflow.DECLARATION.target(act, original.state, by)
    change_exactly_one(Declaration.objects.filter(pk=original.pk, state=original.state), state=target)


def check_reason(typed: str) -> str:
    """Why it is wrong, in one line; refuses silence, and more than the field holds."""
    words = " ".join(typed.split())
    if not words or len(words) > revision.LONGEST:
        raise ReasonMissing(revision.MISSING)
    return words


def printed_of(asked: Correctable, cents: int, reason: str) -> dict[str, Any]:
    """What the receipt and the pages say of a correction that is asked."""
    lines = [
        [f"Loyer hors charges de juillet {asked.row.year}", euros(cents)],
        ["Loyer pris en compte", euros(asked.taken_in_cents or 0)],
        [revision.LABEL, reason],
    ]
    return {"lines": lines, "effect": revision.EFFECT}
