"""Visits of agents: a quarter of an hour of silence, eight hours at most (security.md §2.5)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from parvis.agents.models import Agent, AgentSession
from parvis.agents.rules import LONGEST_SESSION
from parvis.kit.references import fingerprint, token
from parvis.parameters.catalogue import AGENT_SILENCE
from parvis.parameters.selectors import duration


def begin(agent_id: int, *, version: int, browser: str, at: datetime) -> str:
    """Begin a session, which opens nothing until it is proved; its token leaves in a cookie."""
    value = token()
    AgentSession.objects.create(
        token_hash=fingerprint(value),
        agent_id=agent_id,
        agent_version=version,
        created_at=at,
        seen_at=at,
        ends_at=at + duration(AGENT_SILENCE),
        browser=browser[:80],
    )
    return value


def prove(session_id: int, *, at: datetime) -> str:
    """Note that the second proof was right, under a new token: one seen before it is worth nothing."""
    value = token()
    AgentSession.objects.filter(pk=session_id).update(
        token_hash=fingerprint(value), proved_at=at, seen_at=at, ends_at=at + duration(AGENT_SILENCE)
    )
    return value


def keep_alive(session_id: int, *, created_at: datetime, at: datetime) -> None:
    """Push the end of the session back by the allowed silence."""
    ends_at = min(at + duration(AGENT_SILENCE), created_at + LONGEST_SESSION)
    AgentSession.objects.filter(pk=session_id).update(seen_at=at, ends_at=ends_at)


def end(session_id: int) -> None:
    """Sign out."""
    AgentSession.objects.filter(pk=session_id).delete()


def end_all_of(agent_id: int, *, but: int | None = None) -> None:
    """End every session of an agent; ``but`` stays. Their version makes older proofs void."""
    Agent.objects.filter(pk=agent_id).update(version=F("version") + 1)
    AgentSession.objects.filter(agent_id=agent_id).exclude(pk=but or 0).delete()
    version = Agent.objects.values_list("version", flat=True).get(pk=agent_id)
    AgentSession.objects.filter(pk=but or 0).update(agent_version=version)


def forget_ended(*, at: datetime) -> int:
    """Delete the sessions that have ended; how many."""
    return AgentSession.objects.filter(ends_at__lte=at).delete()[0]
