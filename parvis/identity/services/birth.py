"""Accounts are born, never asked for: when a feed brings a landlord's first tenancy with a right to aid."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from parvis.audit.journal import record_many
from parvis.correspondence.services import Draft, queue_set
from parvis.identity import events, rules
from parvis.identity.models import Account, Credential, Nature, Partner
from parvis.identity.refusals import EmailNotUnderstood
from parvis.kit.actors import Actor
from parvis.kit.db import blank_row, copy_in, next_values
from parvis.kit.references import CHECK_LETTERS, opaque
from parvis.parameters.catalogue import PASSWORD_AFTER_LETTER
from parvis.parameters.selectors import duration

BATCH = 2_000
_ONE_RUN_AT_A_TIME = 7_301_001
_NO_OFFICE: Mapping[str, Any] = {"name": "Votre caisse d’allocations familiales", "address": [], "phone": ""}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A partner who may need an account.

    ``recipient_name`` and ``address_lines`` are the window of the letters, ``office`` their sender (``name``,
    ``address``, ``phone``). An e-mail known to the office serves individuals only; corporate partners get letters.
    """

    partner_id: UUID
    user_number: str
    email: str
    recipient_name: str
    address_lines: tuple[str, ...]
    office: Mapping[str, Any] = field(default_factory=lambda: _NO_OFFICE)


def open_accounts(newcomers: Iterable[Newcomer], *, at: datetime, by: Actor) -> int:
    """Open an account for each partner that has none, and queue the two messages that bring its credentials.

    Works in blocks, each a transaction of its own; run again, it goes on where it stopped. Returns how many were opened.
    """
    waiting = iter(newcomers)
    opened = 0
    while block := list(islice(waiting, BATCH)):
        opened += _open_block(block, at=at, by=by)
    return opened


@transaction.atomic
def _open_block(block: Sequence[Newcomer], *, at: datetime, by: Actor) -> int:
    with connection.cursor() as cursor:
        # Two runs at once would both find the partner without account; the second waits, then sees the first's.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_RUN_AT_A_TIME])
    corporate = _natures_of_new(block)
    once = {newcomer.partner_id: newcomer for newcomer in block if newcomer.partner_id in corporate}
    chosen = list(once.values())
    accounts = _written(chosen, at)
    queue_set(
        (draft for account, who in zip(accounts, chosen, strict=True) for draft in _messages(account, who, corporate)),
        at=at,
    )
    record_many(events.ACCOUNT_BORN, subjects=[(account.login_id, {}) for account in accounts], by=by, at=at)
    return len(accounts)


def _written(chosen: Sequence[Newcomer], at: datetime) -> list[Account]:
    """One credential and one account for each, written in sets."""
    count = len(chosen)
    credentials, identifiers = next_values(Credential, count), next_values(Account, count)
    accounts = [
        Account(
            pk=identifier,
            reference=opaque(),
            login_id=login_id,
            user_number=newcomer.user_number,
            partner_id=newcomer.partner_id,
            credential_id=credential,
            claimed_email=_reachable(newcomer.email),
            created_at=at,
        )
        for newcomer, credential, identifier, login_id in zip(
            chosen, credentials, identifiers, free_login_ids(count), strict=True
        )
    ]
    blank = blank_row(Credential)
    copy_in(Credential, list(blank), ([*(blank | {"id": credential}).values()] for credential in credentials))
    columns = list(blank_row(Account))
    copy_in(Account, columns, ([vars(account)[column] for column in columns] for account in accounts))
    return accounts


def _reachable(email: str) -> str:
    """The address as messages go to it; none where they could not: its owner then gets letters."""
    try:
        return rules.read_email(email)
    except EmailNotUnderstood:
        return ""


def _natures_of_new(block: Sequence[Newcomer]) -> dict[UUID, bool]:
    """The partners of the block without account, and whether each is corporate."""
    without = Partner.objects.filter(pk__in={newcomer.partner_id for newcomer in block}, accounts=None)
    return {partner: nature == Nature.CORPORATE for partner, nature in without.values_list("pk", "nature")}


def free_login_ids(count: int) -> list[str]:
    """That many identifiers nobody has: all drawn at random."""
    free: set[str] = set()
    while len(free) < count:
        drawn = {_login_id() for _ in range(count - len(free))}
        free |= drawn - set(Account.objects.filter(login_id__in=drawn).values_list("login_id", flat=True))
    return list(free)


def _login_id() -> str:
    """``LOG``, six digits, one letter, all drawn: 20 million of them, ten times the landlords of the country."""
    return f"LOG{secrets.randbelow(1_000_000):06d}{secrets.choice(CHECK_LETTERS)}"


def _messages(account: Account, who: Newcomer, corporate: Mapping[UUID, bool]) -> Iterator[Draft]:
    by_email = rules.reached_by_email(corporate=corporate[who.partner_id], email=account.claimed_email)
    return credential_messages(account, who, by_email=by_email)


def credential_messages(account: Account, who: Newcomer, *, by_email: bool) -> Iterator[Draft]:
    """The identifier, then the password: neither message holds what the other brings (product.md §2.1)."""
    words: dict[str, Any] = {
        "account_name": who.recipient_name,
        "login_id": account.login_id,
        "user_number": account.user_number,
    }
    ids: dict[str, Any] = {"account_id": account.pk, "partner_id": account.partner_id}
    secret: dict[str, Any] = {"secret": "provisional_password", "secret_subject": account.credential_id}
    if by_email:
        first = Draft("identity/emails/identifier", words, to=account.claimed_email, **ids)
        yield first
        wait = rules.PASSWORD_AFTER_EMAIL
        yield Draft(
            "identity/emails/password", words, to=account.claimed_email, after=first, delay=wait, **secret, **ids
        )
        return
    words["office"] = dict(who.office)
    window = (who.recipient_name, *who.address_lines)
    first = Draft("identity/letters/identifier", {**words, "qr_path": "/connexion/"}, to_address=window, **ids)
    yield first
    wait = duration(PASSWORD_AFTER_LETTER)
    yield Draft("identity/letters/password", words, to_address=window, after=first, delay=wait, **secret, **ids)
