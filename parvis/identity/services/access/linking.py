"""Linking: accounts of several organisations under one mailbox and one password (product.md §2.4, ux.md B3).

The mailbox is proved first; :func:`note` remembers it in the session, and only then does a page show the accounts there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity import events, passwords, rules
from parvis.identity.models import Account, Credential, Session
from parvis.identity.refusals import GroupPasswordWrong, PasswordTooWeak
from parvis.identity.selectors.accounts import own_account
from parvis.identity.services import limits, sessions
from parvis.identity.services.access import joining, notices
from parvis.kit.actors import Actor
from parvis.kit.periods import at_hour
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile
from parvis.parameters.catalogue import PASSWORD_SHORTEST
from parvis.parameters.selectors import value


@dataclass(frozen=True, slots=True)
class Asked:
    """A link that waits for a password: the proved mailbox, its credential, and the accounts that would join it."""

    email: str
    credential_id: int
    account_ids: tuple[int, ...]


def note(session: Session, email: str, target: Credential, account_ids: list[int]) -> None:
    """Remember that the mailbox was proved in this session: the link page may now show whom it serves."""
    session.notes = {**session.notes, "link": {"email": email, "credential": target.pk, "accounts": account_ids}}
    session.save(update_fields=["notes"])


def asked(session: Session) -> Asked | None:
    """The link this session may make, if its mailbox is still that credential's."""
    kept: dict[str, Any] | None = session.notes.get("link")
    if kept is None or not Credential.objects.filter(pk=kept["credential"], email=kept["email"]).exists():
        return None
    return Asked(kept["email"], kept["credential"], tuple(kept["accounts"]))


def give_up(session: Session) -> None:
    """« Indiquer une autre adresse » : nothing is linked, and the next page asks for another mailbox."""
    session.notes = {key: value for key, value in session.notes.items() if key != "link"}
    session.save(update_fields=["notes"])


@transaction.atomic
def doubt(session: Session, login_id: str, why: str, *, by: Actor, at: datetime) -> None:
    """« Je ne reconnais pas un de ces comptes » : nothing is linked; the office reads it in the journal."""
    link = asked(session)
    if link is None or not Account.objects.filter(credential_id=link.credential_id, login_id=login_id).exists():
        raise ChangedMeanwhile
    record(events.LINK_DOUBTED, subject=by.label, by=by, at=at, doubted=login_id, why=why[:300])
    give_up(session)


def keep_password(session: Session, typed: str, *, by: Actor, at: datetime) -> str:
    """Join with the group's present password, which the person knows; returns the session's new token."""
    link = _owed(session)
    bucket = limits.of_group_passwords(link.credential_id)
    admission = limits.admit([bucket], at=at)
    if admission.paused_until is not None:
        raise ActNotPossible(
            f"Trop d’essais. Choisissez un nouveau mot de passe, ou réessayez {at_hour(admission.paused_until, at)}."
        )
    target = Credential.objects.get(pk=link.credential_id)
    if not passwords.matches(rules.read_password(typed), target.password):
        raise GroupPasswordWrong
    return _link(session, link, seen=target, password="", by=by, at=at)


def choose_password(session: Session, typed: str, own: rules.Own, *, by: Actor, at: datetime) -> str:
    """Join and choose a common password: a reset of the group. Returns the session's new token."""
    link = _owed(session)
    password = rules.read_password(typed)
    rules.check_password(password, own, value(PASSWORD_SHORTEST))
    mine = Credential.objects.get(pk=session.holder_id)
    if mine.provisional_until is not None and passwords.matches(rules.read_provisional(typed), mine.password):
        raise PasswordTooWeak("Choisissez un mot de passe différent du provisoire.", field="password")
    target = Credential.objects.get(pk=link.credential_id)
    return _link(session, link, seen=target, password=passwords.hashed(password), by=by, at=at)


def _owed(session: Session) -> Asked:
    link = asked(session)
    if link is None:
        give_up(session)
        raise ChangedMeanwhile("Cette adresse a changé de mains entre-temps. Indiquez votre adresse mail à nouveau.")
    return link


@transaction.atomic
def _link(session: Session, link: Asked, *, seen: Credential, password: str, by: Actor, at: datetime) -> str:
    """Move the accounts, in one transaction with everything it voids and everybody it tells."""
    held = joining.locked([session.holder_id, link.credential_id])
    source, target = held[session.holder_id], held[link.credential_id]
    as_seen = source.version == session.credential_version and target.password == seen.password
    if not as_seen or target.email != link.email or target.frozen_at is not None:
        raise ChangedMeanwhile
    accounts = list(
        Account.objects.select_for_update().select_related("partner").filter(pk__in=link.account_ids, credential=source)
    )
    if len(accounts) != len(link.account_ids) or own_account(by) not in link.account_ids:
        raise ChangedMeanwhile
    refused = joining.why_not(accounts, target)
    if refused:
        record(events.LINK_REFUSED, subject=by.label, by=by, at=at)
        raise ActNotPossible(refused)
    if password:
        Credential.objects.filter(pk=target.pk).update(
            password=password, password_changed_at=at, proof_changed_at=at, provisional_until=None
        )
    left = [source.email] if source.email else []
    joining.move(accounts, source, target, but=session.pk)
    notices.remember_mailbox(target.pk, source.email, at=at)
    Account.objects.filter(pk__in=link.account_ids).update(claimed_email="")
    sessions.end_all_of(target)
    count = Account.objects.filter(credential=target).count()
    for account in accounts:
        record(events.ACCOUNTS_LINKED, subject=account.login_id, by=by, at=at, accounts=count, common=bool(password))
    token = joining.carry(session, target, at=at)
    joined = Account.objects.get(pk=own_account(by))
    context = {"account_count": count, "joined": [account.login_id for account in accounts], "common": bool(password)}
    notices.tell(joined, events.ACCOUNTS_LINKED, "identity/emails/linked", context, also=left, at=at)
    return token
