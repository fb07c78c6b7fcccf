"""« Mon profil »: one's names, one's password, one's devices (product.md §2.9, ux.md B10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity import events, passwords, rules
from parvis.identity.models import (
    Account,
    Credential,
    Letters,
    PaymentEmails,
    PendingChange,
    Purpose,
    Session,
    TrustedBrowser,
)
from parvis.identity.refusals import OwnPasswordWrong, PasswordTooWeak
from parvis.identity.selectors.accounts import own_account
from parvis.identity.services import codes, limits, sessions
from parvis.identity.services.access import notices, pending
from parvis.kit.actors import Actor
from parvis.kit.db import change_exactly_one
from parvis.kit.periods import at_hour
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile, NotFound
from parvis.parameters.catalogue import PASSWORD_SHORTEST, PROFILE_CODE_DELAY
from parvis.parameters.selectors import duration, value


@transaction.atomic
def change_names(*, first_name: str, last_name: str, job_title: str, phone: str, by: Actor, at: datetime) -> None:
    """Correct who one is; what the office knows of the landlord does not change."""
    mine = Account.objects.filter(pk=own_account(by))
    change_exactly_one(mine, first_name=first_name, last_name=last_name, job_title=job_title, phone=phone)
    record(events.PROFILE_CHANGED, subject=by.label, by=by, at=at)


@transaction.atomic
def choose_reminders(*, wanted: bool, by: Actor, at: datetime) -> None:
    """Say whether the mails that only remind of a campaign are wanted; those the law asks for leave in any case.

    Said twice, it is written once.
    """
    others = Account.objects.filter(pk=own_account(by)).exclude(campaign_reminders=wanted)
    if others.update(campaign_reminders=wanted):
        record(events.REMINDERS_CHOSEN, subject=by.label, by=by, at=at, wanted=wanted)


@transaction.atomic
def choose_payment_emails(chosen: PaymentEmails, *, by: Actor, at: datetime) -> None:
    """Say which transfers one wishes to be told of by mail; said twice, it is written once."""
    others = Account.objects.filter(pk=own_account(by)).exclude(payment_emails=chosen)
    if others.update(payment_emails=chosen):
        record(events.PAYMENT_EMAILS_CHOSEN, subject=by.label, by=by, at=at, chosen=chosen.value)


@transaction.atomic
def choose_letters(chosen: Letters, *, by: Actor, at: datetime) -> None:
    """Say whether paper is wanted where the law leaves the choice; said twice, it is written once."""
    others = Account.objects.filter(pk=own_account(by)).exclude(letters=chosen)
    if others.update(letters=chosen):
        record(events.LETTERS_CHOSEN, subject=by.label, by=by, at=at, chosen=chosen.value)


def check_own_password(session: Session, typed: str, *, at: datetime) -> None:
    """Refuse a password that is not the session's own; counted, so that a borrowed session cannot guess it."""
    credential = Credential.objects.get(pk=session.holder_id)
    admission = limits.admit([limits.of_own_passwords(credential.pk)], at=at)
    if admission.paused_until is not None:
        raise ActNotPossible(f"Trop d’essais. Réessayez {at_hour(admission.paused_until, at)}.")
    if not passwords.matches(rules.read_password(typed), credential.password):
        raise OwnPasswordWrong
    limits.succeed(limits.of_own_passwords(credential.pk), [])


def code_counts_still(session: Session, *, at: datetime) -> bool:
    """Whether a code typed in the profile counts still: its own delay, 0 at first (product.md §2.2)."""
    noted = session.notes.get("profile_code_at")
    return noted is not None and rules.code_still_good(at - datetime.fromisoformat(noted), duration(PROFILE_CODE_DELAY))


def note_code(session: Session, *, at: datetime) -> None:
    """A code was right in the profile of this session."""
    session.notes = {**session.notes, "profile_code_at": at.isoformat()}
    session.save(update_fields=["notes"])


def begin_password(
    session: Session, former: str, typed: str, own: rules.Own, *, by: Actor, at: datetime
) -> PendingChange | str:
    """Ask for another password: the code that allows it is sent; the session's new token when none is needed."""
    check_own_password(session, former, at=at)
    password = rules.read_password(typed)
    rules.check_password(password, own, value(PASSWORD_SHORTEST))
    if password == rules.read_password(former):
        raise PasswordTooWeak("Choisissez un mot de passe différent de l’actuel.", field="password")
    kept = passwords.hashed(password)
    with transaction.atomic():
        change = pending.begin(session, Purpose.CHANGE_PASSWORD, {}, secret_hash=kept, by=by, at=at)
        credential = Credential.objects.get(pk=session.holder_id)
        if code_counts_still(session, at=at):
            return _change_password(change, session, by=by, at=at)
        pending.ask_code(change, session, credential.email or "", by=by, at=at)
        return change


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of the code; once right, the session's new token."""

    outcome: codes.CodeOutcome
    token: str = ""


@transaction.atomic
def enter_password_code(change: PendingChange, session: Session, digits: str, *, by: Actor, at: datetime) -> Changed:
    """Type the code: the group's password changes, every other session of it ends, all are told."""
    outcome = pending.check_code(change, session, digits, at=at)
    if outcome.verdict is not codes.Verdict.RIGHT:
        return Changed(outcome)
    note_code(session, at=at)
    return Changed(outcome, _change_password(change, session, by=by, at=at))


def _change_password(change: PendingChange, session: Session, *, by: Actor, at: datetime) -> str:
    if not pending.claim(change, at=at):
        raise ChangedMeanwhile
    credential = Credential.objects.select_for_update().get(pk=session.holder_id)
    as_seen = Credential.objects.filter(pk=credential.pk, version=session.credential_version)
    change_exactly_one(as_seen, password=change.secret_hash, password_changed_at=at, proof_changed_at=at)
    PendingChange.objects.filter(pk=change.pk).update(secret_hash="")
    sessions.end_all_of(credential, but=session.pk)
    record(events.PASSWORD_CHANGED, subject=by.label, by=by, at=at)
    account = Account.objects.get(pk=own_account(by))
    count = Account.objects.filter(credential=credential).count()
    context = {"browser": session.browser, "account_count": count}
    notices.tell(account, events.PASSWORD_CHANGED, "identity/emails/password_changed", context, of_all=count > 1, at=at)
    return sessions.renew(session, at=at)


@transaction.atomic
def close_session(session_id: int, of: Session, *, by: Actor, at: datetime) -> bool:
    """« Déconnecter » one of one's other sessions; False if it has ended already. Refuses somebody else's."""
    if Session.objects.filter(pk=session_id).exclude(credential_id=of.holder_id).exists():
        raise NotFound
    others = Session.objects.filter(pk=session_id, credential_id=of.holder_id).exclude(pk=of.pk)
    browsers = list(others.values_list("browser", flat=True))
    if not browsers:
        return False
    sessions.end(session_id)
    record(events.SESSION_CLOSED, subject=by.label, by=by, at=at, browser=browsers[0])
    return True


@transaction.atomic
def close_all_others(of: Session, *, by: Actor, at: datetime) -> str:
    """« Déconnecter tous les autres » : their sessions end, their browsers are forgotten. Returns the new token."""
    credential = Credential.objects.select_for_update().get(pk=of.holder_id)
    sessions.end_all_of(credential, but=of.pk, but_proved_at=of.code_satisfied_at)
    record(events.SESSION_CLOSED, subject=by.label, by=by, at=at, browser="*")
    return sessions.renew(of, at=at)


@transaction.atomic
def forget_browser(browser_id: int, of: Session, *, by: Actor, at: datetime) -> bool:
    """Forget a remembered browser: its next sign-in asks a code again. Refuses somebody else's."""
    if TrustedBrowser.objects.filter(pk=browser_id).exclude(credential_id=of.holder_id).exists():
        raise NotFound
    forgotten, _ = TrustedBrowser.objects.filter(pk=browser_id, credential_id=of.holder_id).delete()
    if forgotten:
        record(events.SESSION_CLOSED, subject=by.label, by=by, at=at, browser="forgotten")
    return bool(forgotten)
