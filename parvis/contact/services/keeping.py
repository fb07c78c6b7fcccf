"""What all verbs share: the number, one more message of a thread, the state that moves on."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from parvis.contact.models import Conversation, ConversationMessage, Side
from parvis.contact.refusals import SentOtherwise, WrittenMeanwhile
from parvis.contact.workflow import CONVERSATION
from parvis.kit.actors import Actor
from parvis.kit.clock import PARIS
from parvis.kit.db import change_exactly_one, next_value
from parvis.kit.encryption import close, open_
from parvis.kit.references import check_letter
from parvis.kit.workflow import Act

LONGEST_BY = 60
LONGEST_PERSON = 130


def number_for(at: datetime) -> str:
    """``E-2026-000000123-K``: the letter changes when a digit is wrong."""
    digits = f"{next_value('contact_number'):09d}"
    return f"E-{at.astimezone(PARIS):%Y}-{digits}-{check_letter(digits)}"


def add(
    conversation: Conversation, side: Side, words: str, *, key: UUID, by: Actor, at: datetime
) -> ConversationMessage:
    """One more message of the thread; the caller has made sure that this form has not added it before."""
    row = ConversationMessage(
        opaque=uuid4(),
        conversation=conversation,
        side=side,
        person=(by.person or by.label)[:LONGEST_PERSON],
        by=by.label[:LONGEST_BY],
        at=at,
        submission_key=key,
    )
    row.text = close(words, row.column)
    row.save()
    return row


def said_before(conversation: Conversation, key: UUID) -> bool:
    """Whether this very form has written already: sent twice, it says it once."""
    return ConversationMessage.objects.filter(conversation=conversation, submission_key=key).exists()


def check_same(conversation: Conversation, key: UUID, words: str) -> None:
    """Refuse other words under the key of a form that has written already."""
    row = ConversationMessage.objects.get(conversation=conversation, submission_key=key)
    if open_(bytes(row.text), row.column) != words:
        raise SentOtherwise


def check_seen(conversation: Conversation, seen: int) -> None:
    """Refuse what was typed without having read the last message; ``seen`` is how many both sides had written."""
    both = [Side.LANDLORD, Side.OFFICE]
    if ConversationMessage.objects.filter(conversation=conversation, side__in=both).count() != seen:
        raise WrittenMeanwhile


def locked(conversation: Conversation) -> Conversation:
    """The thread, alone with it until the end of the transaction: of two who write at once, one is first."""
    return (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("office", "landlord")
        .get(pk=conversation.pk)
    )


def advance(conversation: Conversation, act: Act, *, by: Actor, **fields: Any) -> None:
    """Do one act of the workflow on the thread as it was seen; of two who try, one does it."""
    target = CONVERSATION.target(act, conversation.state, by)
    change_exactly_one(
        Conversation.objects.filter(pk=conversation.pk, state=conversation.state), state=target, **fields
    )
    conversation.state = target
    for name, value in fields.items():
        setattr(conversation, name, value)
