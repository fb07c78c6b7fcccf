"""Where letters go and whom the office calls: asked here, changed by the office."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import Event, record
from parvis.changes import events, workflow
from parvis.changes.models import ChangeKind, ChangeRequest, DraftForm
from parvis.changes.refusals import NothingChanged
from parvis.changes.rules import Address, check_address, check_day
from parvis.changes.selectors.people import actors_of_credential
from parvis.changes.services import drafts, keeping, telling
from parvis.kit.actors import Actor, Right, system
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound
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
    asked = _ask(ChangeKind.ADDRESS, details, actors, events.ADDRESS_ASKED, key=key, by=by, at=at)
    drafts.sent(DraftForm.ADDRESS, by=by, at=at)
    if not asked.already:
        for change in asked.changes:
            telling.write_to_former_address(change, at=at)
        telling.receive(asked.changes, by=by, at=at)
    return asked.changes


@transaction.atomic
def change_contacts(phone: str, *, key: UUID, by: Actor, at: datetime) -> list[ChangeRequest]:
    """Ask the office to call another number. The e-mail is the profile's business, not this one's."""
    asked = _ask(ChangeKind.CONTACT, {"phone": phone}, [by], events.CONTACT_ASKED, key=key, by=by, at=at)
    drafts.sent(DraftForm.PHONE, by=by, at=at)
    if not asked.already:
        telling.receive(asked.changes, by=by, at=at)
    return asked.changes


class _Asked:
    """What was asked, and whether the same form had asked it before."""

    def __init__(self, changes: list[ChangeRequest], *, already: bool) -> None:
        self.changes, self.already = changes, already


def _ask(
    kind: ChangeKind,
    details: dict[str, Any],
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
        mine = [_one(kind, details, known, key, actor, at) for known in _changing(kind, details, actor)]
        changes += mine
        if mine:
            record(event, subject=keeping.numbers_of(mine), by=replace(actor, person=by.person), at=at)
    if not changes:
        raise NothingChanged
    return _Asked(changes, already=False)


def _changing(kind: ChangeKind, details: dict[str, Any], actor: Actor) -> Iterable[ThirdPartyNumber]:
    """The landlord's numbers the office writes to otherwise today, or is asked to from another change on."""
    numbers = keeping.own_numbers(actor)
    if not numbers:
        raise NotFound
    for known in numbers:
        leaving = _leaving(kind, known).first()
        same = known_by(kind, known) == {name: details[name] for name in known_by(kind, known)}
        if leaving is not None or not same:
            yield known


def known_by(kind: ChangeKind, known: ThirdPartyNumber) -> dict[str, str]:
    """What the office knows today, in the words of the details."""
    if kind is ChangeKind.CONTACT:
        return {"phone": known.phone}
    fields = ("address_1", "address_2", "address_3", "postcode", "city", "country")
    return {name: getattr(known, name) for name in fields}


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
