"""Agents coming in: login or e-mail with a password, then always a second proof. A failure is written and returned, not raised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db import transaction
from django.db.models import F

from parvis.agents import events
from parvis.agents.models import Agent, AgentSession, AgentState
from parvis.agents.selectors.standing import actor_of
from parvis.agents.services import proofs, sessions
from parvis.agents.services.proofs import Proof, ProofOutcome
from parvis.audit.journal import record
from parvis.identity import passwords
from parvis.identity.rules import read_password
from parvis.identity.services import limits


class Entry(Enum):
    """What became of a login and a password."""

    PROOF_OWED = "proof_owed"
    WRONG = "wrong"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """The verdict; the token of the session that still owes its second proof, or until when to wait."""

    kind: Entry
    token: str = ""
    paused_until: datetime | None = None


def sign_in(typed: str, password: str, *, browser: str, address: str, at: datetime) -> EntryOutcome:
    """Try a login and a password. The try is counted first; one hash is computed whoever the login stands for.

    A right password opens nothing: the session it begins must be proved (security.md §6, requirement 24).
    """
    value = "".join(typed.split()).lower()[:254]
    counted = f"agent {value}"
    own = limits.of_neighbourhood(counted, address)
    shared = [limits.of_address(address), limits.of_value(counted)]
    admission = limits.admit([own, *shared], at=at)
    if admission.paused_until is not None:
        return EntryOutcome(Entry.PAUSED, paused_until=admission.paused_until)
    agent = Agent.objects.filter(**{"email" if "@" in value else "login": value}).first()
    right = passwords.matches(read_password(password), agent.password if agent else "")
    if agent is None or not right or agent.state != AgentState.ACTIVE:
        return EntryOutcome(Entry.WRONG)
    with transaction.atomic():
        limits.succeed(own, shared)
        return EntryOutcome(Entry.PROOF_OWED, sessions.begin(agent.pk, version=agent.version, browser=browser, at=at))


@dataclass(frozen=True, slots=True)
class Proved:
    """What became of the second proof; with it, the new token of the session."""

    outcome: ProofOutcome
    token: str = ""


@transaction.atomic
def prove(session_id: int, typed: str, *, at: datetime) -> Proved:
    """Type the second proof. Right, it opens the session under a new token."""
    session = AgentSession.objects.select_for_update(of=("self",)).select_related("agent").get(pk=session_id)
    agent, by = session.agent, actor_of(session.agent)
    outcome = proofs.check(agent, typed, by=by, at=at)
    if outcome.kind is not Proof.RIGHT:
        return Proved(outcome)
    Agent.objects.filter(pk=agent.pk).update(previous_sign_in_at=F("last_signed_in_at"), last_signed_in_at=at)
    record(events.SIGNED_IN, subject=agent.login, by=by, at=at, browser=session.browser)
    return Proved(outcome, sessions.prove(session.pk, at=at))
