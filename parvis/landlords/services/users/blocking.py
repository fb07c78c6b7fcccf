"""« Bloquer l’accès »: what an agent does when somebody else may be using it (security.md §2.10).

Frozen, not closed: whoever administers keeps the role, so that it works for the only administrator too, whom nobody may suspend.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.identity.models import AccountState
from parvis.identity.services.access import freezing
from parvis.kit.actors import Actor, Duty
from parvis.kit.refusals import ActNotPossible
from parvis.landlords.services.by_agent import held_account, said
from parvis.landlords.services.users.deciding import name_of
from parvis.landlords.services.users.posting import write_by_post


@transaction.atomic
def block(partner_id: UUID, reference: str, *, reason: str, by: Actor, at: datetime) -> bool:
    """Let nobody in with the credential of an account, end its sessions and stop the bank changes it asked for.

    Its mailboxes are told, and by post the landlord, for the mailbox may be the thief’s. What its owner
    froze becomes the office’s, for reception to open no more. A second click changes nothing: False then.
    """
    words = said(reason)
    by = replace(by, partner_id=partner_id)
    account = held_account(partner_id, reference, Duty.SUSPEND_ACCOUNTS, by=by)
    if account.state == AccountState.DISABLED:
        raise ActNotPossible("Cet accès est déjà fermé.")
    if not freezing.freeze_credential(account.credential_id, because=words, by=by, at=at, by_office=True):
        return False
    write_by_post(account, "landlords/letters/access_blocked", at=at, person=name_of(account), when=at.isoformat())
    return True
