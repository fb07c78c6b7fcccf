"""Accounts at every moment of their life, their sessions, and the messages that reach them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count

from django.core import mail

from parvis.correspondence.worker import Worker
from parvis.identity import passwords
from parvis.identity.models import Account, AccountState, Credential, Nature, Partner, Session
from parvis.identity.services import sessions
from parvis.identity.services.sign_in import Outcome, sign_in
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.references import opaque

NOW = datetime(2026, 7, 21, 8, 26, tzinfo=UTC)
PROVISIONAL = "abcdefgh3467"
OWN_PASSWORD = "Tuile-Verger-Canal-47"
_numbers = count(700_000)


@cache
def kept(password: str) -> str:
    """The hash of a password, computed once a run."""
    return passwords.hashed(password)


def partner(nature: Nature = Nature.CORPORATE, person_index: bytes | None = None) -> Partner:
    """A party accounts act for."""
    return Partner.objects.create(nature=nature, person_index=person_index)


def account(of: Partner | None = None, credential: Credential | None = None, **fields: object) -> Account:
    """An account as it is born; ``fields`` change it."""
    number = next(_numbers)
    return Account.objects.create(
        **{
            "reference": opaque(),
            "login_id": f"LOG{number}K",
            "user_number": f"441{number:011d}",
            "partner": of or partner(),
            "credential": credential or Credential.objects.create(),
            "created_at": NOW - timedelta(days=10),
            **fields,
        }
    )


def newborn(of: Partner | None = None, *, until: datetime = NOW + timedelta(days=14), claimed: str = "") -> Account:
    """Somebody whose provisional password has left and who never signed in."""
    credential = Credential.objects.create(password=kept(PROVISIONAL), provisional_until=until)
    return account(of, credential, claimed_email=claimed)


def member(of: Partner | None = None, *, email: str = "", password: str = OWN_PASSWORD) -> Account:
    """Somebody who signs in every year: mailbox proved, own password, account open."""
    number = next(_numbers)
    credential = Credential.objects.create(
        email=email or f"membre{number}@parvis.example",
        email_proved_at=NOW - timedelta(days=200),
        password=kept(password),
        password_changed_at=NOW - timedelta(days=200),
    )
    opened = NOW - timedelta(days=200)
    names = {"first_name": "Claire", "last_name": "Martin", "state": AccountState.ACTIVE, "opened_at": opened}
    return account(of, credential, **names)


def actor_of(who: Account) -> Actor:
    """The actor a page makes of an account."""
    return Actor(ActorKind.PARTNER, who.login_id, account_id=who.pk, partner_id=who.partner_id)


def session_of(who: Account, *, at: datetime = NOW, code: bool = False) -> Session:
    """A session that proves the credential of an account."""
    who.credential.refresh_from_db()
    return sessions.begin(
        browser="Firefox sur Linux",
        at=at,
        credential_id=who.credential_id,
        credential_version=who.credential.version,
        code_satisfied_at=at if code else None,
    ).session


def attempt(
    typed: str,
    password: str = OWN_PASSWORD,
    *,
    browser: str = "",
    at: datetime = NOW,
    address: str = "203.0.113.7",
    captcha: bool = True,
) -> Outcome:
    """Try an identifier and a password, as the page does; ``captcha`` says whether it was answered, where it is asked."""
    return sign_in(
        None,
        typed=typed,
        password=password,
        browser_token=browser,
        browser="Firefox",
        address=address,
        at=at,
        captcha_passed=captcha,
    )


def remembered(who: Account) -> str:
    """The token of a browser where somebody typed a code two hours ago."""
    return sessions.satisfy_code(session_of(who), browser_token="", at=NOW - timedelta(hours=2))[1]


def deliver(at: datetime = NOW) -> list[mail.EmailMessage]:
    """Send what is due; what arrived in the mailboxes since the last time."""
    mail.outbox.clear()
    worker = Worker()
    while worker.run_one(at=at):
        pass
    return list(mail.outbox)


def code_received(at: datetime = NOW) -> str:
    """The digits of the only e-mail that arrives."""
    (message,) = deliver(at)
    found = re.search(r"(\d{3})\u00a0(\d{3})", str(message.body))
    assert found is not None, message.body
    return found[1] + found[2]
