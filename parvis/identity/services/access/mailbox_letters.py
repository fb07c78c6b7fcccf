"""Back in without one's old mailbox: by a letter to the address on file, whose password lets one give another mailbox.

Nothing changes when the letter is asked, nor when it leaves: whoever reads the old mailbox goes on, is told, and may freeze.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence.secrets import SecretNoLongerNeeded
from parvis.identity import events, passwords, rules
from parvis.identity.models import Account, Credential, MailboxLetter, Nature
from parvis.identity.services import limits, sessions
from parvis.identity.services.access import meant, notices
from parvis.kit.clock import day_in_paris
from parvis.kit.db import change_exactly_one
from parvis.kit.periods import long_day
from parvis.parameters.catalogue import LETTER_AGAIN_AFTER, VALID_BY_LETTER
from parvis.parameters.selectors import duration


def may_ask(account: Account, *, at: datetime) -> bool:
    """Whether a letter may be written: to an individual who had a mailbox, if none was asked lately.

    The credential's row is locked: of two clicks, the second finds the letter of the first.
    """
    if account.partner.nature != Nature.INDIVIDUAL or not meant.may_come_back(account):
        return False
    Credential.objects.select_for_update().get(pk=account.credential_id)
    lately = MailboxLetter.objects.filter(
        credential=account.credential_id, asked_at__gt=at - duration(LETTER_AGAIN_AFTER)
    )
    return not lately.exists()


def begin(account: Account, *, at: datetime) -> MailboxLetter:
    """A letter, still undrawn; the mailbox that is said to be lost is told, and may stop it all."""
    letter = MailboxLetter.objects.create(
        credential_id=account.credential_id, credential_version=account.credential.version, asked_at=at
    )
    record(events.MAILBOX_LETTER_ASKED, subject=account.login_id, by=meant.actor_of(account), at=at)
    notices.tell(account, events.MAILBOX_LETTER_ASKED, "identity/emails/mailbox_letter_asked", {}, at=at)
    return letter


def draw(letter_id: int, *, at: datetime) -> dict[str, str]:
    """The password of a letter about to leave; none any more if something else has changed meanwhile."""
    letter = MailboxLetter.objects.select_related("credential").filter(pk=letter_id, used_at=None).first()
    if letter is None or not _still_stands(letter):
        raise SecretNoLongerNeeded
    secret = "".join(secrets.choice(rules.PROVISIONAL_SIGNS) for _ in range(rules.PROVISIONAL_LENGTH))
    until = at + duration(VALID_BY_LETTER)
    MailboxLetter.objects.filter(pk=letter.pk).update(secret_hash=passwords.hashed(secret), expires_at=until)
    return {"password": rules.shown_provisional(secret), "valid_until": long_day(day_in_paris(until))}


def come_back(
    typed: str, password: str, *, address: str, browser: str, at: datetime
) -> tuple[Account, sessions.NewSession] | None:
    """Type the password of the letter, with the identifier or the old address: what the letter does not tell.

    A right one ends every session, forgets the old mailbox, which is told, and begins the steps of a first sign-in: the
    new mailbox and its code, then a password. The same work is done for values that nobody has.
    """
    value = rules.read_login(typed).value
    if limits.admit(limits.of_asking_back("mailbox letter", value, address), at=at).paused_until is not None:
        return None
    account = meant.account_of(typed)
    letter = _live(account, at=at)
    if not passwords.matches(rules.read_provisional(password), letter.secret_hash if letter else ""):
        return None
    if letter is None or account is None:
        return None
    with transaction.atomic():
        change_exactly_one(MailboxLetter.objects.filter(pk=letter.pk, used_at=None), used_at=at)
        return account, _begin_again(account, letter, browser=browser, at=at)


def _begin_again(account: Account, letter: MailboxLetter, *, browser: str, at: datetime) -> sessions.NewSession:
    credential = account.credential
    notices.remember_mailbox(credential.pk, credential.email, at=at)
    as_seen = Credential.objects.filter(pk=credential.pk, version=letter.credential_version, frozen_at=None)
    change_exactly_one(
        as_seen,
        email=None,
        email_proved_at=None,
        email_refused_at=None,
        password=letter.secret_hash,
        password_changed_at=None,
        provisional_until=letter.expires_at,
        proof_changed_at=at,
    )
    sessions.end_all_of(credential)
    Account.objects.filter(credential=credential).update(opened_by_post=True)
    record(events.CAME_BACK_BY_LETTER, subject=account.login_id, by=meant.actor_of(account), at=at)
    context = {"browser": browser}
    notices.tell(account, events.CAME_BACK_BY_LETTER, "identity/emails/came_back_by_letter", context, at=at)
    return sessions.begin(browser=browser, at=at, credential_id=credential.pk, credential_version=credential.version)


def _live(account: Account | None, *, at: datetime) -> MailboxLetter | None:
    """The newest letter of an account, if it has left, is not too old, and nothing has changed since it was asked."""
    if account is None or not meant.may_come_back(account):
        return None
    rows = MailboxLetter.objects.select_related("credential").filter(credential=account.credential_id)
    letter = rows.exclude(secret_hash="").order_by("-asked_at").first()
    if letter is None or letter.used_at is not None or letter.expires_at is None or letter.expires_at <= at:
        return None
    return letter if _still_stands(letter) else None


def _still_stands(letter: MailboxLetter) -> bool:
    credential = letter.credential
    return credential.version == letter.credential_version and credential.frozen_at is None
