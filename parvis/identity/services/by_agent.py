"""What agents do for an account whose owner they have on the telephone; who may is asked by the landlords' room."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence.services import queue_email
from parvis.identity import events, rules
from parvis.identity.models import Account, Credential
from parvis.identity.selectors.accounts import words_of
from parvis.identity.services import limits, sessions
from parvis.identity.services.access import notices
from parvis.kit.actors import Actor
from parvis.kit.db import change_exactly_one
from parvis.kit.refusals import ActNotPossible


def values_of(account: Account) -> list[str]:
    """What the owner of an account may type to sign in; the same words for their codes."""
    email = account.credential.email
    return [account.login_id, *([email] if email else [])]


@transaction.atomic
def unlock(account: Account, *, reason: str, by: Actor, at: datetime) -> None:
    """End the pauses that wrong passwords and codes brought, from wherever they came. Refuses when nothing is paused."""
    if not limits.forgive(values_of(account)):
        raise ActNotPossible("Cet accès n’est pas en pause\u00a0: la personne peut se connecter.")
    record(events.UNLOCKED, subject=account.login_id, by=by, at=at, reason=reason)
    if account.credential.email:
        _tell(account, "identity/emails/unlocked", at=at, opened=at.isoformat())


@transaction.atomic
def correct_email(account: Account, typed: str, *, reason: str, by: Actor, at: datetime) -> str:
    """Correct an address that nobody has proved yet; the next credentials travel there. A proved one is its owner's alone.

    It stays a claim: it neither signs in, links, nor receives a reset before its owner has typed a code (product.md §2.4).
    """
    if account.credential.email is not None:
        raise ActNotPossible(
            "Cette adresse a été validée par un code\u00a0: son titulaire la change dans «\u00a0Mon profil\u00a0».",
            field="email",
        )
    email = rules.read_email(typed)
    if email == account.claimed_email:
        raise ActNotPossible("C’est déjà l’adresse connue.", field="email")
    as_seen = Account.objects.filter(pk=account.pk, claimed_email=account.claimed_email, credential__email__isnull=True)
    change_exactly_one(as_seen, claimed_email=email)
    former = rules.masked(account.claimed_email) if account.claimed_email else ""
    told = {"former": former, "email": rules.masked(email), "reason": reason}
    record(events.CLAIM_CORRECTED, subject=account.login_id, by=by, at=at, **told)
    return email


@transaction.atomic
def demand_password(account: Account, *, reason: str, by: Actor, at: datetime) -> bool:
    """Have another password chosen at the next sign-in, for every account that shares it: sessions and browsers are forgotten.

    False if it is asked already. Refuses where there is no password of their own yet.
    """
    credential = Credential.objects.select_for_update().get(pk=account.credential_id)
    if credential.password_changed_at is None or credential.provisional_until is not None:
        raise ActNotPossible(
            "Cette personne n’a pas encore choisi son mot de passe\u00a0: elle le choisira en se connectant."
        )
    if credential.owes_password:
        return False
    Credential.objects.filter(pk=credential.pk).update(password_due_at=at)
    sessions.end_all_of(credential)
    record(events.PASSWORD_DEMANDED, subject=account.login_id, by=by, at=at, reason=reason)
    others = Account.objects.filter(credential=credential).count() > 1
    notices.tell(account, events.PASSWORD_DEMANDED, "identity/emails/password_demanded", {}, of_all=others, at=at)
    return True


def _tell(account: Account, template: str, *, at: datetime, **more: str) -> None:
    queue_email(
        to=account.credential.email or "",
        template=template,
        context={**words_of(account), **more},
        account_id=account.pk,
        partner_id=account.partner_id,
        at=at,
    )
