"""Which agents there are, as their administrators see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parvis.agents.models import Agent, AgentSession, AgentState
from parvis.agents.posts import Role
from parvis.agents.rules import tried_as
from parvis.identity.services import limits
from parvis.kit.refusals import NotFound


@dataclass(frozen=True, slots=True)
class AgentLine:
    """One agent: who, at which posts, in which state."""

    id: int
    reference: UUID
    login: str
    person: str
    first_name: str
    last_name: str
    email: str
    state: AgentState
    posts: tuple[tuple[Role, str], ...]
    created_at: datetime
    last_signed_in_at: datetime | None
    link_until: datetime | None
    disabled_at: datetime | None
    codes_left: int
    has_home: bool


def agents(*, closed: bool = False) -> list[AgentLine]:
    """Every agent by name; those whose access is closed apart."""
    found = (
        Agent.objects.filter(state=AgentState.DISABLED) if closed else Agent.objects.exclude(state=AgentState.DISABLED)
    )
    return [
        _line(agent)
        for agent in found.prefetch_related("posts", "recovery_codes").order_by("last_name", "first_name", "id")
    ]


def agent_of(reference: UUID) -> AgentLine:
    """One agent."""
    found = Agent.objects.filter(reference=reference).prefetch_related("posts", "recovery_codes").first()
    if found is None:
        raise NotFound
    return _line(found)


def paused_until(line: AgentLine, *, at: datetime) -> datetime | None:
    """Until when an agent is held at the entrance by wrong passwords or codes, theirs or a stranger's; None where they are not."""
    pause = limits.paused_for([tried_as(line.login, line.email)], at=at)[0]
    return pause.until if pause else None


def sessions_of(agent_id: int, *, at: datetime) -> list[AgentSession]:
    """The live sessions of an agent, the latest seen first."""
    return list(
        AgentSession.objects.filter(agent_id=agent_id, proved_at__isnull=False, ends_at__gt=at).order_by("-seen_at")
    )


def _line(agent: Agent) -> AgentLine:
    posts = tuple(sorted((Role(post.role), post.office_code) for post in agent.posts.all()))
    return AgentLine(
        id=agent.pk,
        reference=agent.reference,
        login=agent.login,
        person=agent.person,
        first_name=agent.first_name,
        last_name=agent.last_name,
        email=agent.email,
        state=AgentState(agent.state),
        posts=posts,
        created_at=agent.created_at,
        last_signed_in_at=agent.last_signed_in_at,
        link_until=agent.link_until,
        disabled_at=agent.disabled_at,
        codes_left=sum(code.used_at is None for code in agent.recovery_codes.all()),
        has_home=agent.home is not None,
    )
