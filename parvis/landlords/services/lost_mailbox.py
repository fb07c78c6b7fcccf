"""« Mail perdu » for individuals: the letter, and the one that says that it has served (ux.md B8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from parvis.correspondence.services import queue_letter
from parvis.identity import events
from parvis.identity.models import Account
from parvis.identity.services import limits, sessions
from parvis.identity.services.access import freezing, mailbox_letters
from parvis.identity.services.birth import Newcomer
from parvis.landlords.selectors.addressees import accounts_under, addressee_of
from parvis.landlords.services import credentials


def ask_letter(user_number: str, postcode: str, *, address: str, at: datetime) -> None:
    """A letter to the address on file, for whoever knows the user number and the postcode; told to the old mailbox.

    Nothing answers the one who asks, and the password in use goes on working.
    """
    buckets = [limits.of_recoveries("mailbox letter", user_number), limits.of_recoveries_from(address)]
    if limits.admit(buckets, at=at).paused_until is not None:
        return
    for account in accounts_under(user_number):
        found = addressee_of(account)
        if found is not None and credentials.same_postcode(found[1], postcode):
            _ask(account, found[0], at=at)


@transaction.atomic
def _ask(account: Account, who: Newcomer, *, at: datetime) -> None:
    if not mailbox_letters.may_ask(account, at=at) or not credentials.may_write_today(account, at=at):
        return
    letter = mailbox_letters.begin(account, at=at)
    secret = {"secret": "mailbox_letter", "secret_subject": letter.pk}
    _write(account, who, "landlords/letters/mailbox_lost", secret, {}, at=at)


@transaction.atomic
def come_back(
    typed: str, password: str, *, address: str, browser: str, at: datetime
) -> tuple[Account, sessions.NewSession] | None:
    """The password of the letter was typed; once right, another letter says so, with a code that stops it all."""
    found = mailbox_letters.come_back(typed, password, address=address, browser=browser, at=at)
    who = addressee_of(found[0]) if found else None
    if found is not None and who is not None:
        link = freezing.link_for(found[0].credential_id, events.CAME_BACK_BY_LETTER.code, at=at)
        secret = {"secret": "stop_code", "secret_subject": link.pk}
        _write(found[0], who[0], "landlords/letters/came_back", secret, {"opened": at.isoformat()}, at=at)
    return found


def _write(
    account: Account, who: Newcomer, template: str, secret: Mapping[str, Any], words: Mapping[str, Any], *, at: datetime
) -> None:
    queue_letter(
        to_address=[who.recipient_name, *who.address_lines],
        template=template,
        context={
            "account_name": who.recipient_name,
            "login_id": account.login_id,
            "user_number": account.user_number,
            "office": dict(who.office),
            **words,
        },
        **secret,
        account_id=account.pk,
        partner_id=account.partner_id,
        at=at,
    )
