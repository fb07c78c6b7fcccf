"""Another mailbox for one account, several, or all linked ones: detaching (product.md §2.4, ux.md B10).

The password first, then a code to the mailbox one leaves, then a code to the new one; nothing happens before the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from parvis.audit.journal import record
from parvis.identity import events, rules
from parvis.identity.models import Account, Credential, PendingChange, Purpose, Session
from parvis.identity.refusals import EmailNotUnderstood
from parvis.identity.selectors.accounts import own_account
from parvis.identity.services import codes, sessions
from parvis.identity.services.access import joining, linking, notices, pending, profile
from parvis.kit.actors import Actor
from parvis.kit.refusals import ChangedMeanwhile


def begin(
    session: Session, email: str, references: Sequence[str], password: str, *, by: Actor, at: datetime
) -> PendingChange:
    """Say which accounts leave for which mailbox; empty ``references`` for the one account, of the credential's own.

    Sends the first code: to the mailbox one leaves, or straight to the new one while the profile's delay allows.
    """
    # Outside the transaction: a wrong password stays counted.
    profile.check_own_password(session, password, at=at)
    new = rules.read_email(email)
    with transaction.atomic():
        return _begin(session, new, references, by=by, at=at)


def _begin(session: Session, new: str, references: Sequence[str], *, by: Actor, at: datetime) -> PendingChange:
    credential = Credential.objects.get(pk=session.holder_id)
    if new == credential.email:
        raise EmailNotUnderstood("C’est déjà votre adresse. Indiquez-en une autre.", field="email")
    own = Account.objects.filter(credential=credential)
    chosen = own.filter(reference__in=references) if references else own.filter(pk=own_account(by))
    ids = list(chosen.order_by("pk").values_list("pk", flat=True))
    if not ids or (references and len(ids) != len(set(references))):
        raise ChangedMeanwhile
    payload = {"email": new, "accounts": ids}
    change = pending.begin(session, Purpose.LEAVE_EMAIL, payload, by=by, at=at)
    if profile.code_counts_still(session, at=at) or credential.email is None:
        _go_to_new_mailbox(change, session, by=by, at=at)
    else:
        pending.ask_code(change, session, credential.email, by=by, at=at)
    return change


def _go_to_new_mailbox(change: PendingChange, session: Session, *, by: Actor, at: datetime) -> None:
    change.purpose = Purpose.CHANGE_EMAIL
    change.save(update_fields=["purpose"])
    pending.ask_code(change, session, change.payload["email"], by=by, at=at)


@transaction.atomic
def leave(change: PendingChange, session: Session, digits: str, *, by: Actor, at: datetime) -> codes.CodeOutcome:
    """Type the code of the mailbox one leaves; the next one goes to the new mailbox."""
    outcome = pending.check_code(change, session, digits, at=at)
    if outcome.verdict is codes.Verdict.RIGHT:
        profile.note_code(session, at=at)
        _go_to_new_mailbox(change, session, by=by, at=at)
    return outcome


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of the last code: done (with the session's new token), or a link that waits, or why it may not be."""

    outcome: codes.CodeOutcome
    token: str = ""
    link_owed: bool = False
    refused: str = ""
    detached: bool = False


@transaction.atomic
def arrive(change: PendingChange, session: Session, digits: str, *, by: Actor, at: datetime) -> Moved:
    """Type the code of the new mailbox: the change is made, or the page of the link opens if the mailbox is held."""
    # The credential before the code, as whoever links does: a link ends sessions, and their codes with them.
    joining.locked([session.holder_id])
    outcome = pending.check_code(change, session, digits, at=at)
    if outcome.verdict is not codes.Verdict.RIGHT:
        return Moved(outcome)
    if not pending.claim(change, at=at):
        return Moved(codes.CodeOutcome(codes.Verdict.USED))
    email, ids = str(change.payload["email"]), list(change.payload["accounts"])
    holder = Credential.objects.filter(email=email).first()
    if holder is None:
        try:
            with transaction.atomic():
                return _move(session, email, ids, outcome, by=by, at=at)
        except IntegrityError:
            holder = Credential.objects.filter(email=email).first()
            if holder is None:
                raise ChangedMeanwhile from None
    accounts = list(Account.objects.select_related("partner").filter(pk__in=ids, credential_id=session.holder_id))
    refused = joining.why_not(accounts, holder)
    if refused:
        record(events.EMAIL_TAKEN, subject=by.label, by=by, at=at)
        return Moved(outcome, refused=refused)
    linking.note(session, email, holder, ids)
    return Moved(outcome, link_owed=True)


def _move(
    session: Session, email: str, ids: list[int], outcome: codes.CodeOutcome, *, by: Actor, at: datetime
) -> Moved:
    source = joining.locked([session.holder_id])[session.holder_id]
    if source.version != session.credential_version or source.frozen_at is not None:
        raise ChangedMeanwhile
    accounts = list(Account.objects.select_for_update().filter(pk__in=ids, credential=source).order_by("pk"))
    if len(accounts) != len(ids):
        raise ChangedMeanwhile
    remaining = Account.objects.filter(credential=source).exclude(pk__in=ids).count()
    if remaining:
        token = _detach(session, source, accounts, email, stays=own_account(by) not in ids, at=at)
    else:
        Credential.objects.filter(pk=source.pk).update(
            email=email, email_proved_at=at, email_refused_at=None, proof_changed_at=at
        )
        notices.remember_mailbox(source.pk, source.email, at=at)
        sessions.end_all_of(source, but=session.pk)
        token = sessions.renew(session, at=at)
    event = events.ACCOUNTS_DETACHED if remaining else events.EMAIL_CHANGED
    for account in accounts:
        record(event, subject=account.login_id, by=by, at=at, remaining=remaining)
    context = {
        "moved": [account.login_id for account in accounts],
        "former": rules.masked(source.email or ""),
        "masked": rules.masked(email),
        "remaining": remaining,
    }
    # To both mailboxes; the link freezes the moved accounts, and restores nothing (security.md, T9 and T10).
    notices.tell(Account.objects.get(pk=accounts[0].pk), event, "identity/emails/email_changed", context, at=at)
    return Moved(outcome, token, detached=bool(remaining) and own_account(by) in ids)


def _detach(
    session: Session, source: Credential, accounts: Sequence[Account], email: str, *, stays: bool, at: datetime
) -> str:
    """A new credential with the same password hash: from now on neither password follows the other."""
    apart = Credential.objects.create(
        email=email,
        email_proved_at=at,
        password=source.password,
        password_changed_at=source.password_changed_at,
        password_due_at=source.password_due_at,
        provisional_until=source.provisional_until,
        proof_changed_at=at,
    )
    Account.objects.filter(pk__in=[account.pk for account in accounts], credential=source).update(credential=apart)
    notices.remember_mailbox(apart.pk, source.email, at=at)
    notices.copy_former_mailboxes(source.pk, apart.pk, at=at)
    sessions.end_all_of(source, but=session.pk)
    if stays:
        return sessions.renew(session, at=at)
    return joining.carry(session, apart, at=at, code_satisfied=True)
