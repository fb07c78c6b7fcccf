"""Coming in as an agent in one click, where all are invented."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.agents import events
from parvis.agents.models import Agent, AgentSession, AgentState
from parvis.agents.selectors.standing import actor_of
from parvis.agents.services import sessions
from parvis.audit.journal import record
from parvis.kit import clock
from parvis.kit.references import fingerprint
from parvis.kit.refusals import NotFound


@transaction.atomic
def enter(login: str, *, browser: str, at: datetime) -> str:
    """Begin a session as after both proofs. Raises :class:`~parvis.kit.clock.OneDateOnly` on any other instance."""
    if not clock.MAY_LIVE_ELSEWHEN:
        raise clock.OneDateOnly
    agent = Agent.objects.filter(login=login, state=AgentState.ACTIVE).first()
    if agent is None:
        raise NotFound
    token = sessions.begin(agent.pk, version=agent.version, browser=browser, at=at)
    record(events.SIGNED_IN, subject=agent.login, by=actor_of(agent), at=at, browser=browser, demonstration=True)
    return sessions.prove(AgentSession.objects.values_list("pk", flat=True).get(token_hash=fingerprint(token)), at=at)
