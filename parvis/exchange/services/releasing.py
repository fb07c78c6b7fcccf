"""Letting a held delivery pass: one agent asks and says why, another one agrees (security.md T67)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from parvis.audit.journal import record
from parvis.exchange import events
from parvis.exchange.models import Delivery, DeliveryState
from parvis.exchange.refusals import AlreadyAsked, NoSuchDelivery, NotHeld, ReasonMissing, SecondAgentNeeded
from parvis.kit.actors import Actor, ActorKind, Duty, check_holds, check_independent
from parvis.kit.refusals import DutyMissing

LONGEST_REASON = 300


@transaction.atomic
def ask(sequence: int, *, reason: str, by: Actor, at: datetime) -> None:
    """Ask that a held delivery may pass; raises :class:`AlreadyAsked` where somebody does."""
    check_holds(by, Duty.RUN_FEEDS)
    reason = _checked(reason)
    unasked = _held(sequence).filter(asked_by="")
    if not unasked.update(asked_by=by.label, asked_at=at, release_reason=reason):
        _refuse(sequence)
        raise AlreadyAsked
    record(events.RELEASE_ASKED, subject=f"delivery {sequence:06d}", by=by, at=at, reason=reason)


@transaction.atomic
def withdraw(sequence: int, *, by: Actor, at: datetime) -> None:
    """Take back what was asked, by whoever: the delivery stays held."""
    check_holds(by, Duty.RUN_FEEDS)
    if not _held(sequence).exclude(asked_by="").update(asked_by="", asked_at=None, release_reason=""):
        raise NotHeld(sequence)
    record(events.RELEASE_WITHDRAWN, subject=f"delivery {sequence:06d}", by=by, at=at)


@transaction.atomic
def agree(sequence: int, *, by: Actor, at: datetime) -> None:
    """Agree to what another agent asked: the next run takes the delivery up again at the file that was held."""
    check_holds(by, Duty.RUN_FEEDS)
    held = _held(sequence).exclude(asked_by="").select_for_update().first()
    if held is None:
        raise NotHeld(sequence)
    if held.asked_by == by.label:
        raise SecondAgentNeeded
    check_independent(by, held.asked_by)
    _held(sequence).update(state=DeliveryState.LOADING, released_by=by.label, released_at=at)
    told = {"reason": held.release_reason, "asked_by": held.asked_by}
    record(events.RELEASED, subject=f"delivery {sequence:06d}", by=by, at=at, **told)


@transaction.atomic
def release(sequence: int, *, reason: str, by: Actor, at: datetime) -> None:
    """Let a held delivery pass at once: for who has the machine in hand (``parvis release``), not for agents."""
    if by.kind is not ActorKind.SYSTEM:
        raise DutyMissing(Duty.RUN_FEEDS.label)
    reason = _checked(reason)
    released = {"released_by": by.label, "release_reason": reason, "released_at": at}
    if not _held(sequence).update(state=DeliveryState.LOADING, **released):
        _refuse(sequence)
    record(events.RELEASED, subject=f"delivery {sequence:06d}", by=by, at=at, reason=reason)


def _checked(reason: str) -> str:
    reason = reason.replace("\0", "").strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise ReasonMissing
    return reason


def _held(sequence: int) -> QuerySet[Delivery]:
    return Delivery.objects.filter(sequence=sequence, state=DeliveryState.HELD)


def _refuse(sequence: int) -> None:
    """Say why there is nothing to release, if there is nothing."""
    if not _held(sequence).exists():
        raise NotHeld(sequence) if Delivery.objects.filter(sequence=sequence).exists() else NoSuchDelivery(sequence)
