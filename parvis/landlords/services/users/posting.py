"""Letters about an account, to the landlord's postal address: what each says of its reader and of its sender."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from parvis.correspondence.services import queue_letter
from parvis.identity.models import Account
from parvis.identity.services.birth import Newcomer
from parvis.landlords.selectors.addressees import addressee_of

Secret = tuple[str, int]
"""Who draws the secret of a letter, by name, and for which row."""


def write_by_post(
    account: Account, template: str, /, *, at: datetime, secret: Secret | None = None, **words: Any
) -> bool:
    """Write to the landlord of an account at its postal address; False where no office knows one."""
    found = addressee_of(account)
    if found is None:
        return False
    post_to(account, found[0], template, at=at, secret=secret, **words)
    return True


def post_to(
    account: Account, who: Newcomer, template: str, /, *, at: datetime, secret: Secret | None = None, **words: Any
) -> None:
    """The same, to an address already looked up."""
    named, subject = secret or ("", None)
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
        secret=named,
        secret_subject=subject,
        account_id=account.pk,
        partner_id=account.partner_id,
        at=at,
    )
