"""What agents change of their own: their password, their recovery codes, their other sessions."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.agents import events, rules
from parvis.agents.models import Agent
from parvis.agents.refusals import AgentNotPossible
from parvis.agents.services import proofs, sessions
from parvis.audit.journal import record
from parvis.correspondence.services import queue_email
from parvis.identity import passwords
from parvis.identity.rules import TRIES_WINDOW, Own, read_password
from parvis.identity.services import limits
from parvis.kit.actors import Actor
from parvis.kit.references import keyed_fingerprint
from parvis.parameters.catalogue import AGENT_PASSWORD_SHORTEST
from parvis.parameters.selectors import value

PASSWORDS_A_DAY = 10


def change_password(agent_id: int, session_id: int, *, present: str, chosen: str, by: Actor, at: datetime) -> None:
    """Change one's password after the present one; every other session ends, and an e-mail tells it."""
    agent = Agent.objects.get(pk=agent_id)
    _check_present(agent, present, at=at)
    typed = read_password(chosen)
    own = Own((agent.login, agent.email, agent.first_name, agent.last_name))
    rules.check_agent_password(typed, own, value(AGENT_PASSWORD_SHORTEST))
    kept = passwords.hashed(typed)
    with transaction.atomic():
        Agent.objects.filter(pk=agent.pk).update(password=kept)
        sessions.end_all_of(agent.pk, but=session_id)
        record(events.PASSWORD_CHANGED, subject=agent.login, by=by, at=at)
        queue_email(
            to=agent.email,
            template="agents/emails/password_changed",
            context={**proofs.words_of(agent), "changed": at.isoformat()},
            at=at,
        )


def renew_recovery_codes(agent_id: int, *, present: str, by: Actor, at: datetime) -> list[str]:
    """Ten new recovery codes, after the present password."""
    agent = Agent.objects.get(pk=agent_id)
    _check_present(agent, present, at=at)
    return proofs.draw_recovery_codes(agent, by=by, at=at)


def _check_present(agent: Agent, typed: str, *, at: datetime) -> None:
    bucket = limits.Bucket(keyed_fingerprint("own passwords of an agent", str(agent.pk)), PASSWORDS_A_DAY, TRIES_WINDOW)
    paused = limits.admit([bucket], at=at).paused_until
    if paused is not None:
        raise AgentNotPossible("Trop d’essais aujourd’hui. Recommencez demain.", field="present")
    if not passwords.matches(read_password(typed), agent.password):
        raise AgentNotPossible("Ce n’est pas votre mot de passe actuel.", field="present")
    limits.succeed(bucket, [])
