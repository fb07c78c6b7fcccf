"""Whom a typed identifier or e-mail stands for, where nobody may learn whether it stands for anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence.services import queue_email
from parvis.identity import events, rules
from parvis.identity.models import Account, AccountState, Credential, OneTimeCode, Purpose, Session
from parvis.identity.selectors.accounts import words_of
from parvis.identity.services import codes, limits
from parvis.kit.actors import Actor, ActorKind

PROOF_LIFE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Proof:
    """A code typed rightly in a session that proves no password: whose mailbox it was."""

    account: Account
    purpose: Purpose


def actor_of(account: Account) -> Actor:
    """The actor an account makes while nobody has signed in for it: no right at all."""
    return Actor(ActorKind.PARTNER, account.login_id, account_id=account.pk, partner_id=account.partner_id)


def account_of(typed: str) -> Account | None:
    """The account of an identifier, or the first open one of a proved e-mail."""
    value = rules.read_login(typed)
    rows = Account.objects.select_related("credential", "partner")
    if not value.is_email:
        return rows.filter(login_id=value.value).first()
    closed = Account.objects.filter(state__in=[AccountState.DISABLED, AccountState.FROZEN]).values("pk")
    return rows.filter(credential__email=value.value).exclude(pk__in=closed).order_by("pk").first()


def may_come_back(account: Account | None, purpose: Purpose | None = None) -> bool:
    """Whether a code may be sent for a purpose: a proved mailbox, an account that is open, nothing that bars it."""
    return (
        account is not None
        and account.credential.email is not None
        and not _is_barred(account.credential, purpose)
        and account.state not in (AccountState.DISABLED, AccountState.FROZEN)
    )


def _is_barred(credential: Credential, purpose: Purpose | None) -> bool:
    """Whether a freeze stands in the way. Who froze their own access may choose another password meanwhile, by a code to the mailbox
    that is theirs now: what was stolen is worth nothing any more, and the access stays frozen until an agent opens it. Of what an agent
    froze, nothing is changed by anybody.
    """
    if credential.frozen_at is None:
        return False
    return credential.frozen_by_office or purpose is not Purpose.RECOVER


def ask_code(session: Session, purpose: Purpose, typed: str, *, address: str, at: datetime) -> None:
    """Send a code to the mailbox of what was typed, or do the same work for nobody.

    Refuses (TooSoon, TooManyCodes) in the same way for both.
    """
    account = account_of(typed)
    value = rules.read_login(typed).value
    with transaction.atomic():
        if account is not None and purpose is Purpose.RECOVER and account.credential.email_refused_at is not None:
            # Its server says nobody has it: whoever takes that name one day would get the password. A letter brings it back.
            codes.pretend(session, purpose, value, at=at)
            return
        if account is None or not may_come_back(account, purpose):
            codes.pretend(session, purpose, value, at=at)
            if account is not None:
                _tell_why_not(account, purpose, at=at)
            return
        codes.ask(
            session,
            purpose,
            account.credential.email or "",
            credential_id=account.credential_id,
            by=actor_of(account),
            at=at,
        )


def _tell_why_not(account: Account, purpose: Purpose, *, at: datetime) -> None:
    """The owner of a closed account learns why no code came, once a day; the page says nothing."""
    if account.credential.email is None:
        return
    if limits.admit([limits.of_once_a_day("closed", account.login_id)], at=at).paused_until is not None:
        return
    frozen = account.credential.frozen_at is not None
    record(events.RECOVERY_REFUSED, subject=account.login_id, by=actor_of(account), at=at, purpose=purpose.value)
    words: dict[str, Any] = {**words_of(account), "frozen": frozen}
    queue_email(
        to=account.credential.email,
        template="identity/emails/closed",
        context=words,
        account_id=account.pk,
        partner_id=account.partner_id,
        at=at,
    )


def proof_of(session: Session, purpose: Purpose, *, at: datetime) -> Proof | None:
    """The code typed rightly in this session within the quarter of an hour, if its credential has not changed since."""
    used = OneTimeCode.objects.filter(
        session=session, purpose=purpose, used_at__gt=at - PROOF_LIFE, credential__isnull=False
    )
    code = used.select_related("credential").order_by("-used_at").first()
    if code is None or code.credential is None or code.credential.version != code.credential_version:
        return None
    closed = [AccountState.DISABLED, AccountState.FROZEN]
    rows = Account.objects.select_related("credential", "partner").filter(credential=code.credential)
    account = rows.exclude(state__in=closed).order_by("pk").first()
    return Proof(account, purpose) if account is not None and not _is_barred(account.credential, purpose) else None
