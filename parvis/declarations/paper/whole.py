"""A receipt on paper with all it sealed: the same bytes on its page, in an archive and in the mail that tells of it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings

from parvis.correspondence.rendering.attachments import Attached
from parvis.declarations.models import Receipt
from parvis.declarations.paper import receipt_pdf
from parvis.declarations.selectors.history import others_of
from parvis.declarations.selectors.receipts import ReceiptSheet, receipt_of, rents_of
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


def attached_receipt(receipt_id: int) -> Attached:
    """``accuse-<number>.pdf``, for the mail that tells of it; raises ReceiptAltered where it would prove nothing."""
    number, landlord = Receipt.objects.values_list("number", "landlord_id").get(pk=receipt_id)
    reader = Actor(ActorKind.SYSTEM, "worker", partner_id=landlord)
    return Attached(f"accuse-{number}.pdf", whole_paper(receipt_of(reader, number, whole=True)))
