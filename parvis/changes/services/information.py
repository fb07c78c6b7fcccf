"""Where letters go and whom the office calls: asked here, changed by the office."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import Event, record
from parvis.changes import events, workflow
from parvis.changes.models import ChangeKind, ChangeRequest, DraftForm
from parvis.changes.refusals import NothingChanged
from parvis.changes.rules import Address, Contacts, check_address, check_day, check_reachable, read_phone
from parvis.changes.selectors.people import actors_of_credential
from parvis.changes.services import drafts, keeping, telling
from parvis.identity.rules import read_email
from parvis.kit.actors import Actor, Right, system
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound, Refusal
from parvis.landlords.models import ThirdPartyNumber


@transaction.atomic
def change_address(
    address: Address, from_day: date, *, everywhere: bool, key: UUID, by: Actor, at: datetime
) -> list[ChangeRequest]:
    """Ask the office, or with ``everywhere`` those of all one's accounts, to write to ``address`` from a day on.

    The mailbox of the asker is told, and the former address by letter. Asking anew replaces what has not left.
    """
    check_address(address)
    check_day(from_day, today=day_in_paris(at))
    details = {**asdict(address), "from": from_day.isoformat()}
    actors = actors_of_credential(by, Right.DECLARE, at=at) if everywhere else [by]
    asked = _ask(ChangeKind.ADDRESS, lambda _: details, actors, events.ADDRESS_ASKED, key=key, by=by, at=at)
    drafts.sent(DraftForm.ADDRESS, by=by, at=at)
    if not asked.already:
        for change in asked.changes:
            telling.write_to_former_address(change, at=at)
        telling.receive(asked.changes, by=by, at=at)
    return asked.changes


@transaction.atomic
def change_contacts(contacts: Contacts, *, key: UUID, by: Actor, at: datetime) -> list[ChangeRequest]:
    """Ask the office to call, and to write to, other numbers and another address.

    Each office is asked what differs from what was shown, that of the first office: the others may know the landlord by other
    numbers, which stay. The address one signs in with is the profile's business, not this one's. The mailbox that is left is told.
    """
    keeping.check_right(by, Right.DECLARE)
    keeping.locked(by.partner_id)
    if before := keeping.already(by.partner_id, key):
        return before
    new = _new_of(contacts, by)
    asked = _ask(
        ChangeKind.CONTACT,
        lambda known: _still_asked(known) | new,
        [by],
        events.CONTACT_ASKED,
        key=key,
        by=by,
        at=at,
    )
    drafts.sent(DraftForm.PHONE, by=by, at=at)
    telling.write_to_former_mailboxes(asked.changes, by=by, at=at)
    telling.receive(asked.changes, by=by, at=at)
    return asked.changes


def _new_of(contacts: Contacts, by: Actor) -> dict[str, str]:
    """What differs from what was shown, as offices keep it. What was left as it is may be what no form would take today."""
    numbers = keeping.own_numbers(by)
    if not numbers:
        raise NotFound
    shown, new = _reached_by(numbers[0]), {}
    for name, typed in contacts.given().items():
        if typed.strip().casefold() == shown[name].strip().casefold():
            continue
        read = read_email(typed) if name == "email" and typed else read_phone(typed, field=name)
        if read != shown[name]:
            new[name] = read
    if not new:
        raise NothingChanged
    check_reachable(shown | new, new)
    return new


def _still_asked(known: ThirdPartyNumber) -> dict[str, str]:
    """The number there is or will be, which every line tells, and what waits to leave: the new request stands in its place."""
    leaving = _leaving(ChangeKind.CONTACT, known).first()
    return {"phone": _reached_by(known)["phone"], **(leaving.details if leaving else {})}


def _reached_by(known: ThirdPartyNumber) -> dict[str, str]:
    """How an office reaches the landlord once it has done what it was asked: what the page shows."""
    rows = ChangeRequest.objects.filter(third_party_number=known, kind=ChangeKind.CONTACT, state__in=workflow.UNDECIDED)
    found = known_by(ChangeKind.CONTACT, known)
    for change in rows.order_by("asked_at", "pk"):
        found |= change.details
    return found


class _Asked:
    """What was asked, and whether the same form had asked it before."""

    def __init__(self, changes: list[ChangeRequest], *, already: bool) -> None:
        self.changes, self.already = changes, already


def _ask(
    kind: ChangeKind,
    details_for: Callable[[ThirdPartyNumber], dict[str, Any]],
    actors: Sequence[Actor],
    event: Event,
    *,
    key: UUID,
    by: Actor,
    at: datetime,
) -> _Asked:
    keeping.check_right(by, Right.DECLARE)
    # Always in the same order: two who ask for the same landlords wait for one another, never crosswise.
    actors = sorted(actors, key=lambda actor: str(actor.partner_id))
    for actor in actors:
        keeping.locked(actor.partner_id)
    before = [change for actor in actors for change in keeping.already(actor.partner_id, key)]
    if before:
        return _Asked(before, already=True)
    changes = []
    for actor in actors:
        mine = [_one(kind, details, known, key, actor, at) for known, details in _changing(kind, details_for, actor)]
        changes += mine
        if mine:
            record(event, subject=keeping.numbers_of(mine), by=replace(actor, person=by.person), at=at)
    if not changes:
        raise NothingChanged
    return _Asked(changes, already=False)


def _changing(
    kind: ChangeKind, details_for: Callable[[ThirdPartyNumber], dict[str, Any]], actor: Actor
) -> Iterable[tuple[ThirdPartyNumber, dict[str, Any]]]:
    """The landlord's numbers the office writes to otherwise today, or is asked to from another change on; with what to ask."""
    numbers = keeping.own_numbers(actor)
    if not numbers:
        raise NotFound
    for known in numbers:
        leaving, details = _leaving(kind, known).first(), details_for(known)
        before = _reached_by(known) if kind is ChangeKind.CONTACT else known_by(kind, known)
        same = all(details.get(name, value) == value for name, value in before.items())
        if leaving is not None or not same:
            yield known, details


def known_by(kind: ChangeKind, known: ThirdPartyNumber) -> dict[str, str]:
    """What the office knows today, in the words of the details."""
    if kind is ChangeKind.CONTACT:
        # Offices write numbers as they like: the same digits are the same number.
        return {"phone": _digits(known.phone), "phone_2": _digits(known.phone_2), "email": known.email.lower()}
    fields = ("address_1", "address_2", "address_3", "postcode", "city", "country")
    return {name: getattr(known, name) for name in fields}


def _digits(phone: str) -> str:
    try:
        return read_phone(phone)
    except Refusal:
        return phone


def _leaving(kind: ChangeKind, known: ThirdPartyNumber) -> Any:
    return ChangeRequest.objects.filter(third_party_number=known, kind=kind, state=workflow.READY)


def _one(
    kind: ChangeKind, details: dict[str, Any], known: ThirdPartyNumber, key: UUID, by: Actor, at: datetime
) -> ChangeRequest:
    for former in _leaving(kind, known):
        keeping.advance(
            former,
            workflow.STOP,
            by=system("replaced"),
            at=at,
            note="Remplacée par une autre demande",
            closed_at=at,
            reason="Remplacée par une autre demande.",
        )
    return keeping.begin(
        kind, known, state=workflow.READY, key=key, by=by, at=at, details=details, former=known_by(kind, known)
    )
