"""What all changes share: the landlord's queue, the number, the first step and those that follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from parvis.changes.models import ChangeKind, ChangeRequest, ChangeStep
from parvis.changes.workflow import CHANGE
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, ActorKind, Right
from parvis.kit.clock import PARIS
from parvis.kit.db import change_exactly_one, next_value
from parvis.kit.references import check_letter
from parvis.kit.refusals import NotAllowed, NotFound
from parvis.kit.workflow import Act
from parvis.landlords.models import Landlord, ThirdPartyNumber

LONGEST_BY = 60


def locked(partner_id: UUID | None) -> Landlord:
    """The landlord, whose row is the queue: of two who ask at once, one is first."""
    found = Landlord.objects.select_for_update(of=("self",)).filter(pk=partner_id).first()
    if found is None:
        raise NotFound
    return found


def check_right(by: Actor, right: Right) -> None:
    """Refuse a partner who does not hold the right, whatever page they came from."""
    if by.kind is ActorKind.PARTNER and not by.may(right):
        raise NotAllowed(right.label)


def own_numbers(by: Actor) -> list[ThirdPartyNumber]:
    """The landlord's numbers in the offices the actor sees, those the office still names first."""
    rows = ThirdPartyNumber.objects.select_related("office", "landlord").filter(landlord_id=by.partner_id)
    if by.offices:
        rows = rows.filter(office_id__in=by.offices)
    found = list(rows.order_by("absent_since", "office_id", "pk"))
    return [number for number in found if number.absent_since is None] or found[:1]


def already(partner_id: UUID | None, key: UUID) -> list[ChangeRequest]:
    """What this very form has asked before: sent twice, it is asked once."""
    rows = ChangeRequest.objects.filter(landlord_id=partner_id, submission_key=key)
    return list(rows.select_related("office", "account").order_by("pk"))


def number_for(at: datetime) -> str:
    """``C-2026-000000123-K``: the letter changes when a digit is wrong."""
    digits = f"{next_value('changes_number'):09d}"
    return f"C-{at.astimezone(PARIS):%Y}-{digits}-{check_letter(digits)}"


def begin(
    kind: ChangeKind, known_as: ThirdPartyNumber, *, state: str, key: UUID, by: Actor, at: datetime, **fields: Any
) -> ChangeRequest:
    """The change as it is born, with its first step."""
    change = ChangeRequest.objects.create(
        **{
            "opaque": uuid4(),
            "number": number_for(at),
            "kind": kind,
            "landlord_id": by.partner_id,
            "account_id": own_account(by),
            "office_id": known_as.office_id,
            "third_party_number": known_as,
            "person": by.person or by.label,
            "state": state,
            "submission_key": key,
            "asked_at": at,
            **fields,
        }
    )
    note_step(change, by=by, at=at)
    return change


def note_step(change: ChangeRequest, *, by: Actor, at: datetime, note: str = "") -> None:
    """Add where the change is now to its history."""
    who = by.person or by.label
    ChangeStep.objects.create(change=change, state=change.state, at=at, by=who[:LONGEST_BY], note=note)


def advance(change: ChangeRequest, act: Act, *, by: Actor, at: datetime, note: str = "", **fields: Any) -> None:
    """Do one act of the workflow on the change as it was seen; of two who try, one does it."""
    target = CHANGE.target(act, change.state, by)
    as_seen = ChangeRequest.objects.filter(pk=change.pk, state=change.state)
    change_exactly_one(as_seen, state=target, **fields)
    change.state = target
    for name, value in fields.items():
        setattr(change, name, value)
    note_step(change, by=by, at=at, note=note)


def numbers_of(changes: Sequence[ChangeRequest]) -> str:
    """Their numbers, for the journal."""
    return ", ".join(change.number for change in changes)
