"""Which agent a cookie stands for, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parvis.agents.models import Agent
from parvis.agents.posts import Role, duties_of
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.db import one_row
from parvis.kit.merging import rows
from parvis.kit.references import fingerprint

KIN_LEVELS = 3
"""How far up and down the line of who opened whose access two agents are no two persons (docs/decisions/0020)."""


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


# Who opened an agent's access, who opened theirs, and so on; then the same downwards. Brothers and sisters are no kin. Chains of
# agents are short, and an index finds who opened whom.
_KIN = f"""
WITH RECURSIVE above AS (
  SELECT 0 AS level, {{agent}}.created_by::text AS login
  UNION ALL
  SELECT u.level + 1, x.created_by::text FROM above u JOIN agents_agent x ON x.login = u.login WHERE u.level < {KIN_LEVELS - 1}
), below AS (
  SELECT 0 AS level, {{agent}}.login::text AS login
  UNION ALL
  SELECT d.level + 1, x.login::text FROM below d JOIN agents_agent x ON x.created_by = d.login WHERE d.level < {KIN_LEVELS}
)
SELECT login FROM above UNION SELECT login FROM below WHERE level > 0
"""
_KIN_OF_ONE = f"SELECT k.login FROM agents_agent one, LATERAL ({_KIN.format(agent='one')}) k WHERE one.id = %(pk)s"
# Asked by every page of the back office.
_STANDING = f"""
SELECT s.id, s.created_at, s.seen_at, s.ends_at, s.proved_at IS NOT NULL, a.id, a.reference, a.login, a.first_name, a.last_name,
  a.email, a.previous_sign_in_at,
  (SELECT coalesce(array_agg(p.role || ':' || p.office_code), '{{}}') FROM agents_post p WHERE p.agent_id = a.id),
  ARRAY({_KIN.format(agent="a")})
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
    kin = {str(row[0]) for row in rows(_KIN_OF_ONE, {"pk": agent.pk})}
    return Actor(ActorKind.AGENT, agent.login, person=agent.person, duties=duties_of(posts), kin=frozenset(kin))


def _read(post: str) -> tuple[Role, str]:
    role, _, office = post.partition(":")
    return Role(role), office
