"""What a national administrator decides of agents: their posts, their closing, their new start."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from parvis.agents import events, rules
from parvis.agents.models import Agent, AgentSession, AgentState, Post, RecoveryCode
from parvis.agents.posts import Role
from parvis.agents.refusals import LastNationalAdministrator, NotYourOwn
from parvis.agents.services import enrolment, proofs
from parvis.audit.journal import record
from parvis.identity.services import limits
from parvis.kit.actors import Actor, ActorKind, Duty, check_holds
from parvis.kit.refusals import NotFound


def check_may_manage(by: Actor) -> None:
    """Agents are managed by national administrators, and by commands."""
    check_holds(by, Duty.MANAGE_AGENTS)


@transaction.atomic
def change_posts(reference: UUID, posts: list[tuple[Role, str]], *, by: Actor, at: datetime) -> None:
    """Give an agent exactly these posts; their next page already obeys."""
    check_may_manage(by)
    rules.check_posts(posts)
    agent = _other(reference, by)
    if (Role.NATIONAL_ADMINISTRATOR, "") not in posts:
        _refuse_the_last(agent)
    Post.objects.filter(agent=agent).delete()
    Post.objects.bulk_create([Post(agent=agent, role=role, office_code=office) for role, office in set(posts)])
    given = sorted(f"{role}:{office}" for role, office in set(posts))
    record(events.POSTS_CHANGED, subject=agent.login, by=by, at=at, posts=given)


@transaction.atomic
def close(reference: UUID, *, by: Actor, at: datetime) -> None:
    """Close an agent's access, at once and everywhere; their name stays in the journal. A second click changes nothing."""
    check_may_manage(by)
    agent = _other(reference, by)
    if agent.state == AgentState.DISABLED:
        return
    _refuse_the_last(agent)
    Agent.objects.filter(pk=agent.pk).update(
        state=AgentState.DISABLED, disabled_at=at, version=F("version") + 1, link_hash=None, link_until=None
    )
    AgentSession.objects.filter(agent=agent).delete()
    record(events.CLOSED, subject=agent.login, by=by, at=at)


@transaction.atomic
def start_anew(reference: UUID, *, by: Actor, at: datetime) -> None:
    """Have an agent enrol again: telephone or password lost, access reopened. All they had before is void."""
    check_may_manage(by)
    agent = _other(reference, by)
    _refuse_the_last(agent)
    reopened = agent.state == AgentState.DISABLED
    Agent.objects.filter(pk=agent.pk).update(
        state=AgentState.INVITED,
        password="",
        time_secret=None,
        version=F("version") + 1,
        link_hash=None,
        link_until=at + rules.LINK_LIFE,
        disabled_at=None,
    )
    AgentSession.objects.filter(agent=agent).delete()
    RecoveryCode.objects.filter(agent=agent).delete()
    limits.forgive(proofs.tried_by(agent))
    record(events.REOPENED if reopened else events.RESET, subject=agent.login, by=by, at=at)
    agent.refresh_from_db()
    enrolment.send_link(agent, at=at)


def _other(reference: UUID, by: Actor) -> Agent:
    """The agent, locked; never oneself."""
    agent = Agent.objects.select_for_update().filter(reference=reference).first()
    if agent is None:
        raise NotFound
    if by.kind is ActorKind.AGENT and agent.login == by.label:
        raise NotYourOwn
    return agent


def _refuse_the_last(agent: Agent) -> None:
    """Two administrators who close each other at the same moment wait here: one of them stays."""
    national = Post.objects.filter(role=Role.NATIONAL_ADMINISTRATOR, agent__state=AgentState.ACTIVE)
    if not national.filter(agent=agent).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('agents.national_administrators'))")
    if not national.exclude(agent=agent).exists():
        raise LastNationalAdministrator
