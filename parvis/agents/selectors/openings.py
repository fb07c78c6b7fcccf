"""Whether an agent gave a reason for a file today, and who looked at it lately."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from parvis.agents.models import Opening
from parvis.kit.clock import day_in_paris


def opening_of(agent_id: int, partner_id: UUID, *, at: datetime) -> Opening | None:
    """Today's opening of this file by this agent."""
    return Opening.objects.filter(agent_id=agent_id, partner_id=partner_id, on=day_in_paris(at)).first()
