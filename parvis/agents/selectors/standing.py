"""Which agent a cookie stands for, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parvis.agents.models import Agent
from parvis.agents.posts import Role, duties_of
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.db import one_row
from parvis.kit.references import fingerprint


@dataclass(frozen=True, slots=True)
class AgentStanding:
    """An agent's live session; ``is_proved`` once the second proof was right."""

    session_id: int
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    is_proved: bool
    agent_id: int
    reference: UUID
    login: str
    person: str
    email: str
    previous_sign_in_at: datetime | None
    actor: Actor


# Asked by every page of the back office.
_STANDING = """
SELECT s.id, s.created_at, s.seen_at, s.ends_at, s.proved_at IS NOT NULL, a.id, a.reference, a.login, a.first_name, a.last_name,
  a.email, a.previous_sign_in_at,
  (SELECT coalesce(array_agg(p.role || ':' || p.office_code), '{}') FROM agents_post p WHERE p.agent_id = a.id),
  a.created_by::text || (SELECT coalesce(array_agg(made.login::text), '{}') FROM agents_agent made WHERE made.created_by = a.login)
FROM agents_agentsession s JOIN agents_agent a ON a.id = s.agent_id
WHERE s.token_hash = %s AND s.ends_at > %s AND s.agent_version = a.version AND a.state = 'active'
"""


def agent_standing_of(cookie: str, *, at: datetime) -> AgentStanding | None:
    """The live session of a cookie; one of an older version, or of a closed access, opens nothing."""
    row = one_row(_STANDING, [fingerprint(cookie), at])
    if row is None:
        return None
    session, created, seen, ends, proved, agent, reference, login, first, last, email, previous, held, kin = row
    person = f"{first} {last}"
    duties = duties_of(_read(post) for post in held)
    actor = Actor(ActorKind.AGENT, login, person=person, duties=duties, kin=frozenset(kin))
    return AgentStanding(session, created, seen, ends, proved, agent, reference, login, person, email, previous, actor)


def actor_of(agent: Agent) -> Actor:
    """The agent as one who acts, with the duties of all their posts, and whom they are no second person to."""
    posts = [(Role(role), office) for role, office in agent.posts.values_list("role", "office_code")]
    kin = {agent.created_by, *Agent.objects.filter(created_by=agent.login).values_list("login", flat=True)}
    return Actor(ActorKind.AGENT, agent.login, person=agent.person, duties=duties_of(posts), kin=frozenset(kin))


def _read(post: str) -> tuple[Role, str]:
    role, _, office = post.partition(":")
    return Role(role), office
