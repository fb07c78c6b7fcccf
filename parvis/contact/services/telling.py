"""The mails about written questions: they say that there is something to read, never what (product.md §5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from parvis.contact.models import Conversation
from parvis.correspondence.services import Draft, queue_many
from parvis.identity.models import Account, AccountState


def received(conversation: Conversation, *, at: datetime) -> None:
    """« Votre message est arrivé », with the day by which the office answers."""
    _tell("received", conversation, {"until": conversation.answer_by.isoformat()}, at)


def answered(conversation: Conversation, *, at: datetime) -> None:
    """« Votre caisse vous a répondu »."""
    _tell("answered", conversation, {}, at)


def _tell(name: str, conversation: Conversation, words: dict[str, Any], at: datetime) -> None:
    """To whoever wrote, as long as their access is open and their mailbox proved."""
    rows = Account.objects.filter(
        pk=conversation.account_id, state=AccountState.ACTIVE, credential__email__isnull=False
    )
    account = rows.select_related("credential").first()
    if account is None:
        return
    context = {
        "account_name": conversation.landlord.name,
        "login_id": account.login_id,
        "user_number": account.user_number,
        "account_reference": account.reference,
        "number": conversation.number,
        "opaque": str(conversation.opaque),
        "office": conversation.office.name,
        **words,
    }
    to, place = account.credential.email or "", f"contact/emails/{name}"
    draft = Draft(place, context, to=to, account_id=account.pk, partner_id=conversation.landlord_id)
    queue_many([draft], at=at)
