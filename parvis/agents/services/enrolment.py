"""An agent's birth: invited by a national administrator or a command, enrolled by themselves with both proofs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from parvis.agents import events, rules
from parvis.agents.models import Agent, AgentState, Post
from parvis.agents.posts import Role
from parvis.agents.refusals import AgentNotPossible, LinkNotValid
from parvis.agents.selectors.standing import actor_of
from parvis.agents.services import proofs
from parvis.agents.services.proofs import Proof, ProofOutcome
from parvis.audit.journal import record
from parvis.correspondence.secrets import SecretNoLongerNeeded
from parvis.correspondence.services import queue_email
from parvis.identity import passwords
from parvis.identity.rules import Own, read_email, read_password
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.clock import day_in_paris
from parvis.kit.references import fingerprint, token
from parvis.parameters.catalogue import AGENT_PASSWORD_SHORTEST
from parvis.parameters.selectors import value

ENROLMENT_LINK = "agent_enrolment_link"
"""The name under which the e-mail asks for its link."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to become an agent, as typed."""

    login: str
    email: str
    first_name: str
    last_name: str


@transaction.atomic
def invite(person: Person, posts: list[tuple[Role, str]], *, by: Actor, at: datetime, by_email: bool = True) -> Agent:
    """Open an agent's account that nobody can enter yet; the link to enrol leaves by e-mail, or is drawn by the caller."""
    check_holds(by, Duty.MANAGE_AGENTS)
    rules.check_posts(posts)
    names = [" ".join(name.split())[:60] for name in (person.first_name, person.last_name)]
    if not all(names):
        raise AgentNotPossible(
            "Indiquez le prénom et le nom de l’agent.", field="first_name" if not names[0] else "last_name"
        )
    login, email = rules.read_login(person.login), read_email(person.email)
    _refuse_taken(login, email)
    try:
        with transaction.atomic():
            agent = Agent.objects.create(
                login=login,
                email=email,
                first_name=names[0],
                last_name=names[1],
                created_at=at,
                created_by=by.label,
                link_until=at + rules.LINK_LIFE,
            )
    except IntegrityError:
        _refuse_taken(login, email)
        raise
    Post.objects.bulk_create([Post(agent=agent, role=role, office_code=office) for role, office in set(posts)])
    record(events.INVITED, subject=login, by=by, at=at, posts=sorted(f"{role}:{office}" for role, office in posts))
    if by_email:
        send_link(agent, at=at)
    return agent


def send_link(agent: Agent, *, at: datetime) -> None:
    """Queue the e-mail that brings the link; it is drawn as the e-mail is made."""
    until = day_in_paris(agent.link_until or at)
    queue_email(
        to=agent.email,
        template="agents/emails/invited",
        context={**proofs.words_of(agent), "valid_until": until.isoformat()},
        secret=ENROLMENT_LINK,
        secret_subject=agent.pk,
        at=at,
    )


def draw(agent_id: int, *, at: datetime) -> dict[str, str]:
    """A new link, which replaces the one before; the e-mail of somebody who is in already does not leave."""
    value = token()
    waiting = Agent.objects.filter(pk=agent_id, state=AgentState.INVITED, link_until__gt=at)
    if not waiting.update(link_hash=fingerprint(value)):
        raise SecretNoLongerNeeded
    return {"enrolment_link": value}


def invited_by(link: str, *, at: datetime) -> Agent:
    """The agent a link enrols. Refuses one that was used, replaced, or is too old."""
    found = Agent.objects.filter(link_hash=fingerprint(link), state=AgentState.INVITED, link_until__gt=at).first()
    if found is None:
        raise LinkNotValid
    return found


@transaction.atomic
def choose_password(link: str, password: str, *, at: datetime) -> None:
    """The first proof: a password of one's own. It opens nothing before the second one is in place."""
    agent = _locked(link, at=at)
    typed = read_password(password)
    own = Own((agent.login, agent.email, agent.first_name, agent.last_name))
    rules.check_agent_password(typed, own, value(AGENT_PASSWORD_SHORTEST))
    agent.password, agent.time_secret = passwords.hashed(typed), proofs.draw_secret(agent)
    agent.save(update_fields=["password", "time_secret"])


@transaction.atomic
def enrol(link: str, digits: str, *, at: datetime) -> tuple[Agent, ProofOutcome, list[str]]:
    """The second proof: a code of the application that was just shown its key. Right, the account is open.

    Answers the agent, what became of the code, and the recovery codes, which are shown this once.
    """
    agent = _locked(link, at=at)
    if not agent.password or agent.time_secret is None:
        raise LinkNotValid
    by = actor_of(agent)
    outcome = proofs.check(agent, digits, by=by, at=at)
    if outcome.kind is not Proof.RIGHT or outcome.recovery:
        return agent, outcome, []
    agent.state, agent.link_hash, agent.link_until = AgentState.ACTIVE, None, None
    agent.last_signed_in_at = at
    agent.save(update_fields=["state", "link_hash", "link_until", "last_signed_in_at"])
    record(events.ENROLLED, subject=agent.login, by=by, at=at)
    return agent, outcome, proofs.draw_recovery_codes(agent, by=by, at=at)


def _locked(link: str, *, at: datetime) -> Agent:
    waiting = Agent.objects.select_for_update().filter(link_hash=fingerprint(link), state=AgentState.INVITED)
    found = waiting.filter(link_until__gt=at).first()
    if found is None:
        raise LinkNotValid
    return found


def _refuse_taken(login: str, email: str) -> None:
    if Agent.objects.filter(login=login).exists():
        raise AgentNotPossible("Cet identifiant est déjà celui d’un agent. Choisissez-en un autre.", field="login")
    if Agent.objects.filter(email=email).exists():
        raise AgentNotPossible("Cette adresse est déjà celle d’un agent.", field="email")
