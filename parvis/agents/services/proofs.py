"""The second proof of an agent: a time-based code (RFC 6238) or a recovery code, each good once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

import pyotp
import structlog
from django.conf import settings
from django.db import transaction

from parvis.agents import events, rules
from parvis.agents.models import Agent, RecoveryCode
from parvis.audit.journal import record
from parvis.correspondence.services import queue_email
from parvis.identity.rules import TRIES_WINDOW
from parvis.identity.services import limits
from parvis.kit import encryption
from parvis.kit.actors import Actor
from parvis.kit.references import keyed_fingerprint, known_fingerprints

log = structlog.get_logger(__name__)
ISSUER = "Espace agent"
RECOVERY = "recovery code of an agent"


class Proof(Enum):
    """What became of a typed code."""

    RIGHT = "right"
    WRONG = "wrong"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class ProofOutcome:
    """The verdict; until when to wait if there were too many; whether a recovery code was used up, and how many are left."""

    kind: Proof
    paused_until: datetime | None = None
    recovery: bool = False
    left: int = 0


def tried_by(agent: Agent) -> list[str]:
    """What the tries of an agent are counted under, so that whoever starts anew may try at once."""
    return rules.tried_as(agent.login, agent.email)


def draw_secret(agent: Agent) -> bytes:
    """A new key for the time-based codes of an agent, closed as the database keeps it."""
    return encryption.close(pyotp.random_base32(), agent.secret_column)


def secret_of(agent: Agent) -> str:
    """The key in base 32, as an application takes it; shown during the enrolment only."""
    if agent.time_secret is None:
        raise RuntimeError("This agent has no key yet.")
    return encryption.open_(bytes(agent.time_secret), agent.secret_column)


def uri_of(agent: Agent) -> str:
    """What the picture of the enrolment says to the application."""
    return str(pyotp.TOTP(secret_of(agent)).provisioning_uri(name=agent.login, issuer_name=ISSUER))


def check(agent: Agent, typed: str, *, by: Actor, at: datetime) -> ProofOutcome:
    """Judge a typed code, counted before it is compared. In a transaction: what it uses up stays used up.

    Six digits are a time-based code, anything else a recovery code. Neither is taken twice (security.md, T64).
    """
    key = keyed_fingerprint("codes of an agent", str(agent.pk))
    whose = limits.of_whom(tried_by(agent)[0])
    counted = limits.Bucket(key, rules.WRONG_CODES_A_DAY, TRIES_WINDOW, slows=True, whose=whose)
    admission = limits.admit([counted], at=at)
    if admission.paused_until is not None:
        return ProofOutcome(Proof.PAUSED, paused_until=admission.paused_until)
    plain = rules.read_recovery(typed)
    outcome = _timely(agent, plain, at) if plain.isdigit() else _recovered(agent, plain, by=by, at=at)
    if outcome.kind is Proof.RIGHT:
        limits.succeed(counted, [])
    return outcome


def _timely(agent: Agent, digits: str, at: datetime) -> ProofOutcome:
    """Whether the code is that of now, or of the half minute around; each half minute is good once.

    No code is right for a key that is not the agent's own: copied from another row, it does not open (security.md T52).
    """
    try:
        clock = pyotp.TOTP(secret_of(agent), interval=rules.STEP)
    except encryption.CannotOpen:
        log.error("agent_key_does_not_open", agent=agent.pk)
        return ProofOutcome(Proof.WRONG)
    now = int(at.timestamp()) // rules.STEP
    for step in range(now - rules.STEPS_AROUND, now + rules.STEPS_AROUND + 1):
        if pyotp.utils.strings_equal(digits, clock.generate_otp(step)):
            claimed = Agent.objects.filter(pk=agent.pk, time_step__lt=step).update(time_step=step)
            return ProofOutcome(Proof.RIGHT if claimed else Proof.WRONG)
    return ProofOutcome(Proof.WRONG)


def _recovered(agent: Agent, code: str, *, by: Actor, at: datetime) -> ProofOutcome:
    unused = RecoveryCode.objects.filter(agent=agent, used_at=None)
    if not unused.filter(fingerprint__in=known_fingerprints(RECOVERY, code)).update(used_at=at):
        return ProofOutcome(Proof.WRONG)
    left = unused.count()
    record(events.RECOVERY_USED, subject=agent.login, by=by, at=at, left=left)
    queue_email(
        to=agent.email,
        template="agents/emails/recovery_used",
        context={**words_of(agent), "used": at.isoformat(), "left": left},
        at=at,
    )
    return ProofOutcome(Proof.RIGHT, recovery=True, left=left)


@transaction.atomic
def draw_recovery_codes(agent: Agent, *, by: Actor, at: datetime) -> list[str]:
    """Ten new recovery codes, shown once; those before are worth nothing any more."""
    RecoveryCode.objects.filter(agent=agent).delete()
    codes = [
        "".join(secrets.choice(rules.RECOVERY_SIGNS) for _ in range(rules.RECOVERY_LENGTH))
        for _ in range(rules.RECOVERY_CODES)
    ]
    RecoveryCode.objects.bulk_create(
        [RecoveryCode(agent=agent, fingerprint=keyed_fingerprint(RECOVERY, code)) for code in codes]
    )
    record(events.RECOVERY_DRAWN, subject=agent.login, by=by, at=at)
    return [rules.shown_recovery(code) for code in codes]


def words_of(agent: Agent) -> dict[str, str]:
    """What every message to an agent says of them: they have no user number, and perhaps an entrance of their own."""
    site = f"https://{settings.AGENT_HOST}" if settings.AGENT_HOST else str(settings.PUBLIC_URL)
    return {"account_name": agent.person, "login_id": agent.login, "user_number": "", "site": site}
