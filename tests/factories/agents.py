"""Agents as rows, and a browser in which one of them is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import pyotp
from django.test import Client

from parvis.agents.models import Agent, AgentSession, AgentState, Post
from parvis.agents.posts import Role
from parvis.agents.selectors.standing import actor_of
from parvis.agents.services import enrolment, proofs
from parvis.identity import passwords
from parvis.kit.actors import Actor, system
from parvis.kit.references import fingerprint, token
from parvis.web.frame import cookies

PASSWORD = "Un-Parvis-Bien-Pave-2026!"
SQUARE = [
    (role, office)
    for role in Role
    for office in ("441", "751", "")
    if not office or role is not Role.NATIONAL_ADMINISTRATOR
]
"""Each role at an office, at another, everywhere: what an act is tried with."""
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent who is enrolled, with what they type and what their browser sends."""

    agent: Agent
    secret: str

    @property
    def actor(self) -> Actor:
        """The agent as services know them."""
        return actor_of(self.agent)

    def code(self, at: datetime | None = None) -> str:
        """What their application shows at a moment."""
        return str(pyotp.TOTP(self.secret).at(at or datetime.now(UTC)))

    def browser(self, at: datetime | None = None) -> Client:
        """A browser in which they are signed in, both proofs given."""
        client, value, now = Client(), token(), at or datetime.now(UTC)
        AgentSession.objects.create(
            token_hash=fingerprint(value),
            agent=self.agent,
            agent_version=self.agent.version,
            proved_at=now,
            created_at=now,
            seen_at=now,
            ends_at=now + timedelta(minutes=15),
            browser="Firefox sur Linux",
        )
        client.cookies[cookies.AGENT] = value
        return client


def colleague(*posts: tuple[Role, str], password: str = "", opened_by: str = "tests") -> Colleague:
    """An enrolled agent; without posts, a national administrator. ``password`` is hashed if it will be typed."""
    number = next(_numbers)
    made = Agent(
        login=f"agent.{number}",
        email=f"agent.{number}@caf.example",
        first_name="Camille",
        last_name=f"Agent{number}",
        state=AgentState.ACTIVE,
        password=passwords.hashed(password) if password else "never typed",
        created_at=datetime.now(UTC),
        created_by=opened_by,
    )
    made.time_secret = proofs.draw_secret(made)
    made.save()
    held = posts or ((Role.NATIONAL_ADMINISTRATOR, ""),)
    Post.objects.bulk_create([Post(agent=made, role=role, office_code=office) for role, office in held])
    return Colleague(made, proofs.secret_of(made))


def invited(*posts: tuple[Role, str], at: datetime | None = None) -> tuple[Agent, str]:
    """Somebody who was invited, and the link they were sent."""
    number, now = next(_numbers), at or datetime.now(UTC)
    person = enrolment.Person(f"invite.{number}", f"invite.{number}@caf.example", "Dominique", f"Nouveau{number}")
    held = list(posts or ((Role.RECEPTION, "441"),))
    made = enrolment.invite(person, held, by=system("tests"), at=now, by_email=False)
    return made, enrolment.draw(made.pk, at=now)["enrolment_link"]
