"""Sending credentials again to those who lost them: by e-mail if a mailbox is known, else by post (product.md §2.6).

Nothing here answers the one who asks: the pages say the same whatever was typed. A working password is never touched, and
no second password is made while one travels.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence.services import queue_email, queue_many, take_back_unbatched
from parvis.identity import events, rules
from parvis.identity.models import Account, AccountState, Credential, Nature
from parvis.identity.selectors.accounts import words_of
from parvis.identity.selectors.journey import (
    IDENTIFIER_LETTER,
    PASSWORD_LETTER,
    Journey,
    letters_of,
    password_mail_waits,
)
from parvis.identity.services import birth, limits
from parvis.identity.services.access import meant
from parvis.kit.references import keyed_fingerprint
from parvis.kit.text import fold
from parvis.landlords.models import Invitation
from parvis.landlords.selectors.addressees import accounts_of_siret, accounts_under, addressee_of
from parvis.parameters.catalogue import LETTERS_A_DAY
from parvis.parameters.selectors import value

log = structlog.get_logger(__name__)
_CLOSED = (AccountState.DISABLED, AccountState.FROZEN)
REMINDED_EVERY = timedelta(minutes=10)
REPLACED = "Remplacé par un nouvel envoi"
_LETTERS = (IDENTIFIER_LETTER, PASSWORD_LETTER)


def identifier_lost(user_number: str, postcode: str, *, address: str, at: datetime) -> None:
    """« Identifiant perdu » : the identifier again to the mailbox; the two messages again to who never signed in."""
    buckets = [limits.of_recoveries("identifier", user_number), limits.of_recoveries_from(address)]
    if limits.admit(buckets, at=at).paused_until is None:
        _send(accounts_under(user_number), postcode, at=at)


def password_lost(typed: str, postcode: str, *, address: str, at: datetime) -> None:
    """A provisional password again, for an account without mailbox that was never opened (ux.md B7, exception)."""
    reading = rules.read_login(typed)
    buckets = [limits.of_recoveries("credentials", reading.value), limits.of_recoveries_from(address)]
    if limits.admit(buckets, at=at).paused_until is not None:
        return
    account = meant.account_of(typed)
    if account is not None and account.credential.email is None:
        _send([account], postcode, at=at)


def user_number_lost(siret: str, *, address: str, at: datetime) -> None:
    """« Numéro introuvable » : the user number and identifiers of an organisation, to the mailboxes of its users."""
    buckets = [limits.of_recoveries("user number", siret), limits.of_recoveries_from(address)]
    if limits.admit(buckets, at=at).paused_until is None:
        reachable = [account for account in accounts_of_siret(siret) if account.credential.email]
        with transaction.atomic():
            remind(reachable, at=at)


def journey_of(user_number: str, postcode: str, *, address: str, at: datetime) -> Journey | None:
    """Where the letters of an account are, for who knows its user number and its postcode: dates only."""
    buckets = [limits.of_recoveries("journey", user_number), limits.of_recoveries_from(address)]
    if limits.admit(buckets, at=at).paused_until is not None:
        return None
    for account in accounts_under(user_number):
        found = addressee_of(account)
        if found is not None and same_postcode(found[1], postcode):
            letters = letters_of(account.pk)
            if letters is not None and account.opened_at is None:
                return letters
    return None


def same_postcode(known: str, typed: str) -> bool:
    """Whether two postcodes are one, however they are spaced."""
    return bool(typed.strip()) and fold(known).replace(" ", "") == fold(typed).replace(" ", "")


@transaction.atomic
def _send(accounts: Sequence[Account], postcode: str, *, at: datetime) -> None:
    """To mailboxes that are proved, what they hold; to the others, their two messages."""
    opened = [account for account in accounts if account.credential.email]
    remind(opened, at=at)
    invited = set(Invitation.objects.filter(account__in=accounts).values_list("account_id", flat=True))
    for account in accounts:
        # An invited colleague asks whoever invited them: their credentials never travel to the organisation's address.
        if account.credential.email is None and account.state not in _CLOSED and account.pk not in invited:
            _send_credentials(account, postcode, at=at)


def remind(accounts: Sequence[Account], *, at: datetime) -> None:
    """One mail a mailbox, whatever the number of its accounts; a frozen or closed one learns nothing new.

    The same identifiers leave once in ten minutes: the mail just sent says what another would.
    """
    by_mailbox: dict[str, list[Account]] = {}
    for account in accounts:
        if account.credential.email and account.credential.frozen_at is None and account.state not in _CLOSED:
            by_mailbox.setdefault(account.credential.email, []).append(account)
    for mailbox, held in by_mailbox.items():
        first = held[0]
        named = ",".join(account.login_id for account in held)
        if limits.admit([_of_reminders(mailbox, named)], at=at).paused_until is not None:
            continue
        pairs = [[account.login_id, account.user_number] for account in held]
        queue_email(
            to=mailbox,
            template="identity/emails/identifier_again",
            context={**words_of(first), "pairs": pairs},
            account_id=first.pk,
            partner_id=first.partner_id,
            at=at,
        )
        record(events.IDENTIFIER_SENT, subject=first.login_id, by=meant.actor_of(first), at=at)


def _of_reminders(email: str, identifiers: str) -> limits.Bucket:
    return limits.Bucket(keyed_fingerprint("reminders", f"{email}|{identifiers}"), 1, REMINDED_EVERY)


def _send_credentials(account: Account, postcode: str, *, at: datetime) -> None:
    """The two messages again, unless some are on their way; by post only to who knows the postcode."""
    found = addressee_of(account)
    # The row is the queue: of two clicks, the second finds the messages of the first.
    Credential.objects.select_for_update().get(pk=account.credential_id)
    if found is None:
        return
    corporate = account.partner.nature == Nature.CORPORATE
    by_email = rules.reached_by_email(corporate=corporate, email=account.claimed_email)
    if by_email:
        if password_mail_waits(account.pk):
            return
    elif not same_postcode(found[1], postcode) or not _may_write(account, at=at):
        return
    take_back_unbatched(account.pk, _LETTERS, by=meant.actor_of(account), at=at, reason=REPLACED)
    queue_many(birth.credential_messages(account, found[0], by_email=by_email), at=at)
    record(events.CREDENTIALS_SENT, subject=account.login_id, by=meant.actor_of(account), at=at, by_post=not by_email)


def _may_write(account: Account, *, at: datetime) -> bool:
    """No letters while others travel, nor too soon after; and not beyond the office's letters of the day."""
    letters = letters_of(account.pk)
    if letters is not None and (letters.travels(at) or at < letters.again_from):
        return False
    return may_write_today(account, at=at)


def may_write_today(account: Account, *, at: datetime) -> bool:
    """Whether the letters of the day leave room for another, which is then counted; who runs the portal learns it if not."""
    if limits.admit([limits.of_letters(value(LETTERS_A_DAY))], at=at).paused_until is None:
        return True
    if limits.admit([limits.of_once_a_day("letters", "all")], at=at).paused_until is None:
        log.error("letters_of_the_day_exhausted", limit=value(LETTERS_A_DAY))
        record(events.LETTERS_EXHAUSTED, subject="letters", by=meant.actor_of(account), at=at)
    return False
