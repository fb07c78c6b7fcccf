"""What an agent does: take a message, leave it, answer, hand it over, close what was answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from parvis.audit.journal import Event, record
from parvis.contact import events, workflow
from parvis.contact.models import Conversation, Side
from parvis.contact.refusals import TakenByAnother, WordsNotPossible
from parvis.contact.rules import check_no_secret, check_words
from parvis.contact.selectors.queue import message_row, places_for
from parvis.contact.selectors.reading import line_of
from parvis.contact.services import keeping, telling
from parvis.contact.topics import DESKS, desk_of
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.refusals import ActNotPossible

LONGEST_NOTE = 400


@transaction.atomic
def take(opaque: UUID, *, taking_over: bool = False, by: Actor, at: datetime) -> Conversation:
    """Make it one's own, so that no other agent answers too. ``taking_over``: although another one has it."""
    conversation = _for_desk(opaque, by)
    if conversation.state != workflow.WAITING:
        raise ActNotPossible("Ce message n’attend plus de réponse.")
    if conversation.taken_by == by.label:
        return conversation
    if conversation.taken_by and not taking_over:
        raise TakenByAnother(conversation.taken_by)
    _owned(conversation, by.label, at)
    _noted(events.TAKEN, conversation, by, at)
    return conversation


@transaction.atomic
def leave(opaque: UUID, *, by: Actor, at: datetime) -> None:
    """Put one's own back in the queue; said twice, it is said once."""
    conversation = _for_desk(opaque, by)
    if conversation.taken_by != by.label:
        return
    _owned(conversation, "", None)
    _noted(events.LEFT, conversation, by, at)


@transaction.atomic
def answer(opaque: UUID, text: str, *, seen: int, key: UUID, by: Actor, at: datetime) -> int:
    """Answer the landlord, who is told by mail that there is something to read; how many people are. Clicked twice, it is one answer.

    It must be one's own; taken by nobody, it becomes so. ``seen`` is how many messages both sides had written when the page was
    shown: what came meanwhile is read first.
    """
    conversation = _for_desk(opaque, by)
    if keeping.said_before(conversation, key):
        return len(telling.readers(conversation, at=at))
    words = check_words(text)
    if conversation.taken_by not in ("", by.label):
        raise TakenByAnother(conversation.taken_by)
    keeping.check_seen(conversation, seen)
    keeping.advance(
        conversation,
        workflow.ANSWER,
        by=by,
        waiting_since=None,
        answered_at=at,
        first_answered_at=conversation.first_answered_at or at,
        taken_by=by.label,
        taken_at=conversation.taken_at or at,
    )
    keeping.add(conversation, Side.OFFICE, words, key=key, by=by, at=at)
    _noted(events.ANSWERED, conversation, by, at)
    return telling.answered(conversation, at=at)


@transaction.atomic
def hand_over(opaque: UUID, place: str, note: str, *, by: Actor, at: datetime) -> Conversation:
    """Let another desk, or another office that knows the landlord, answer. ``note`` is read by agents alone.

    Who answers at this office may do it, whatever desk reads it: what came to the wrong one finds the right one.
    """
    conversation = keeping.locked(message_row(by, opaque))
    check_holds(by, Duty.ANSWER_MESSAGES, [conversation.office_id])
    if place not in dict(places_for(line_of(conversation))):
        raise WordsNotPossible("Choisissez à qui passer ce message.", field="place")
    words = " ".join(note.split())
    if not words or len(words) > LONGEST_NOTE:
        raise WordsNotPossible(f"Dites pourquoi, en {LONGEST_NOTE} caractères au plus.", field="note")
    check_no_secret(words, field="note")
    if conversation.taken_by not in ("", by.label):
        raise TakenByAnother(conversation.taken_by)
    office, _, desk = place.partition(":")
    before = desk_of(conversation.desk).label
    keeping.advance(conversation, workflow.HAND_OVER, by=by, office_id=office, desk=desk, taken_by="", taken_at=None)
    keeping.add(conversation, Side.INSIDE, f"De {before} à {DESKS[desk].label}. {words}", key=uuid4(), by=by, at=at)
    about = replace(by, partner_id=conversation.landlord_id)
    record(events.HANDED_OVER, subject=conversation.number, by=about, at=at, office=office, to=DESKS[desk].label)
    return conversation


@transaction.atomic
def close(opaque: UUID, *, by: Actor, at: datetime) -> None:
    """End a thread that was answered; done twice, it is done once."""
    conversation = _for_desk(opaque, by)
    if conversation.state == workflow.CLOSED:
        return
    keeping.advance(conversation, workflow.CLOSE, by=by, closed_at=at)
    _noted(events.CLOSED, conversation, by, at)


def _for_desk(opaque: UUID, by: Actor) -> Conversation:
    """The thread, alone with it, of a desk this agent sits at."""
    conversation = keeping.locked(message_row(by, opaque))
    check_holds(by, desk_of(conversation.desk).duty, [conversation.office_id])
    return conversation


def _owned(conversation: Conversation, label: str, at: datetime | None) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(taken_by=label, taken_at=at)
    conversation.taken_by, conversation.taken_at = label, at


def _noted(event: Event, conversation: Conversation, by: Actor, at: datetime) -> None:
    record(event, subject=conversation.number, by=replace(by, partner_id=conversation.landlord_id), at=at)
