"""Whether an agent gave a reason for a file today, and who looked at it lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parvis.agents.models import Opening
from parvis.agents.reasons import Reason
from parvis.kit.clock import day_in_paris

SHOWN = 10


def opening_of(agent_id: int, partner_id: UUID, *, at: datetime) -> Opening | None:
    """Today's opening of this file by this agent."""
    return Opening.objects.filter(agent_id=agent_id, partner_id=partner_id, on=day_in_paris(at)).first()


@dataclass(frozen=True, slots=True)
class Look:
    """One opening of a file, as other agents of its offices may read it."""

    at: datetime
    person: str
    reason: Reason
    note: str


def looks_at(partner_id: UUID, *, limit: int = SHOWN) -> list[Look]:
    """Who opened a file lately, and why, the latest first."""
    rows = Opening.objects.filter(partner_id=partner_id).select_related("agent").order_by("-at", "-pk")
    return [Look(row.at, row.agent.person, Reason(row.reason), row.note) for row in rows[:limit]]
