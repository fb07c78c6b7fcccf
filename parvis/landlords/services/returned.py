"""Letters that came back, noted by agents: the office's address of the landlord is doubtful until somebody settles it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from parvis.correspondence.models import Channel, Message, MessageState
from parvis.correspondence.returns import services
from parvis.correspondence.returns.models import ReturnedLetter, ReturnReason, SettledAs
from parvis.kit.actors import Actor, ActorKind, Duty, check_holds
from parvis.kit.refusals import NotFound, Refusal
from parvis.landlords.models import ThirdPartyNumber

MOST_AT_ONCE = 500
_NUMBER = re.compile(r"L-?\s*(\d{4})-?\s*(\d{6,9})", re.IGNORECASE)
_UNKNOWN = "Aucune lettre ne porte ce numéro."


class PileTooHigh(Refusal):
    """More numbers than one pile may hold: none of them is noted."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"Il y a {count} numéros ici\u00a0: notez-en {MOST_AT_ONCE} à la fois au plus. Rien n’est encore noté.",
            field="numbers_typed",
        )


class Noted(NamedTuple):
    """What became of one number typed; ``refusal`` is empty when it is noted."""

    number: str
    refusal: str


def read_numbers(typed: str) -> list[str]:
    """The letter numbers in what was typed or scanned, each once, in order."""
    found = (f"L-{year}-{number}" for year, number in _NUMBER.findall(typed))
    return list(dict.fromkeys(found))


@transaction.atomic
def note(number: str, reason: ReturnReason, *, by: Actor, at: datetime) -> ReturnedLetter:
    """Note one letter as returned; a letter of an office where the agent does not hold the duty does not exist."""
    check_holds(by, Duty.NOTE_RETURNED_LETTER)
    letter = Message.objects.filter(number=number, channel=Channel.LETTER, state=MessageState.SENT).first()
    if letter is None or not _sees(by, letter.partner_id):
        raise NotFound(_UNKNOWN)
    return services.note_return(letter, reason, by=_about(by, letter.partner_id), at=at)


def check_pile(numbers: Sequence[str]) -> None:
    """Refuse a pile that is too high, rather than forget its end."""
    if len(numbers) > MOST_AT_ONCE:
        raise PileTooHigh(len(numbers))


def note_many(numbers: Sequence[str], reason: ReturnReason, *, by: Actor, at: datetime) -> list[Noted]:
    """Note a pile of them; each alone, so that one that is refused holds back no other. Refused whole if it is too high."""
    check_pile(numbers)
    told = []
    for number in numbers:
        try:
            note(number, reason, by=by, at=at)
        except Refusal as refusal:
            told.append(Noted(number, refusal.sentence))
        else:
            told.append(Noted(number, ""))
    return told


@transaction.atomic
def settle(number: str, outcome: SettledAs, *, by: Actor, at: datetime) -> int:
    """Say what the address is; says how many letters leave again."""
    check_holds(by, Duty.NOTE_RETURNED_LETTER)
    returned = ReturnedLetter.objects.select_related("message").filter(message__number=number).first()
    if returned is None or not _sees(by, returned.partner_id):
        raise NotFound
    return services.settle(returned, outcome, by=_about(by, returned.partner_id), at=at)


def _sees(by: Actor, partner_id: UUID | None) -> bool:
    """Whether the landlord of a letter is of an office where the agent holds the duty."""
    held = by.offices_of(Duty.NOTE_RETURNED_LETTER)
    if by.kind is ActorKind.SYSTEM or held is None:
        return True
    return ThirdPartyNumber.objects.filter(landlord_id=partner_id, office_id__in=held).exists()


def _about(by: Actor, partner_id: UUID | None) -> Actor:
    return replace(by, partner_id=partner_id)
