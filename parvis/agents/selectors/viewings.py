"""Whether an agent's browser may read the pages of an account at this moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from parvis.agents.posts import Role, duties_of
from parvis.kit.actors import Actor, ActorKind, Duty, Right
from parvis.kit.db import one_row
from parvis.kit.references import fingerprint
from parvis.landlords.selectors.standing import Standing, standing_seen

READING = frozenset({Right.CONSULT, Right.DECLARE, Right.PAYMENTS})
"""What a viewing may show, of what the account may do: never bank details, users and rights, nor claimants' files."""


@dataclass(frozen=True, slots=True)
class Viewed:
    """A live viewing: the agent, and the account as its pages need it."""

    standing: Standing
    actor: Actor
    agent_person: str
    partner_id: UUID
    ends_at: datetime
    session_id: int
    session_created_at: datetime
    session_seen_at: datetime


# Everything is asked again at each page: the session, its second proof, the post held, the quarter of an hour.
_VIEWING = """
SELECT a.login, a.first_name || ' ' || a.last_name, v.partner_id, v.ends_at, v.ends_at > %(at)s AND v.left_at IS NULL,
  (SELECT coalesce(array_agg(p.role || ':' || p.office_code), '{}') FROM agents_post p WHERE p.agent_id = a.id),
  ARRAY(SELECT DISTINCT n.office_id FROM landlords_thirdpartynumber n WHERE n.landlord_id = v.partner_id),
  s.id, s.created_at, s.seen_at
FROM agents_agentsession s JOIN agents_agent a ON a.id = s.agent_id
JOIN agents_viewing v ON v.session_id = s.id AND v.account_reference = %(reference)s
WHERE s.token_hash = %(token)s AND s.ends_at > %(at)s AND s.proved_at IS NOT NULL AND s.agent_version = a.version
  AND a.state = 'active'
ORDER BY v.id DESC LIMIT 1
"""


class Over:
    """The viewing has ended: its agent is sent back to the file of this landlord."""

    def __init__(self, partner_id: UUID) -> None:
        self.partner_id = partner_id


def viewing_of(cookie: str, account_reference: str, *, at: datetime) -> Viewed | Over | None:
    """What an agent's cookie opens of this account; None for an agent who never asked to see it."""
    if not account_reference.isalnum():
        return None
    row = one_row(_VIEWING, {"token": fingerprint(cookie), "reference": account_reference, "at": at})
    if row is None:
        return None
    login, person, partner_id, ends_at, is_live, held, theirs, *session = row
    duties = duties_of((Role(role), office) for role, _, office in (post.partition(":") for post in held))
    agent = Actor(ActorKind.AGENT, login, person=person, duties=duties)
    standing = standing_seen(account_reference, ends_at=ends_at, at=at) if is_live else None
    offices = agent.offices_of(Duty.VIEW_AS)
    shared = frozenset(theirs) if offices is None else offices & frozenset(theirs)
    if standing is not None and standing.offices:
        shared &= standing.offices
    if standing is None or not shared:
        return Over(partner_id)
    standing = replace(standing, rights=standing.rights & READING)
    actor = _reading(standing, agent, shared if len(shared) < len(theirs) else frozenset())
    return Viewed(standing, actor, person, partner_id, ends_at, *session)


def _reading(standing: Standing, agent: Actor, offices: frozenset[str]) -> Actor:
    """The agent reading as the landlord: their own name, the landlord's scope, no office that is not shared."""
    return Actor(
        agent.kind,
        agent.label,
        account_id=standing.account_id,
        partner_id=standing.partner_id,
        rights=standing.rights,
        person=agent.person,
        offices=offices,
        duties=agent.duties,
    )
