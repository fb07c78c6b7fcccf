"""Bank details of several offices at once: for which numbers one may ask, and what was asked together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parvis.changes import workflow
from parvis.changes.models import ChangeKind, ChangeRequest
from parvis.changes.selectors.people import OwnAccount, accounts_of_credential
from parvis.changes.selectors.requests import ChangeLine, line_of, visible
from parvis.kit.actors import Actor, Right
from parvis.landlords.models import ThirdPartyNumber

MOST = 25
"""Numbers one IBAN is asked for at once: each has its request, its letter, its copy of the file."""


@dataclass(frozen=True, slots=True)
class Target:
    """A number whose account one may change, by whom: the account of the person that holds the right there."""

    known: ThirdPartyNumber
    actor: Actor
    account: str
    is_here: bool

    @property
    def label(self) -> str:
        """The office and the number; of another account, its name first."""
        office = f"{self.known.office.name} (n°\u00a0{self.known.user_number})"
        return office if self.is_here else f"{self.account} — {office}"


def targets_of(actor: Actor, *, at: datetime) -> list[Target]:
    """Every number whose bank details the person may change and for which nothing is on its way; those of this account first.

    Of one landlord and office there is one change at a time, so its other numbers wait with it.
    """
    # The rights and offices of this page are those of the session, not more.
    here = OwnAccount(actor, "", "")
    others = accounts_of_credential(actor, Right.BANK_DETAILS, at=at)
    return _free([here, *(own for own in others if own.actor.account_id != actor.account_id)], actor)


def _free(accounts: Sequence[OwnAccount], actor: Actor) -> list[Target]:
    landlords = {own.actor.partner_id for own in accounts}
    numbers = ThirdPartyNumber.objects.filter(landlord_id__in=landlords, absent_since=None)
    known: dict[object, list[ThirdPartyNumber]] = {}
    for number in numbers.select_related("office", "landlord").order_by("office_id", "pk"):
        known.setdefault(number.landlord_id, []).append(number)
    live = ChangeRequest.objects.filter(
        landlord_id__in=landlords, kind=ChangeKind.BANK_DETAILS, state__in=workflow.UNDECIDED
    )
    taken = set(live.values_list("landlord_id", "office_id"))
    found: dict[int, Target] = {}
    for own in accounts:
        for number in known.get(own.actor.partner_id, []):
            is_theirs = not own.actor.offices or number.office_id in own.actor.offices
            if is_theirs and (number.landlord_id, number.office_id) not in taken:
                is_here = own.actor.partner_id == actor.partner_id
                found.setdefault(number.pk, Target(number, own.actor, own.name, is_here))
    return list(found.values())


def asked_together(change: ChangeRequest) -> list[ChangeRequest]:
    """The change and those asked with it by the same person that still wait for their code, in one order."""
    if change.together is None:
        return [change]
    rows = ChangeRequest.objects.filter(
        together=change.together, state=change.state, account__credential_id=change.account.credential_id
    )
    return list(rows.select_related("office", "landlord", "account__credential", "third_party_number").order_by("pk"))


def siblings_of(actor: Actor, line: ChangeLine) -> list[ChangeLine]:
    """What was asked together with a bank change, as far as the actor may see it, itself left out."""
    row = visible(actor).filter(number=line.number, together__isnull=False).first()
    if row is None:
        return []
    others = visible(actor).filter(together=row.together).exclude(pk=row.pk).order_by("pk")
    return [line_of(other, actor) for other in others]
