"""Asking every invariant; one that breaks does not keep the others from being asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from parvis.kit.actors import Actor
from parvis.upkeep.invariants.acts import ACTS
from parvis.upkeep.invariants.everywhere import EVERYWHERE
from parvis.upkeep.invariants.invariant import Fault, Invariant
from parvis.upkeep.invariants.leaving import LEAVING
from parvis.upkeep.invariants.people import PEOPLE
from parvis.upkeep.invariants.proofs import PROOFS

INVARIANTS = (*ACTS, *LEAVING, *PEOPLE, *PROOFS, *EVERYWHERE)

log = structlog.get_logger(__name__)


class InvariantsBroken(Exception):
    """What is in the database cannot be: the task fails, so that the alarm rings."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant that does not hold, and the first row that breaks it."""

    invariant: Invariant
    fault: Fault


def verify(*, at: datetime) -> list[Finding]:
    """Every invariant that does not hold."""
    found = []
    for invariant in INVARIANTS:
        fault = invariant.find(at)
        if fault is not None:
            log.error("invariant_broken", code=invariant.code, row=fault.row)
            found.append(Finding(invariant, fault))
    return found


def nightly(by: Actor, at: datetime) -> dict[str, int]:
    """The task: raises :class:`InvariantsBroken` where one does not hold."""
    found = verify(at=at)
    if found:
        raise InvariantsBroken(", ".join(one.invariant.code for one in found))
    return {"vérités vérifiées": len(INVARIANTS)}
