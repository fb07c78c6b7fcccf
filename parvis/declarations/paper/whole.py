"""A receipt on paper with all it sealed: the same bytes on its page, in an archive and in the mail that tells of it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings

from parvis.correspondence.rendering.attachments import Attached
from parvis.declarations.models import Receipt
from parvis.declarations.paper import receipt_pdf
from parvis.declarations.selectors.history import others_of
from parvis.declarations.selectors.receipts import ReceiptSheet, receipt_of, rents_of
from parvis.identity.models import Account, AccountState
from parvis.kit.actors import Actor, ActorKind


def whole_paper(sheet: ReceiptSheet) -> bytes:
    """The PDF of a receipt already read and found unaltered, with every line of it."""
    others = [] if sheet.is_of_rents else others_of(sheet.id)
    rents = rents_of(sheet, limit=None)
    return receipt_pdf(sheet, rents, others, check_url=check_url(sheet), site=settings.PUBLIC_URL)


def check_url(sheet: ReceiptSheet) -> str:
    """The public page that tells whether a receipt is authentic, its two fields filled."""
    query = urlencode({"numero": sheet.number, "code": sheet.code})
    return f"{settings.PUBLIC_URL}/verifier/?{query}"


def attached_receipt(receipt_id: int, /, *, to: str, account_id: int | None) -> Attached | None:
    """``accuse-<number>.pdf``, for the mail that tells of it; raises ReceiptAltered where it would prove nothing.

    Nothing where the mailbox was blocked, closed or left since: a paper that names tenants goes to who may still read it.
    """
    reads = Account.objects.filter(pk=account_id or 0, credential__email=to, credential__frozen_at=None)
    if not reads.exclude(state__in=(AccountState.DISABLED, AccountState.FROZEN)).exists():
        return None
    number, landlord = Receipt.objects.values_list("number", "landlord_id").get(pk=receipt_id)
    reader = Actor(ActorKind.SYSTEM, "worker", partner_id=landlord)
    return Attached(f"accuse-{number}.pdf", whole_paper(receipt_of(reader, number, whole=True)))
