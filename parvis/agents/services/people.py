"""What a national administrator decides of agents: their posts, their closing, their new start."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from parvis.agents import events, rules
from parvis.agents.models import Agent, AgentSession, AgentState, Post, RecoveryCode
from parvis.agents.posts import Role
from parvis.agents.refusals import LastNationalAdministrator, NotYourOwn
from parvis.agents.services import enrolment, proofs
from parvis.audit.journal import record, record_many
from parvis.identity.services import limits
from parvis.kit.actors import Actor, ActorKind, Duty, check_holds
from parvis.kit.encryption import close as close_text
from parvis.kit.refusals import NotFound
from parvis.landlords.services.role import confirming


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
        state=AgentState.DISABLED, disabled_at=at, version=F("version") + 1, link_hash=None, link_until=None, home=None
    )
    AgentSession.objects.filter(agent=agent).delete()
    confirming.forget_proposals(agent.login)
    record(events.CLOSED, subject=agent.login, by=by, at=at)


@transaction.atomic
def note_home(reference: UUID, *, street: str, postcode: str, by: Actor, at: datetime) -> bool:
    """Note where an agent lives, to tell the controller of a file at that address (security.md §2.11); nothing typed erases it.

    Whether there is one now. It is shown to nobody, and goes with the access.
    """
    check_may_manage(by)
    home, agent = rules.read_home(street, postcode), _other(reference, by)
    kept = close_text(home, agent.home_column) if home else None
    if kept is not None or agent.home is not None:
        Agent.objects.filter(pk=agent.pk).update(home=kept)
        record(events.HOME_NOTED, subject=agent.login, by=by, at=at, erased=not home)
    return bool(home)


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


@transaction.atomic
def after_restore(closed: Sequence[str] | None, *, by: Actor, at: datetime) -> int:
    """What agents prove themselves with may have been taken from them since the backup; how many must enrol again or are closed.

    ``closed`` are the logins closed since, where the office knows them: the others keep what they had. None where nobody knows: all
    enrol again. Recovery codes used since would be good again: they all die. Raises :class:`NotFound` for a login nobody has.
    """
    check_may_manage(by)
    RecoveryCode.objects.all().delete()
    void = {"version": F("version") + 1, "link_hash": None, "link_until": None}
    Agent.objects.update(**void)
    if closed is None:
        active = Agent.objects.filter(state=AgentState.ACTIVE)
        logins, event = list(active.values_list("login", flat=True)), events.RESET
        active.update(state=AgentState.INVITED, password="", time_secret=None)
    else:
        unknown = set(closed) - set(Agent.objects.filter(login__in=closed).values_list("login", flat=True))
        if unknown:
            raise NotFound(f"Aucun agent ne s’appelle {', '.join(sorted(unknown))}.")
        open_still = Agent.objects.filter(login__in=closed).exclude(state=AgentState.DISABLED)
        logins, event = list(open_still.values_list("login", flat=True)), events.CLOSED
        open_still.update(state=AgentState.DISABLED, disabled_at=at, home=None)
    record_many(event, subjects=[(login, {}) for login in sorted(logins)], by=by, at=at)
    return len(logins)


@transaction.atomic
def unlock(reference: UUID, *, by: Actor, at: datetime) -> None:
    """End the pauses after too many wrong passwords or codes: anybody who reaches the entrance could have caused them.

    Both proofs stay what they are. Where nothing is paused, nothing is noted.
    """
    check_may_manage(by)
    agent = _other(reference, by)
    if limits.forgive(proofs.tried_by(agent)):
        record(events.UNLOCKED, subject=agent.login, by=by, at=at)


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
