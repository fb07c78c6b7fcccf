"""Provisional passwords: drawn when their message is made, known to nobody before, dead when a newer one is drawn."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from parvis.audit.journal import record
from parvis.correspondence.secrets import SecretNoLongerNeeded
from parvis.correspondence.services import queue_email
from parvis.identity import events, passwords, rules
from parvis.identity.models import Account, AccountState, Credential, Nature
from parvis.identity.selectors.accounts import words_of
from parvis.kit.actors import Actor, system
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import long_day
from parvis.kit.refusals import ActNotPossible, NotFound
from parvis.parameters.catalogue import INVITATION_LIFE, VALID_BY_AGENT, VALID_BY_EMAIL, VALID_BY_LETTER
from parvis.parameters.selectors import duration

_DRAWER = system("correspondence")


def draw(credential_id: int, *, at: datetime) -> dict[str, str]:
    """Draw the password of a message about to leave: 14 days to use it by e-mail, 60 by post (product.md §2.1)."""
    account = _account_of(credential_id)
    corporate = account.partner.nature == Nature.CORPORATE
    by_email = rules.reached_by_email(corporate=corporate, email=account.claimed_email)
    return _drawn(account, duration(VALID_BY_EMAIL if by_email else VALID_BY_LETTER), at=at)


def draw_by_agent(credential_id: int, *, at: datetime) -> dict[str, str]:
    """Draw the password an agent had sent: 24 hours to use it (product.md §2.1)."""
    return _drawn(_account_of(credential_id), duration(VALID_BY_AGENT), at=at)


def draw_invited(credential_id: int, *, at: datetime) -> dict[str, str]:
    """Draw the password of an invited colleague, as long as their account is new: it lives as long as the invitation."""
    account = _account_of(credential_id)
    if account.state != AccountState.NEW:
        raise SecretNoLongerNeeded
    return _drawn(account, duration(INVITATION_LIFE), at=at)


@transaction.atomic
def issue_by_agent(login_id: str, *, reason: str, by: Actor, at: datetime) -> None:
    """An agent on the telephone has a password sent by e-mail, to be used within the day; nobody sees it.

    Refuses for an account that has its own password, and for one the office knows no e-mail of.
    """
    account = Account.objects.select_related("credential").filter(login_id=login_id).first()
    if account is None:
        raise NotFound("Aucun compte n’a cet identifiant.")
    if account.credential.password_changed_at is not None:
        raise ActNotPossible("Ce compte a déjà son mot de passe. La personne en choisit un autre avec un code.")
    if not account.claimed_email:
        raise ActNotPossible("Aucune adresse mail n’est connue pour ce compte. Faites partir des lettres.")
    record(events.PROVISIONAL_GIVEN, subject=login_id, by=by, at=at, reason=reason)
    queue_email(
        to=account.claimed_email,
        template="identity/emails/password",
        context=words_of(account),
        secret="provisional_by_agent",  # noqa: S106
        secret_subject=account.credential_id,
        account_id=account.pk,
        partner_id=account.partner_id,
        at=at,
    )


def _account_of(credential_id: int) -> Account:
    account = Account.objects.select_related("partner").filter(credential_id=credential_id).order_by("pk").first()
    if account is None:
        raise SecretNoLongerNeeded
    return account


def _drawn(account: Account, life: timedelta, *, at: datetime) -> dict[str, str]:
    secret = "".join(secrets.choice(rules.PROVISIONAL_SIGNS) for _ in range(rules.PROVISIONAL_LENGTH))
    until = at + life
    kept = passwords.hashed(secret)
    with transaction.atomic():
        # Somebody who chose a password of their own meanwhile keeps it.
        waiting = Credential.objects.filter(pk=account.credential_id, password_changed_at=None)
        # The former password opened sessions that could still choose the final one: their version is past.
        if not waiting.update(password=kept, provisional_until=until, version=F("version") + 1):
            raise SecretNoLongerNeeded
        record(events.PROVISIONAL_DRAWN, subject=account.login_id, by=_DRAWER, at=at)
    return {"password": rules.shown_provisional(secret), "valid_until": long_day(day_in_paris(until))}
