"""The July rent of the year before, given again by itself: one that was wrong, or that the office refused.

It left with a July rent, which stands whatever becomes of this one (product.md §3.3: « the older one goes to an agent »).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.changes.rules.files import Paper
from parvis.changes.services import attachments
from parvis.declarations import events, workflow
from parvis.declarations.kinds import revision
from parvis.declarations.kinds.july_rent import assess, previous_details
from parvis.declarations.kinds.withdrawal import WITHDRAWAL
from parvis.declarations.models import SENT, Declaration, Kind, Receipt
from parvis.declarations.refusals import AlreadySubmitted
from parvis.declarations.selectors.grid import GridRow, rows_named
from parvis.declarations.services import counts, submission
from parvis.declarations.services.correction.revising import check_reason, demand_for, step_aside
from parvis.declarations.services.receipts.emails import queue_receipts
from parvis.declarations.services.receipts.numbers import references
from parvis.declarations.services.receipts.sent import receipts_seen
from parvis.kit.actors import Actor, Right
from parvis.kit.money import euros
from parvis.kit.refusals import NotAllowed, NotFound, Refusal

EFFECT = "Un agent de votre caisse examine ce loyer. Votre déclaration de cette année ne change pas."
VOID = "Votre caisse ne tient plus compte de ce loyer. Votre déclaration de cette année ne change pas."
_REPLACED = (workflow.REJECTED, workflow.CORRECTED, workflow.ABANDONED)


@dataclass(frozen=True, slots=True)
class Restated:
    """What is given again: the declaration sent before, and the row of the July rent it went with."""

    before: Declaration
    row: GridRow

    @property
    def is_refused(self) -> bool:
        """Whether the office refused it: it is then declared anew, and corrects nothing."""
        return self.before.state == workflow.REJECTED

    @property
    def revises(self) -> bool:
        """Whether the office took it in, or one before it: it decides about the correction."""
        return self.before.revises or self.before.state == workflow.INTEGRATED

    @property
    def year(self) -> int:
        """Of which July it is."""
        return _july_of(self.before)


def restatable(actor: Actor, opaque: UUID) -> Restated:
    """The rent that may be given again: with the office, taken in, or refused and asked for still. Refuses with the reason."""
    if not actor.may(Right.DECLARE):
        raise NotAllowed(Right.DECLARE.label)
    sent = Declaration.objects.select_related("tenancy").filter(
        SENT, opaque=opaque, landlord_id=actor.partner_id, kind=Kind.PREVIOUS_JULY_RENT
    )
    before = sent.select_related("corrects").first()
    if before is not None and before.state == workflow.REJECTED and before.revises:
        raise AlreadySubmitted(
            "Votre caisse garde le loyer qu’elle avait pris en compte. Demandez la correction depuis sa page."
        )
    rows = rows_named(actor, _july_of(before) + 1, [before.tenancy.reference]) if before else []
    if before is None or not rows:
        raise NotFound
    if before.state != workflow.REJECTED:
        act = workflow.REVISE if before.state == workflow.INTEGRATED else workflow.CORRECT
        workflow.DECLARATION.target(act, before.state, actor)
    if before.state == workflow.INTEGRATED and demand_for(
        actor, before.tenancy_id, Kind.PREVIOUS_JULY_RENT, _july_of(before)
    ):
        raise AlreadySubmitted("Une correction est déjà demandée. Corrigez-la depuis sa page.")
    gone = before.state == workflow.REJECTED or before.details == WITHDRAWAL
    if gone and _same(before).exclude(state__in=_REPLACED).exists():
        raise AlreadySubmitted("Ce loyer est déjà déclaré à nouveau.")
    if before.state == workflow.REJECTED and not rows[0].facts.asks_previous:
        raise AlreadySubmitted(f"Votre caisse connaît maintenant le loyer de juillet\u00a0{_july_of(before)}.")
    return Restated(before, rows[0])


@transaction.atomic
def restate(
    actor: Actor,
    opaque: UUID,
    *,
    typed: str,
    paper: Paper | None = None,
    reason: str = "",
    submission_key: UUID,
    at: datetime,
) -> Receipt:
    """Send another amount for the July of the year before, with the receipt that proves it, and why if the office took one in.
    The same key gives the same receipt."""
    known = _in_turn(actor, opaque, submission_key)
    if known is not None:
        return known
    asked = restatable(actor, opaque)
    cents = _read(asked, typed)
    why = check_reason(reason) if asked.revises else ""
    if asked.is_refused:
        _same(asked.before).update(remind_on=None)
    else:
        step_aside(asked.before, by=actor)
    receipt = _receipt(asked, submission_key, by=actor, at=at)
    sent = _declared(asked, cents, Told(typed.strip()[:60], why, paper), receipt, by=actor, at=at)
    _acknowledge(receipt, asked.before, sent, by=actor, at=at)
    return receipt


def withdrawable(actor: Actor, opaque: UUID) -> Restated:
    """The rent that may be taken back: with the office, which has not decided, and not taken back already."""
    asked = restatable(actor, opaque)
    if asked.revises:
        raise AlreadySubmitted("Votre caisse l’a pris en compte\u00a0: indiquez-lui le bon loyer.")
    if asked.is_refused:
        raise AlreadySubmitted("Votre caisse l’a refusé\u00a0: il n’y a rien à annuler.")
    if asked.before.details == WITHDRAWAL:
        raise AlreadySubmitted("Ce loyer est déjà annulé.")
    return asked


@transaction.atomic
def withdraw(actor: Actor, opaque: UUID, *, submission_key: UUID, at: datetime) -> Receipt:
    """Take back the July of the year before: it is void, and the rent of this year stands. The same key gives the same receipt.

    What takes it back is of no year, so that another amount may be given, here or in the grid; ``corrects`` says which one.
    """
    known = _in_turn(actor, opaque, submission_key)
    if known is not None:
        return known
    asked = withdrawable(actor, opaque)
    step_aside(asked.before, by=actor)
    receipt = _receipt(asked, submission_key, by=actor, at=at)
    lines = [["Annulation", f"Le loyer de juillet {asked.before.year} transmis n’est plus à prendre en compte."]]
    sent = _void(asked.before, lines, receipt, at=at)
    _acknowledge(receipt, asked.before, sent, by=actor, at=at)
    return receipt


def _void(before: Declaration, lines: list[list[str]], receipt: Receipt, *, at: datetime) -> Declaration:
    (reference,) = references(1, at)
    return Declaration.objects.create(
        reference=reference,
        kind=Kind.PREVIOUS_JULY_RENT,
        tenancy_id=before.tenancy_id,
        landlord_id=receipt.landlord_id,
        account_id=receipt.account_id,
        year=None,
        details=dict(WITHDRAWAL),
        printed={"lines": lines, "effect": VOID},
        state=workflow.SUBMITTED,
        corrects=before,
        receipt=receipt,
        saved_at=at,
        submitted_at=at,
    )


def _july_of(before: Declaration) -> int:
    """Of which July it is; what takes one back is of the July it takes back."""
    told = before.year or (before.corrects.year if before.corrects else None)
    return told or 0


def _receipt(asked: Restated, key: UUID, *, by: Actor, at: datetime) -> Receipt:
    sending = submission.Sending(key, "", workflow.SUBMITTED, at)
    return submission.open_receipt(by, asked.row.caf_code, 1, sending, is_of_rents=False)


def _acknowledge(receipt: Receipt, before: Declaration, sent: Declaration, *, by: Actor, at: datetime) -> None:
    submission.seal(receipt)
    told = {"corrects": before.reference, "reference": sent.reference}
    record(events.CORRECTED, subject=receipt.number, by=by, at=at, **told)
    queue_receipts([receipt], at=at)


@transaction.atomic
def say_unknown(actor: Actor, opaque: UUID, *, at: datetime) -> None:
    """« Je ne le connais pas »: what was refused is asked for no more; it may still be given. Nothing leaves. Twice is once."""
    asked = restatable(actor, opaque)
    if not asked.is_refused:
        raise AlreadySubmitted("Ce loyer est avec votre caisse\u00a0: corrigez-le s’il est faux.")
    if _same(asked.before).filter(remind_on__isnull=False).update(remind_on=None):
        record(events.PREVIOUS_NOT_KNOWN, subject=asked.before.reference or "", by=actor, at=at)


def _in_turn(actor: Actor, opaque: UUID, submission_key: UUID) -> Receipt | None:
    """Take the landlord's turn; the receipt this very form was given already, if it was."""
    before = Declaration.objects.filter(SENT, opaque=opaque, landlord_id=actor.partner_id).first()
    if before is None:
        raise NotFound
    counts.lock(actor.partner_id, _july_of(before) + 1)
    return receipts_seen(actor).filter(submission_key=submission_key).first()


def _same(before: Declaration) -> Any:
    """All that was declared for that July of that tenancy."""
    return Declaration.objects.filter(tenancy_id=before.tenancy_id, kind=before.kind, year=_july_of(before))


def _read(asked: Restated, typed: str) -> int:
    """The cents of what was typed, read as in the grid."""
    found = assess(asked.row.facts._replace(last_july_cents=None), typed="", previous_typed=typed)
    if found.previous_cents is None:
        raise Refusal(found.previous_fault or "Écrivez un montant, par exemple 525,00.", field="rent")
    if not asked.is_refused and found.previous_cents == asked.before.details.get("rent_cents"):
        raise Refusal("C’est déjà le montant que vous avez transmis.", field="rent")
    return found.previous_cents


@dataclass(frozen=True, slots=True)
class Told:
    """What the person said: the amount as typed, why it is corrected if the office took one in, the receipt of that month."""

    typed: str
    why: str
    paper: Paper | None


def _printed(lines: list[list[str]], why: str) -> dict[str, Any]:
    return (
        {"lines": [*lines, [revision.LABEL, why]], "effect": revision.EFFECT}
        if why
        else {"lines": lines, "effect": EFFECT}
    )


def _declared(asked: Restated, cents: int, told: Told, receipt: Receipt, *, by: Actor, at: datetime) -> Declaration:
    (reference,) = references(1, at)
    details = previous_details(asked.row.facts, cents) | ({revision.NAME: told.why} if told.why else {})
    if told.paper is not None:
        kept = attachments.keep_attachment(told.paper, by=by, at=at)
        attachments.join_attachment(kept.opaque, reference, by=by, at=at)
        file = {"name": kept.name, "media_type": kept.media_type, "size": kept.size, "sha256": kept.sha256.hex()}
        details["papers"] = [file]
    lines = [[f"Loyer hors charges de juillet {asked.year}", euros(cents)]]
    return Declaration.objects.create(
        reference=reference,
        kind=Kind.PREVIOUS_JULY_RENT,
        tenancy_id=asked.before.tenancy_id,
        landlord_id=receipt.landlord_id,
        account_id=receipt.account_id,
        year=asked.year,
        details=details,
        printed=_printed(lines, told.why),
        typed=told.typed,
        state=workflow.SUBMITTED,
        corrects=None if asked.is_refused else asked.before,
        revises=asked.revises,
        receipt=receipt,
        saved_at=at,
        submitted_at=at,
    )
