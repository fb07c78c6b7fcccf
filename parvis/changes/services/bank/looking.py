"""How long a bank change waits, and which ones an agent looks at (security.md §2.9)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from parvis.changes import workflow
from parvis.changes.models import ChangeKind, ChangeRequest, Flag
from parvis.identity.models import Account, FormerMailbox
from parvis.landlords.models import Landlord, ThirdPartyNumber
from parvis.parameters.catalogue import BANK_HOLD, BANK_HOLD_AFTER_POST, BANK_HOLD_AFTER_RECOVERY
from parvis.parameters.selectors import duration

RECENT = timedelta(days=30)
ONE_DAY = timedelta(days=1)
MANY = 3
"""Landlords of one mailbox whose account changes within a day (security.md §2.9)."""


def held_until(account: Account, *, at: datetime) -> datetime:
    """Until when a change proved now stays here: longer after a new password or mailbox, or an opening by post."""
    moments = [at + duration(BANK_HOLD)]
    left = FormerMailbox.objects.filter(credential_id=account.credential_id).order_by("-left_at").first()
    for changed in (account.credential.proof_changed_at, left.left_at if left else None):
        if changed is not None:
            moments.append(changed + duration(BANK_HOLD_AFTER_RECOVERY))
    if account.opened_by_post and account.opened_at is not None:
        moments.append(account.opened_at + duration(BANK_HOLD_AFTER_POST))
    return max(moments)


def flags_of(
    landlord: Landlord,
    account: Account,
    iban: str,
    index: bytes,
    *,
    same_holder: bool,
    with_landlords: Collection[UUID] = (),
    at: datetime,
) -> list[str]:
    """Why an agent looks before it leaves; none for most. ``with_landlords`` are those asked for by the same form: each counts for all."""
    left = FormerMailbox.objects.filter(credential_id=account.credential_id, left_at__gt=at - RECENT)
    found = {
        Flag.HOLDER_DIFFERS: not same_holder,
        Flag.FOREIGN_IBAN: not iban.startswith("FR"),
        Flag.IBAN_ELSEWHERE: _is_elsewhere(landlord, account, index),
        Flag.AFTER_RECOVERY: left.exists() or _is_recent(account.credential.proof_changed_at, at),
        Flag.MANY_AT_ONCE: _others_changing(landlord, account, with_landlords, at=at) + 1 >= MANY,
    }
    return [flag.value for flag, raised in found.items() if raised]


def _is_recent(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment > at - RECENT


def _others_changing(landlord: Landlord, account: Account, with_landlords: Collection[UUID], *, at: datetime) -> int:
    """Other landlords whose account the same mailbox has changed within a day, stopped since or not, or changes with this one."""
    proved = ChangeRequest.objects.filter(kind=ChangeKind.BANK_DETAILS, proved_at__gt=at - ONE_DAY)
    mine = proved.filter(account__credential_id=account.credential_id).exclude(landlord=landlord)
    return len({*mine.values_list("landlord_id", flat=True), *with_landlords} - {landlord.pk})


def _is_elsewhere(landlord: Landlord, account: Account, index: bytes) -> bool:
    """Whether another landlord is paid, or asks to be, on this account: not the same person, nor one they act for."""
    theirs = Q(landlord__partner__accounts__credential_id=account.credential_id) | Q(landlord=landlord)
    person = landlord.partner.person_index
    if person is not None:
        theirs |= Q(landlord__partner__person_index=person)
    known = ThirdPartyNumber.objects.filter(iban_index=index).exclude(theirs)
    asked = ChangeRequest.objects.filter(
        kind=ChangeKind.BANK_DETAILS, iban_index=index, state__in=[*workflow.UNDECIDED, workflow.DONE]
    )
    return known.exists() or asked.exclude(theirs).exists()
