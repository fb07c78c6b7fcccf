"""What agents do for the accounts of a landlord: credentials again, a day's password, unlocked, suspended, an address corrected.

Each act asks for its duty at one of the offices that know the landlord, says why in the journal, and never shows a secret.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.audit.models import Entry
from parvis.correspondence.models import Message, MessageState
from parvis.correspondence.services import cancel, queue_email, queue_many, take_back_unbatched
from parvis.identity import rules
from parvis.identity.events import CLAIM_CORRECTED, CREDENTIALS_SENT
from parvis.identity.models import Account, AccountState, Credential, Nature
from parvis.identity.selectors.accounts import words_of
from parvis.identity.selectors.journey import (
    IDENTIFIER_LETTER,
    PASSWORD_EMAIL,
    PASSWORD_LETTER,
    Journey,
    letters_of,
    password_mail_waits,
)
from parvis.identity.services import birth, by_agent, invited, provisional
from parvis.identity.services.access import freezing
from parvis.kit.actors import Actor, Duty, Right, check_holds, check_independent
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import long_day
from parvis.kit.refusals import ActNotPossible, NotFound
from parvis.landlords import events
from parvis.landlords.models import Habilitation
from parvis.landlords.refusals import LettersTravel, NoReasonGiven, SoleAdministrator
from parvis.landlords.selectors.addressees import addressee_of
from parvis.landlords.selectors.offices import codes_of
from parvis.landlords.selectors.users import administrators
from parvis.landlords.services import credentials
from parvis.landlords.services.users.deciding import name_of

LONGEST_REASON = 200
_CREDENTIAL_MESSAGES = (IDENTIFIER_LETTER, PASSWORD_LETTER, PASSWORD_EMAIL, "identity/emails/identifier")


def held_account(partner_id: UUID, reference: str, duty: Duty, *, by: Actor) -> Account:
    """An account of a landlord, for an agent who holds ``duty`` at one of its offices; alone with it in a transaction."""
    rows = Account.objects.select_related("credential", "partner").filter(partner_id=partner_id, reference=reference)
    account = rows.first()
    if account is None:
        raise NotFound
    check_holds(by, duty, codes_of(partner_id))
    # The credential, then the account: the order of those who link and change mailbox.
    Credential.objects.select_for_update().get(pk=account.credential_id)
    return rows.select_for_update(of=("self",)).get()


@transaction.atomic
def send_credentials(
    partner_id: UUID, reference: str, *, reason: str, in_spite: bool, by_post: bool = False, by: Actor, at: datetime
) -> str:
    """Send credentials again and say how: ``email``, ``letters`` or, for who has a mailbox, ``identifier``.

    While letters travel it refuses, for the landlord would have two passwords; ``in_spite`` takes back what has not left and sends
    new ones: the passwords of before are dead when the new ones are made (ux.md B22). ``by_post`` writes letters to somebody whose
    mailbox takes nothing.
    """
    words = said(reason)
    by = replace(by, partner_id=partner_id)
    account = held_account(partner_id, reference, Duty.SEND_CREDENTIALS, by=by)
    _refuse_closed(account)
    _refuse_whoever_corrected(account, by)
    if account.credential.email is not None:
        credentials.remind([account], at=at)
        record(CREDENTIALS_SENT, subject=account.login_id, by=by, at=at, reason=words, by_post=False)
        return "identifier"
    found = addressee_of(account)
    if found is None:
        raise ActNotPossible("Aucune adresse n’est connue pour ce compte. Corrigez l’adresse mail d’abord.")
    corporate = account.partner.nature == Nature.CORPORATE
    by_email = not by_post and rules.reached_by_email(corporate=corporate, email=account.claimed_email)
    letters = letters_of(account.pk)
    _refuse_while_travelling(account, letters, by_email=by_email, in_spite=in_spite, at=at)
    waiting = Message.objects.filter(account_id=account.pk, template__in=_CREDENTIAL_MESSAGES, state=MessageState.DUE)
    cancel(waiting.values_list("pk", flat=True), by=by, at=at, reason=credentials.REPLACED)
    take_back_unbatched(account.pk, _CREDENTIAL_MESSAGES, by=by, at=at, reason=credentials.REPLACED)
    if not by_email and not credentials.may_write_today(account, at=at):
        raise ActNotPossible(
            "Le nombre de lettres du jour est atteint. Elles partiront demain\u00a0: recommencez alors."
        )
    queue_many(birth.credential_messages(account, found[0], by_email=by_email), at=at)
    told = {"reason": words, "by_post": not by_email, "in_spite": in_spite}
    record(CREDENTIALS_SENT, subject=account.login_id, by=by, at=at, **told)
    return "email" if by_email else "letters"


def _refuse_closed(account: Account) -> None:
    if account.state in (AccountState.DISABLED, AccountState.FROZEN) or account.credential.frozen_at is not None:
        raise ActNotPossible("Cet accès est fermé ou bloqué. Rouvrez-le d’abord.")


def _refuse_whoever_corrected(account: Account, by: Actor) -> None:
    """Who chose the address does not send a password there: one agent alone could otherwise become any landlord."""
    corrected = Entry.objects.filter(subject=account.login_id, event=CLAIM_CORRECTED.code)
    latest = corrected.order_by("-pk").values_list("actor_label", flat=True).first()
    if latest is None:
        return
    if latest == by.label:
        raise ActNotPossible(
            "Vous avez corrigé cette adresse\u00a0: par sécurité, un autre agent envoie les identifiants."
        )
    check_independent(by, latest)


def _refuse_while_travelling(
    account: Account, letters: Journey | None, *, by_email: bool, in_spite: bool, at: datetime
) -> None:
    if in_spite:
        return
    if by_email and password_mail_waits(account.pk):
        raise LettersTravel("Un mail part dans quelques minutes. Attendez-le.")
    if letters is not None and letters.travels(at):
        raise LettersTravel(_why_wait(letters))


def _why_wait(letters: Journey) -> str:
    """Where the letters are, and until when to wait, once that is known."""
    left = letters.second_posted_on or letters.first_posted_on
    if letters.arrives_before is not None and left is not None:
        expected = long_day(day_in_paris(letters.arrives_before))
        return (
            f"Une lettre est partie le {long_day(left)}\u00a0: attendez le {expected},"
            " sinon le bailleur aura deux mots de passe."
        )
    if left is not None:
        where = f"La première lettre est partie le {long_day(left)}, la seconde suit"
    else:
        where = (
            "Une lettre attend son lot d’impression"
            if letters.first_made_at or letters.second_made_at
            else "Une lettre va partir"
        )
    return f"{where}\u00a0: attendez-la, sinon le bailleur aura deux mots de passe."


@transaction.atomic
def give_provisional(partner_id: UUID, reference: str, *, reason: str, by: Actor, at: datetime) -> None:
    """A provisional password by e-mail, to be used within the day (product.md §2.1); nobody sees it."""
    words = said(reason)
    by = replace(by, partner_id=partner_id)
    account = held_account(partner_id, reference, Duty.SEND_CREDENTIALS, by=by)
    _refuse_closed(account)
    _refuse_whoever_corrected(account, by)
    letters = letters_of(account.pk)
    _refuse_while_travelling(account, letters, by_email=True, in_spite=False, at=at)
    provisional.issue_by_agent(account.login_id, reason=words, by=by, at=at)


@transaction.atomic
def unlock(partner_id: UUID, reference: str, *, reason: str, by: Actor, at: datetime) -> None:
    """End the pauses of an account, or the freezing its owner asked for; a mail tells them.

    What an agent blocked is opened by who may block (``users/blocking.py``).
    """
    words = said(reason)
    by = replace(by, partner_id=partner_id)
    account = held_account(partner_id, reference, Duty.UNLOCK, by=by)
    if account.credential.frozen_at is not None:
        if freezing.is_frozen_by_office(account.credential_id):
            check_holds(by, Duty.SUSPEND_ACCOUNTS, codes_of(partner_id))
        freezing.unfreeze(account.login_id, reason=words, by=by, at=at)
        return
    by_agent.unlock(account, reason=words, by=by, at=at)


@transaction.atomic
def suspend(partner_id: UUID, reference: str, *, reason: str, by: Actor, at: datetime) -> None:
    """Close an account at once, everywhere. Never the last active administrator of an organisation: replace them first."""
    words = said(reason)
    by = replace(by, partner_id=partner_id)
    account = held_account(partner_id, reference, Duty.SUSPEND_ACCOUNTS, by=by)
    if account.state == AccountState.DISABLED:
        return
    if account.partner.nature == Nature.CORPORATE and _is_last_administrator(account, at=at):
        raise SoleAdministrator
    invited.close_account(account.pk, by=by, at=at)
    record(events.SUSPENDED, subject=account.login_id, by=by, at=at, reason=words)
    _tell(account, "landlords/emails/suspended", at=at)


def _is_last_administrator(account: Account, *, at: datetime) -> bool:
    """Whether nobody else administers; whoever is frozen counts as the database counts them."""
    appointed = {one.pk for one in administrators(account.partner_id, at=at)}
    holds = Habilitation.objects.filter(account=account, right=Right.ADMINISTER, ended_at=None).exists()
    return holds and not appointed - {account.pk}


@transaction.atomic
def reinstate(partner_id: UUID, reference: str, *, reason: str, by: Actor, at: datetime) -> None:
    """Open an account that an agent suspended, with the rights it had. One that its organisation closed is its to open."""
    words = said(reason)
    by = replace(by, partner_id=partner_id)
    account = held_account(partner_id, reference, Duty.SUSPEND_ACCOUNTS, by=by)
    if account.state == AccountState.DISABLED and _closed_by_its_own(account):
        raise ActNotPossible("Cet accès a été fermé par l’administrateur de l’organisme\u00a0: lui seul le rouvre.")
    if not invited.reopen_account(account.pk, by=by, at=at):
        raise ActNotPossible("Cet accès n’est pas fermé.")
    record(events.REINSTATED, subject=account.login_id, by=by, at=at, reason=words)
    _tell(account, "landlords/emails/reinstated", at=at)


def _closed_by_its_own(account: Account) -> bool:
    return Account.objects.filter(partner_id=account.partner_id, login_id=account.disabled_by).exists()


@transaction.atomic
def correct_email(partner_id: UUID, reference: str, typed: str, *, reason: str, by: Actor, at: datetime) -> None:
    """Correct an e-mail that nobody proved yet; what is on its way to the former address is taken back."""
    words = said(reason)
    by = replace(by, partner_id=partner_id)
    account = held_account(partner_id, reference, Duty.CORRECT_EMAILS, by=by)
    by_agent.correct_email(account, typed, reason=words, by=by, at=at)
    waiting = Message.objects.filter(
        account_id=account.pk, template__in=_CREDENTIAL_MESSAGES, state=MessageState.DUE, channel="email"
    )
    cancel(waiting.values_list("pk", flat=True), by=by, at=at, reason="Adresse mail corrigée")


@transaction.atomic
def demand_password(partner_id: UUID, reference: str, *, reason: str, by: Actor, at: datetime) -> bool:
    """Have another password chosen at the next sign-in, by precaution; False if it is asked already."""
    words = said(reason)
    by = replace(by, partner_id=partner_id)
    account = held_account(partner_id, reference, Duty.SUSPEND_ACCOUNTS, by=by)
    _refuse_closed(account)
    return by_agent.demand_password(account, reason=words, by=by, at=at)


def said(reason: str) -> str:
    """Why, in one line: never nothing."""
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        raise NoReasonGiven
    return words


def _tell(account: Account, template: str, *, at: datetime) -> None:
    to = account.credential.email
    if to and account.opened_at is not None:
        queue_email(
            to=to,
            template=template,
            context={**words_of(account), "person": name_of(account), "when": at.isoformat()},
            account_id=account.pk,
            partner_id=account.partner_id,
            at=at,
        )
