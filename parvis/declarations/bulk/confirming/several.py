"""« Confirmer » for all accounts of one upload: account after account, each as its own report would, with its own receipts.

What one account refuses does not hold the others back; each is a transaction of its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from parvis.declarations.bulk import confirming
from parvis.declarations.bulk.intake.several import upload_of
from parvis.declarations.bulk.models import FileState
from parvis.declarations.bulk.refusals import FileNotChecked, HeldBack, NothingReady
from parvis.declarations.selectors.across import accounts_declaring, why_not_declaring
from parvis.kit.money import NBSP
from parvis.kit.refusals import Refusal

AT_ONCE = 25
"""So many accounts are kept before the page answers; the others by the worker."""


class Confirmed(NamedTuple):
    """How many ``accounts`` were confirmed, those left to the worker among them; what the others were told, a sentence each."""

    accounts: int
    refused: list[str]


def confirm_all(
    credential_id: int, reference: UUID, *, wish: str, wants_unsure: bool = False, at: datetime
) -> Confirmed:  # fmt: skip
    """Confirm each account's file that is checked and has something to keep; those confirmed already stay as they are.

    Refuses as a whole while a file is being read (FileNotChecked), and where there is nothing to keep (NothingReady). Rights are
    asked for now, account by account.
    """
    upload = upload_of(credential_id, reference)
    parts = upload.parts.filter(account__credential_id=credential_id).defer("content").select_related("landlord")
    files = list(parts.order_by("pk"))
    if not files or any(file.state in (FileState.RECEIVED, FileState.READING) for file in files):
        raise FileNotChecked
    standing = {account.id: account for account in accounts_declaring(credential_id, at=at)}
    hindrances = why_not_declaring({file.account_id for file in files} - standing.keys(), at=at)
    count, lines, refused = 0, 0, []
    for file in files:
        if file.state != FileState.READY or not confirming.to_keep(file, wants_unsure):
            continue
        lines += sum(file.counts.values())
        account = standing.get(file.account_id)
        try:
            if account is None:
                raise HeldBack(hindrances[file.account_id])
            later = count >= AT_ONCE or lines > confirming.AT_ONCE
            confirming.confirm(account.actor, file.reference, wish=wish, wants_unsure=wants_unsure, later=later, at=at)
            count += 1
        except Refusal as refusal:
            refused.append(f"{file.landlord.name}{NBSP}: {refusal.sentence}")
    if not count and not refused and not any(file.state in _DONE for file in files):
        raise NothingReady
    return Confirmed(count, refused)


_DONE = (FileState.CONFIRMING, FileState.CONFIRMED)
