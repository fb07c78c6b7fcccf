"""Correcting a rent that was sent: another declaration takes its place, both are kept, each with its receipt.

Until the office has decided, it does so at once, until the campaign's deadline for what was sent before it. What the office took
in stands: the correction asks it to take another one in instead, whenever (``revising``). Both leave for the information system,
in order: the correction names what it corrects.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from parvis.audit.journal import record
from parvis.declarations import events, workflow
from parvis.declarations.kinds.july_rent import PREVIOUS_UNKNOWN, Assessment, RentWarning, assess, details
from parvis.declarations.models import Declaration, Kind, Receipt
from parvis.declarations.refusals import CorrectedMeanwhile, KeyUsedOtherwise, TooLateToCorrect
from parvis.declarations.rules import may_correct
from parvis.declarations.selectors.grid import GridRow, rows_named
from parvis.declarations.services import counts, submission
from parvis.declarations.services.correction import revising
from parvis.declarations.services.correction.revising import Correctable
from parvis.declarations.services.receipts.emails import queue_receipts
from parvis.declarations.services.receipts.numbers import references
from parvis.declarations.services.receipts.sent import receipts_seen
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound, Refusal


class ToConfirm(Refusal):
    """The new rent is unusual: nothing was sent, the person may confirm this very amount."""

    def __init__(self, warning: RentWarning, cents: int) -> None:
        super().__init__(f"{warning.title} {warning.sentence}".strip(), field="rent")
        self.warning = warning
        self.cents = cents


def correctable(actor: Actor, tenancy: UUID, *, year: int, at: datetime) -> Correctable:
    """The rent sent, if it may still be corrected; refuses with the reason."""
    rows = rows_named(actor, year, [tenancy])
    if not rows or rows[0].is_open or rows[0].declaration_id is None:
        raise NotFound
    row = rows[0]
    if row.declaration_state == workflow.INTEGRATED:
        return revising.of_july(actor, row)
    workflow.DECLARATION.target(workflow.CORRECT, row.declaration_state or "", actor)
    deadline = _deadline(row)
    sent = Declaration.objects.filter(pk=row.declaration_id or 0).values_list("submitted_at", flat=True).first()
    submitted_on = day_in_paris(sent) if sent else None
    if not may_correct(True, today=day_in_paris(at), deadline_on=deadline, submitted_on=submitted_on):
        raise TooLateToCorrect(deadline)
    return Correctable(row)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a correction would send: the rent in place of the one that is ``asked`` to be corrected, and what is unusual about it,
    if anything."""

    asked: Correctable
    cents: int
    warning: RentWarning | None

    @property
    def row(self) -> GridRow:
        """The line, as it was last sent."""
        return self.asked.row

    @property
    def revises(self) -> bool:
        """Whether the office decides about it."""
        return self.asked.revises


def preview(
    actor: Actor, tenancy: UUID, *, year: int, typed: str, reason: str = "", seen: str | None = None, at: datetime
) -> Preview:
    """Read and check a correction without sending it; refuses what cannot be sent. ``seen`` as for :func:`correct`."""
    asked = _unchanged(correctable(actor, tenancy, year=year, at=at), seen)
    found = _read(asked.row, typed)
    if asked.revises:
        revising.check_reason(reason)
    return Preview(asked, found.cents or 0, found.pending[0] if found.pending else None)


def _unchanged(asked: Correctable, seen: str | None) -> Correctable:
    """What is to be corrected, if it still is what the page showed."""
    if seen is not None and seen != asked.row.receipt_number:
        raise CorrectedMeanwhile(asked.row.receipt_number or "", is_decided_by_office=asked.revises)
    return asked


@transaction.atomic
def correct(
    actor: Actor,
    tenancy: UUID,
    *,
    year: int,
    typed: str,
    confirmed_cents: int | None = None,
    reason: str = "",
    seen: str | None = None,
    submission_key: UUID,
    at: datetime,
) -> Receipt:
    """Send another rent in place of the one sent, with the reason of an unusual one, or why what was taken in is wrong. The same
    key gives the same receipt. ``seen`` is the receipt of the rent that the page showed: where another correction was sent since,
    :class:`CorrectedMeanwhile` says so. None asks nothing."""
    counts.lock(actor.partner_id, year)
    known = receipts_seen(actor).filter(submission_key=submission_key).first()
    if known is not None:
        return _replayed(known, tenancy)
    asked = _unchanged(correctable(actor, tenancy, year=year, at=at), seen)
    found = _checked(asked.row, typed, confirmed_cents)
    why = revising.check_reason(reason) if asked.revises else reason.strip()[:200]
    original = Declaration.objects.get(pk=asked.row.declaration_id or 0, landlord_id=actor.partner_id)
    revising.step_aside(original, by=actor)
    sending = submission.Sending(submission_key, "", "submitted", at)
    receipt = submission.open_receipt(actor, asked.row.caf_code, 1, sending, is_of_rents=not asked.revises)
    correction = _declared(asked, found, Kept(typed.strip()[:60], why), original, receipt, at)
    submission.seal(receipt)
    told = {"corrects": original.reference, "reference": correction.reference}
    record(events.CORRECTED, subject=receipt.number, by=actor, at=at, **told)
    queue_receipts([receipt], at=at)
    return receipt


def _replayed(receipt: Receipt, tenancy: UUID) -> Receipt:
    if not receipt.declarations.filter(tenancy__reference=tenancy).exists():
        raise KeyUsedOtherwise
    return receipt


def _read(row: GridRow, typed: str) -> Assessment:
    """The new amount, read and checked as in the grid; the July before is not asked again."""
    found = assess(row.facts, typed=typed, previous_typed=row.previous_typed, confirmed=(PREVIOUS_UNKNOWN,))
    if found.cents is None:
        raise Refusal(found.fault or "Écrivez un montant, par exemple 525,00.", field="rent")
    if found.cents == row.rent_cents:
        raise Refusal("C’est déjà le montant que vous avez transmis.", field="rent")
    return found


def _checked(row: GridRow, typed: str, confirmed_cents: int | None) -> Assessment:
    """The same, with what is unusual confirmed for this very amount."""
    found = _read(row, typed)
    if found.pending and found.cents != confirmed_cents:
        raise ToConfirm(found.pending[0], found.cents or 0)
    return replace(found, pending=())


@dataclass(frozen=True, slots=True)
class Kept:
    """The words of the person, as they are kept: the amount as typed, the reason."""

    typed: str
    reason: str


def _declared(
    asked: Correctable, found: Assessment, kept: Kept, original: Declaration, receipt: Receipt, at: datetime
) -> Declaration:
    row, cents = asked.row, found.cents or 0
    told = details(row.facts, cents, furnished=row.furnished, lease_holders=row.lease_holders)
    codes = [warning.code for warning in found.warnings if warning.code != PREVIOUS_UNKNOWN]
    (reference,) = references(1, at)
    return Declaration.objects.create(
        reference=reference,
        kind=Kind.JULY_RENT,
        tenancy_id=row.tenancy_id,
        landlord_id=receipt.landlord_id,
        account_id=receipt.account_id,
        year=row.year,
        details=told | ({"reason": kept.reason} if asked.revises else {}),
        printed=revising.printed_of(asked, cents, kept.reason) if asked.revises else None,
        typed=kept.typed,
        warnings=codes,
        confirmed=codes,
        confirmed_reason=kept.reason if codes else "",
        state=workflow.SUBMITTED,
        corrects=original,
        revises=asked.revises,
        receipt=receipt,
        saved_at=at,
        submitted_at=at,
    )


_DEADLINE = """
SELECT deadline_on FROM declarations_rentcampaign WHERE year = %s AND (office_id IS NULL OR office_id = %s)
ORDER BY office_id IS NULL LIMIT 1
"""


def _deadline(row: GridRow) -> date:
    """The last day of the tenancy's own campaign."""
    with connection.cursor() as cursor:
        cursor.execute(_DEADLINE, [row.year, row.caf_code])
        found = cursor.fetchone()
    if found is None:
        raise NotFound
    deadline: date = found[0]
    return deadline
