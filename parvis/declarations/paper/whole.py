"""A receipt on paper with all it sealed: the same bytes on its page, in an archive and in the mail that tells of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import urlencode

from django.conf import settings

from parvis.correspondence.rendering.attachments import Attached
from parvis.declarations import paper
from parvis.declarations.models import Receipt
from parvis.declarations.selectors.history import others_of
from parvis.declarations.selectors.receipts import ReceiptSheet, receipt_of, rents_in_blocks, rents_of
from parvis.identity.models import Account, AccountState
from parvis.kit.actors import Actor, ActorKind
from parvis.sheets.writing import IN_MEMORY


def whole_paper(sheet: ReceiptSheet) -> bytes:
    """The PDF of a receipt already read and found unaltered, with every line of it."""
    others = [] if sheet.is_of_rents else others_of(sheet.id)
    is_long = sheet.is_of_rents and sheet.count > paper.PRINTED
    rents = rents_of(sheet, limit=1 if is_long else None)
    table = table_digest(sheet) if is_long else ""
    return paper.receipt_pdf(sheet, rents, others, check_url=check_url(sheet), site=settings.PUBLIC_URL, table=table)


def table_of(sheet: ReceiptSheet) -> Iterator[bytes]:
    """The table of the rents of a receipt, read and written by blocks: a hundred thousand of them are never in memory together."""
    return paper.rents_csv(sheet.year or 0, rents_in_blocks(sheet), tells_confirmed=sheet.tells_confirmed)


def table_file(sheet: ReceiptSheet) -> IO[bytes]:
    """That table as a file, on disk unless it is short; whoever sends it closes it."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever sends it closes it
    file.writelines(table_of(sheet))
    file.seek(0)
    return file


def table_digest(sheet: ReceiptSheet) -> str:
    """The SHA-256 that stands for those rents on paper."""
    digest = sha256()
    for part in table_of(sheet):
        digest.update(part)
    return digest.hexdigest()


def check_url(sheet: ReceiptSheet) -> str:
    """The public page that tells whether a receipt is authentic, its two fields filled."""
    query = urlencode({"numero": sheet.number, "code": sheet.code})
    return f"{settings.PUBLIC_URL}/verifier/?{query}"


def attached_receipt(receipt_id: int, /, *, to: str, account_id: int | None, at: datetime) -> Attached | None:
    """``accuse-<number>.pdf``, for the mail that tells of it; raises ReceiptAltered where it would prove nothing.

    The same whenever it leaves. Nothing where the mailbox was blocked, closed or left since: a paper that names tenants goes to who
    may still read it.
    """
    reads = Account.objects.filter(pk=account_id or 0, credential__email=to, credential__frozen_at=None)
    if not reads.exclude(state__in=(AccountState.DISABLED, AccountState.FROZEN)).exists():
        return None
    number, landlord = Receipt.objects.values_list("number", "landlord_id").get(pk=receipt_id)
    reader = Actor(ActorKind.SYSTEM, "worker", partner_id=landlord)
    return Attached(f"accuse-{number}.pdf", whole_paper(receipt_of(reader, number, whole=True)))
