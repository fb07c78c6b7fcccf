"""The third letter: who opened an account whose credentials came by post (security.md §2.8, T28)."""

from __future__ import annotations

from datetime import datetime

from parvis.correspondence.models import MessageState
from parvis.correspondence.selectors import latest
from parvis.identity import events, rules
from parvis.identity.models import Account
from parvis.identity.selectors.journey import PASSWORD_LETTER
from parvis.identity.services.access import freezing
from parvis.landlords.selectors.addressees import addressee_of
from parvis.landlords.services.users.posting import post_to


def tell_by_post(account: Account, *, at: datetime) -> bool:
    """Write to the address the credentials went to, with a code that stops it all; False if they came by e-mail.

    A letter can be read by a neighbour: who was not the one to open the account learns it here, and money waits longer.
    """
    letter = latest(account.pk, [PASSWORD_LETTER])
    found = addressee_of(account)
    if letter is None or letter.state != MessageState.SENT or found is None:
        return False
    Account.objects.filter(pk=account.pk).update(opened_by_post=True)
    link = freezing.link_for(account.credential_id, events.ACCOUNT_OPENED.code, at=at, account_id=account.pk)
    account.refresh_from_db()
    words = {"masked": rules.masked(account.credential.email or ""), "opened": at.isoformat()}
    post_to(account, found[0], "landlords/letters/activated", at=at, secret=("stop_code", link.pk), **words)
    return True
