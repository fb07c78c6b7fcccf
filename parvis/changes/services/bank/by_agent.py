"""An agent keeps a bank change from leaving: a flagged one is refused, any other is stopped, each with a reason the landlord reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from parvis.audit.journal import Event, record
from parvis.changes import events, workflow
from parvis.changes.models import ChangeKind, ChangeRequest
from parvis.changes.reasons import bank_reasons
from parvis.changes.services import keeping, telling
from parvis.changes.services.bank import notices
from parvis.kit.actors import Actor, ActorKind, Duty, check_holds
from parvis.kit.refusals import ActNotPossible, NotFound, Refusal
from parvis.kit.workflow import Act

LONGEST_NOTE = 400
TOO_LATE = "Ce changement ne peut plus être arrêté ici\u00a0: il est parti, ou quelqu’un l’a déjà arrêté."


@transaction.atomic
def refuse_flagged(number: str, code: str, *, note: str, by: Actor, at: datetime) -> None:
    """Refuse an account that waits to be verified; everybody who heard of it hears why, by mail and by letter.

    ``code`` is one of :func:`~parvis.changes.reasons.bank_reasons`; ``note`` is for the journal alone.
    """
    change, sentence = _found(number, by=by), _sentence_of(code, note)
    if change.state not in (workflow.AGREEMENT, workflow.HELD) or not change.flags or change.approved_by:
        raise ActNotPossible("Cette demande n’attend pas de vérification.")
    _end(change, workflow.REFUSE, events.REFUSED, sentence, (code, note), by=by, at=at)
    telling.tell_decided(change, at=at)
    notices.tell_stopped([change], why="par votre caisse", reason=sentence, but_asker=True, by_post=True, at=at)


@transaction.atomic
def stop_for_office(number: str, code: str, *, note: str, by: Actor, at: datetime) -> None:
    """Stop a bank change that has not left, flagged or not, approved or not; told as :func:`refuse_flagged`."""
    change, sentence = _found(number, by=by), _sentence_of(code, note)
    if change.state not in workflow.LIVE:
        raise ActNotPossible(TOO_LATE)
    _end(change, workflow.STOP_BY_OFFICE, events.STOPPED, sentence, (code, note), by=by, at=at)
    notices.tell_stopped([change], why="par votre caisse", reason=sentence, by_post=True, at=at)


def _found(number: str, *, by: Actor) -> ChangeRequest:
    """The change, alone with it, for an agent who decides about bank details at its office; of another office there is none."""
    rows = ChangeRequest.objects.filter(number=number, kind=ChangeKind.BANK_DETAILS).exclude(state=workflow.ASKED)
    rows = rows.select_for_update(of=("self",))
    change = rows.select_related("landlord", "office", "account__credential", "third_party_number").first()
    if change is None:
        raise NotFound("Aucune demande ne porte ce numéro.")
    if by.kind is not ActorKind.AGENT:
        raise ActNotPossible("Seul un agent de la caisse peut le faire.")
    check_holds(by, Duty.DECIDE_BANK_DETAILS, [change.office_id])
    return change


def _sentence_of(code: str, note: str) -> str:
    sentence = bank_reasons().get(code)
    if sentence is None:
        raise Refusal("Choisissez la raison que lira le bailleur.", field="reason_code")
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise Refusal(f"Dites pourquoi, en {LONGEST_NOTE}\u00a0caractères au maximum.", field="note")
    return sentence


def _end(
    change: ChangeRequest, act: Act, event: Event, sentence: str, why: tuple[str, str], *, by: Actor, at: datetime
) -> None:
    """The account is wiped with it."""
    by, (code, note) = replace(by, partner_id=change.landlord_id), why
    keeping.advance(change, act, by=by, at=at, note=sentence, closed_at=at, reason=sentence, iban=None)
    told = {"kind": change.kind, "last4": change.iban_last4, "reason_code": code, "note": note.strip()}
    record(event, subject=change.number, by=by, at=at, **told)
