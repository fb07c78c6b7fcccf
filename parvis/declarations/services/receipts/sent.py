"""What left already: the receipts an actor may be told of."""

from __future__ import annotations

from django.db.models import QuerySet

from parvis.declarations import workflow
from parvis.declarations.models import Receipt
from parvis.kit.actors import Actor


def receipts_seen(actor: Actor) -> QuerySet[Receipt]:
    """The landlord's receipts, of the actor's offices."""
    seen = Receipt.objects.filter(landlord_id=actor.partner_id)
    return seen.filter(office__in=actor.offices) if actor.offices else seen


def sent_as_shown(actor: Actor, expected: str, *, anything_left: bool) -> Receipt | None:
    """The receipt of the very things a person was shown, if they left already.

    While anything is left, not one of which something was refused or corrected: the same amount typed again is another rent.
    """
    sent = receipts_seen(actor).filter(shown=expected).order_by("-at") if expected else Receipt.objects.none()
    if anything_left:
        sent = sent.exclude(declarations__state__in=(workflow.REJECTED, workflow.CORRECTED))
    return sent.first()
