"""Noting what came back. Whose it is, and who may note it, is judged by the room that knows landlords."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence import events
from parvis.correspondence.models import Message, MessageState
from parvis.correspondence.refusals import AlreadyReturned
from parvis.correspondence.returns.models import ReturnedLetter, ReturnReason, SettledAs
from parvis.correspondence.services import abandon, retry
from parvis.kit.actors import Actor
from parvis.kit.db import change_exactly_one

ADDRESS_DOUBTFUL = "L’adresse est à vérifier\u00a0: une lettre est revenue."
ADDRESS_CORRECTED = "L’adresse a été corrigée depuis\u00a0: l’envoi est à refaire."


@transaction.atomic
def note_return(letter: Message, reason: ReturnReason, *, by: Actor, at: datetime) -> ReturnedLetter:
    """Keep that a letter came back; twice is refused. ``by`` stands in the file of its landlord."""
    values = {
        "partner_id": letter.partner_id,
        "to_address": letter.to_address,
        "reason": reason,
        "noted_at": at,
        "noted_by": by.label,
    }
    returned, is_new = ReturnedLetter.objects.get_or_create(message=letter, defaults=values)
    if not is_new:
        raise AlreadyReturned(letter.number)
    record(events.LETTER_RETURNED, subject=letter.number, by=by, at=at, reason=reason.value)
    return returned


@transaction.atomic
def settle(returned: ReturnedLetter, outcome: SettledAs, *, by: Actor, at: datetime) -> int:
    """Say what the address is: right after all (what was held back leaves) or corrected (it is given up, for it was written to
    the former one). Says how many letters leave again."""
    as_seen = ReturnedLetter.objects.filter(pk=returned.pk, settled_at__isnull=True)
    change_exactly_one(as_seen, settled_at=at, settled_by=by.label, settled_as=outcome)
    record(events.ADDRESS_SETTLED, subject=returned.message.number, by=by, at=at, outcome=outcome.value)
    held = Message.objects.filter(
        state=MessageState.FAILED,
        failure=ADDRESS_DOUBTFUL,
        partner_id=returned.partner_id,
        to_address=returned.to_address,
    )
    letters = list(held.values_list("pk", flat=True))
    if outcome is SettledAs.RIGHT:
        return retry(letters, by=by, at=at)
    abandon(letters, by=by, at=at, reason=ADDRESS_CORRECTED)
    return 0


def is_doubtful(message: Message) -> bool:
    """Whether another letter to that landlord at that very address came back, and nobody has settled why."""
    if message.partner_id is None:
        return False
    unsettled = ReturnedLetter.objects.filter(partner_id=message.partner_id, settled_at__isnull=True)
    return unsettled.filter(to_address=message.to_address).exists()
