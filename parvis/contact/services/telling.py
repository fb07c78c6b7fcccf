"""The mails about written questions: they say that there is something to read, never what (product.md §5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from parvis.contact.models import Conversation, ConversationMessage, Side
from parvis.correspondence.services import Draft, queue_many
from parvis.identity.models import Account, AccountState
from parvis.landlords.models import Membership
from parvis.landlords.selectors.users import administrators


def received(conversation: Conversation, *, at: datetime) -> None:
    """« Votre message est arrivé », with the day by which the office answers; to whoever wrote it."""
    _tell("received", conversation, _who_asked(conversation), {"until": conversation.answer_by.isoformat()}, at)


def answered(conversation: Conversation, *, at: datetime) -> int:
    """« Votre caisse vous a répondu »; how many people are told."""
    told = readers(conversation, at=at)
    _tell("answered", conversation, told, {}, at)
    return len(told)


def readers(conversation: Conversation, *, at: datetime) -> list[Account]:
    """Who is told of an answer: whoever asked, and whoever wrote last; if neither is there any more, the administrators.

    All as long as their access is open, their mailbox proved and the thread theirs to read.
    """
    others = _administrators(conversation, at)
    last = ConversationMessage.objects.filter(conversation=conversation, side=Side.LANDLORD).order_by("-pk")
    wrote = last.values_list("by", flat=True).first()
    asked = _who_asked(conversation)
    known = {account.pk for account in asked}
    return asked + [one for one in others if one.login_id == wrote and one.pk not in known] or others


def _who_asked(conversation: Conversation) -> list[Account]:
    rows = Account.objects.filter(pk=conversation.account_id, state=AccountState.ACTIVE)
    open_ones = rows.filter(credential__email__isnull=False, credential__frozen_at=None)
    return list(open_ones.select_related("credential"))


def _administrators(conversation: Conversation, at: datetime) -> list[Account]:
    """Those with a mailbox who see this office: they read the threads of everybody there."""
    found = [one for one in administrators(conversation.landlord_id, at=at) if one.credential.email]
    limited = Membership.objects.filter(account__in=found).exclude(offices=[])
    elsewhere = set(limited.exclude(offices__contains=[conversation.office_id]).values_list("account_id", flat=True))
    return [one for one in found if one.pk not in elsewhere]


def _tell(name: str, conversation: Conversation, to: Iterable[Account], words: dict[str, Any], at: datetime) -> None:
    drafts = [
        Draft(
            f"contact/emails/{name}",
            {
                "account_name": conversation.landlord.name,
                "login_id": account.login_id,
                "user_number": account.user_number,
                "account_reference": account.reference,
                "number": conversation.number,
                "opaque": str(conversation.opaque),
                "office": conversation.office.name,
                **words,
            },
            to=account.credential.email or "",
            account_id=account.pk,
            partner_id=conversation.landlord_id,
        )
        for account in to
    ]
    if drafts:
        queue_many(drafts, at=at)
