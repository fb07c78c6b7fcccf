"""The mail that says what was received: to the person who sent, if their mailbox is proved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from parvis.correspondence.services import Draft, queue_many
from parvis.declarations.models import Receipt
from parvis.identity.models import Account


def queue_receipts(receipts: Sequence[Receipt], *, at: datetime) -> None:
    """One mail a sealed receipt, in the words it states, in the transaction of the sending. Nothing without a proved mailbox."""
    account = Account.objects.select_related("credential").get(pk=receipts[0].account_id)
    to = account.credential.email
    if not to:
        return
    drafts = [
        Draft(
            template="declarations/emails/receipt",
            context={
                "account_name": stated["landlord"],
                "login_id": account.login_id,
                "user_number": account.user_number,
                "account_reference": account.reference,
                "number": receipt.number,
                "count": receipt.count,
                "rents": receipt.is_of_rents,
                "at": receipt.at.isoformat(),
                "person": receipt.person,
                "office": stated["office"],
                "effect": stated.get("effect", ""),
            },
            to=to,
            attachment="receipt",
            attachment_subject=receipt.pk,
            account_id=account.pk,
            partner_id=account.partner_id,
        )
        for receipt, stated in ((receipt, receipt.stated or {}) for receipt in receipts)
    ]
    queue_many(drafts, at=at)
