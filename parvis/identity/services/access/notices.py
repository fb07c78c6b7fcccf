"""What people are told when how they come in has changed: their mailbox, and for thirty days the one they left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from parvis.audit.journal import Event
from parvis.correspondence.services import queue_email
from parvis.identity.models import Account, Credential, FormerMailbox
from parvis.identity.selectors.accounts import words_of
from parvis.identity.services.access import freezing

TOLD_AFTER_LEAVING = timedelta(days=30)


def tell(
    account: Account, event: Event, template: str, context: dict[str, Any], *, also: Iterable[str] = (), at: datetime
) -> None:
    """Tell the mailboxes of an account's credential of ``event``; each mail has its own « Ce n’est pas moi ».

    ``also`` adds addresses that have just stopped, or just begun, to be the credential's. One mail an address, whatever
    the number of accounts that share it.
    """
    credential = Credential.objects.get(pk=account.credential_id)
    former = FormerMailbox.objects.filter(credential=credential, told_until__gt=at).values_list("email", flat=True)
    addresses = dict.fromkeys(address for address in (credential.email, *also, *former) if address)
    for address in addresses:
        link = freezing.link_for(credential.pk, event.code, at=at)
        queue_email(
            to=address,
            template=template,
            context={**words_of(account), "when": at.isoformat(), **context},
            secret="freeze_link",  # noqa: S106
            secret_subject=link.pk,
            account_id=account.pk,
            partner_id=account.partner_id,
            at=at,
        )


def remember_mailbox(credential_id: int, email: str | None, *, at: datetime) -> None:
    """Note a mailbox that a credential has left: it is told of what happens for thirty days more."""
    if email:
        FormerMailbox.objects.create(
            credential_id=credential_id, email=email, left_at=at, told_until=at + TOLD_AFTER_LEAVING
        )


def copy_former_mailboxes(credential_id: int, apart_id: int, *, at: datetime) -> None:
    """Accounts that part take with them the mailboxes that are still to be told."""
    former = FormerMailbox.objects.filter(credential_id=credential_id, told_until__gt=at)
    FormerMailbox.objects.bulk_create(
        FormerMailbox(credential_id=apart_id, email=email, left_at=left_at, told_until=told_until)
        for email, left_at, told_until in former.values_list("email", "left_at", "told_until")
    )
