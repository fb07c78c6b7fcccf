"""The first sign-in: who one is, a mailbox proved by a code, an own password, two texts accepted (product.md §2.3)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from parvis.audit.journal import record
from parvis.correspondence.services import queue_email
from parvis.identity import events, passwords, refusals, rules
from parvis.identity.models import Account, AccountState, Credential, Purpose, Session, TextKind
from parvis.identity.selectors import texts
from parvis.identity.selectors.accounts import own_account
from parvis.identity.services import codes, sessions, sign_in
from parvis.identity.services.access import joining, linking, persons
from parvis.kit.actors import Actor
from parvis.kit.db import change_exactly_one
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile
from parvis.parameters.catalogue import PASSWORD_SHORTEST
from parvis.parameters.selectors import value


@transaction.atomic
def give_names(*, first_name: str, last_name: str, job_title: str, phone: str = "", by: Actor, at: datetime) -> None:
    """Say who one is. Before the mailbox is proved this may be corrected; afterwards it is changed in one's profile."""
    mine = Account.objects.filter(pk=own_account(by), opened_at=None)
    change_exactly_one(mine, first_name=first_name, last_name=last_name, job_title=job_title, phone=phone)
    record(events.NAMES_GIVEN, subject=by.label, by=by, at=at)


@transaction.atomic
def introduce(
    session: Session,
    *,
    first_name: str,
    last_name: str,
    job_title: str,
    email: str,
    phone: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """The first page of the wizard: names, and the mailbox to prove unless one is proved already.

    A code that may not be sent now does not undo the names: the next page says when it may. Nothing is sent to a person
    whose mailbox is known from another office: the next page is about that one.
    """
    give_names(first_name=first_name, last_name=last_name, job_title=job_title, phone=phone, by=by, at=at)
    unproved = Credential.objects.filter(pk=session.holder_id, email=None).exists()
    if unproved and (email or persons.known_credential(by) is None):
        with suppress(refusals.TooSoon, refusals.TooManyCodes):
            claim_email(session, email, by=by, at=at)


@transaction.atomic
def claim_email(session: Session, typed: str, *, by: Actor, at: datetime) -> None:
    """Name the mailbox one will prove, and have a code sent there. Until proved it is a claim, and opens nothing.

    An empty ``typed`` keeps the address the office knows. Nothing here depends on who else uses the address.
    """
    account = Account.objects.select_for_update().get(pk=own_account(by))
    email = rules.read_email(typed) if typed.strip() else account.claimed_email
    if not email:
        raise refusals.EmailNotUnderstood("Entrez une adresse mail.", field="email")
    # What is typed stays in this visit: only the office's feeds and invitations say where credentials may be sent.
    if email != account.claimed_email:
        record(events.EMAIL_CLAIMED, subject=by.label, by=by, at=at)
    if typed.strip():
        session.notes = {**session.notes, "typed_email": email}
        session.save(update_fields=["notes"])
    codes.ask(session, Purpose.PROVE_EMAIL, email, by=by, at=at)


@dataclass(frozen=True, slots=True)
class Proved:
    """What became of the code; ``taken`` says why the proved address cannot be this account's, ``link_owed`` that it
    serves other organisations' accounts, which this one may join."""

    outcome: codes.CodeOutcome
    taken: str = ""
    token: str = ""
    browser_token: str = ""
    link_owed: bool = False


@transaction.atomic
def prove_email(session: Session, digits: str, *, browser_token: str, by: Actor, at: datetime) -> Proved:
    """Type the code sent to the claimed mailbox. Only now may the page say that the address serves somebody else."""
    outcome = codes.check(session, Purpose.PROVE_EMAIL, digits, at=at)
    if outcome.verdict is not codes.Verdict.RIGHT:
        return Proved(outcome)
    mine = Account.objects.filter(pk=own_account(by))
    try:
        with transaction.atomic():
            own = Credential.objects.filter(pk=session.holder_id, email=None)
            if not own.update(email=outcome.email, email_proved_at=at):
                return Proved(codes.CodeOutcome(codes.Verdict.USED))
    except IntegrityError:
        return _taken(session, outcome, by=by, at=at)
    mine.update(claimed_email="")
    record(events.EMAIL_PROVED, subject=by.label, by=by, at=at)
    token, browser = sessions.satisfy_code(session, browser_token=browser_token, at=at)
    return Proved(outcome, "", token, browser)


def _taken(session: Session, outcome: codes.CodeOutcome, *, by: Actor, at: datetime) -> Proved:
    """The mailbox is proved and is another credential's: the account may join it (linking), or must take another."""
    mine = Account.objects.select_related("partner").filter(pk=own_account(by))
    holder = Credential.objects.filter(email=outcome.email).first()
    if holder is None:
        raise ChangedMeanwhile
    refused = joining.why_not(list(mine), holder)
    if refused:
        mine.update(claimed_email="")
        record(events.EMAIL_TAKEN, subject=by.label, by=by, at=at)
        return Proved(outcome, taken=refused)
    linking.note(session, outcome.email, holder, [own_account(by)])
    return Proved(outcome, link_owed=True)


def choose_password(session: Session, typed: str, own: rules.Own, *, by: Actor, at: datetime) -> str:
    """Replace a password that is provisional, or that the office wants changed; every other session ends. This session's new token.

    The browser in which the mailbox was proved a minute ago stays remembered: the next sign-in asks no second code.
    """
    password = rules.read_password(typed)
    rules.check_password(password, own, value(PASSWORD_SHORTEST))
    credential = Credential.objects.get(pk=session.holder_id)
    if passwords.matches(rules.read_provisional(typed), credential.password):
        raise refusals.SameAsProvisional
    if passwords.matches(password, credential.password):
        raise refusals.SameAsBefore
    kept = passwords.hashed(password)
    with transaction.atomic():
        owed = Q(provisional_until__isnull=False) | Q(password_due_at__gt=F("password_changed_at"))
        as_seen = Credential.objects.filter(owed, pk=credential.pk, version=session.credential_version)
        change_exactly_one(as_seen, password=kept, password_changed_at=at, provisional_until=None)
        sessions.end_all_of(credential, but=session.pk, but_proved_at=session.code_satisfied_at)
        record(events.PASSWORD_CHOSEN, subject=by.label, by=by, at=at)
        return sessions.renew(session, at=at)


@transaction.atomic
def finish(account_name: str, *, by: Actor, at: datetime) -> bool:
    """Open the account of ``account_name``; False if it was open already. Refuses while a step is still owed."""
    account = Account.objects.select_for_update().select_related("credential").get(pk=own_account(by))
    if account.opened_at is not None:
        return False
    _check_all_done(account, by, at)
    as_seen = Account.objects.filter(pk=account.pk, state=AccountState.NEW, opened_at=None)
    change_exactly_one(as_seen, state=AccountState.ACTIVE, opened_at=at)
    record(events.ACCOUNT_OPENED, subject=by.label, by=by, at=at)
    sign_in.note_complete(account.credential_id, at=at)
    queue_email(
        to=account.credential.email or "",
        template="identity/emails/welcome",
        context={
            "account_name": account_name,
            "login_id": account.login_id,
            "user_number": account.user_number,
            "person": f"{account.first_name} {account.last_name}",
        },
        account_id=account.pk,
        partner_id=by.partner_id,
        at=at,
    )
    return True


def _check_all_done(account: Account, by: Actor, at: datetime) -> None:
    credential = account.credential
    owed = not (account.first_name and account.last_name) or not credential.email or credential.owes_password
    if owed or any(texts.accepted_at(by, texts.in_force(kind, at=at)) is None for kind in TextKind):
        raise ActNotPossible("Il reste une étape à terminer avant d’ouvrir votre espace.")
