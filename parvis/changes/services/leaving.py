"""From the landlord to the office: what has waited long enough is ready, what is ready leaves, in the order it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q

from parvis.audit.journal import record
from parvis.changes import events, workflow
from parvis.changes.models import ChangeKind, ChangeRequest
from parvis.changes.refusals import IbanAltered
from parvis.changes.selectors.people import still_may_change_bank
from parvis.changes.services import keeping, offers
from parvis.changes.services.bank import notices
from parvis.kit.actors import Actor
from parvis.kit.encryption import CannotOpen, blind_index, open_

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Released:
    """What the passing of time has done."""

    ready: int
    expired: int
    stopped: int
    lapsed_offers: int


@transaction.atomic
def release_due(*, by: Actor, at: datetime) -> Released:
    """Let go of what was held long enough; close what nobody proved, agreed to or answered in time.

    A flagged change waits for its agent. One whose asker may no longer ask it is stopped instead.
    """
    due = ChangeRequest.objects.filter(
        Q(state=workflow.HELD, held_until__lte=at) & (Q(flags=[]) | ~Q(approved_by=""))
        | Q(state=workflow.AGREEMENT, agreement_until__lte=at)
        | Q(state=workflow.ASKED, asked_at__lte=at - workflow.TO_PROVE)
    )
    rows = due.select_for_update(of=("self",)).select_related("landlord", "office", "account__credential")
    done = [_release(change, by=by, at=at) for change in rows.order_by("pk")]
    lapsed = offers.lapse_due(by=by, at=at)
    return Released(done.count(workflow.READY), done.count(workflow.EXPIRED), done.count(workflow.STOPPED), lapsed)


def _release(change: ChangeRequest, *, by: Actor, at: datetime) -> str:
    if change.state == workflow.HELD and still_may_change_bank(change.account, change.office_id, at=at):
        keeping.advance(change, workflow.RELEASE, by=by, at=at)
        record(events.RELEASED, subject=change.number, by=by, at=at, held_until=str(change.held_until))
        return workflow.READY
    if change.state == workflow.HELD:
        why = "parce que la personne n’a plus ce droit"
        keeping.advance(
            change,
            workflow.STOP,
            by=by,
            at=at,
            note=f"Arrêtée {why}.",
            closed_at=at,
            reason=f"Arrêtée {why}.",
            iban=None,
        )
        record(events.STOPPED, subject=change.number, by=by, at=at, kind=change.kind, last4=change.iban_last4)
        notices.tell_stopped([change], why=why, at=at)
        return workflow.STOPPED
    was_told = change.state == workflow.AGREEMENT
    reason = "Personne n’a donné son accord à temps." if was_told else "Le code n’a pas été entré."
    keeping.advance(change, workflow.EXPIRE, by=by, at=at, note=reason, closed_at=at, reason=reason, iban=None)
    record(events.EXPIRED, subject=change.number, by=by, at=at, kind=change.kind)
    if was_told:
        notices.tell_stopped([change], why="parce que personne n’a donné son accord à temps", at=at)
    return workflow.EXPIRED


@transaction.atomic
def leaving(*, by: Actor, at: datetime) -> list[tuple[ChangeRequest, str]]:
    """What leaves now, in order, each with its account in clear; locked. An account that was tampered with stays here."""
    rows = ChangeRequest.objects.filter(state=workflow.READY).select_for_update(of=("self",))
    found = rows.select_related("third_party_number", "tenancy", "account", "agreed_by").order_by("asked_at", "pk")
    going = []
    for change in found:
        try:
            going.append((change, clear_iban(change)))
        except IbanAltered as refusal:
            reason = "L’IBAN gardé n’est pas celui qui a été confirmé."
            keeping.advance(change, workflow.REFUSE, by=by, at=at, note=reason, closed_at=at, reason=reason)
            record(events.ALTERED, subject=change.number, by=by, at=at)
            _log.error("changes.iban_altered", number=change.number, sentence=refusal.sentence)
    return going


def clear_iban(change: ChangeRequest) -> str:
    """The account in clear, for the sending alone: opened with this row's own seal, and the one that was confirmed."""
    if change.kind != ChangeKind.BANK_DETAILS:
        return ""
    try:
        iban = open_(bytes(change.iban or b""), change.iban_column)
    except CannotOpen as error:
        raise IbanAltered(change.number) from error
    if blind_index(iban, "iban") != bytes(change.iban_index or b""):
        raise IbanAltered(change.number)
    return iban


@transaction.atomic
def mark_sent(changes: Sequence[ChangeRequest], *, by: Actor, at: datetime) -> None:
    """Say that these stand in an outgoing delivery."""
    for change in changes:
        keeping.advance(change, workflow.SEND, by=by, at=at, sent_at=at)
    if changes:
        record(events.SENT, subject="changes", by=by, at=at, count=len(changes))
