"""Correcting a rent that was sent: another declaration takes its place, both are kept, each with its receipt.

Possible until the office has decided, and until the campaign's deadline for what was sent before it. Both leave for the
information system, in order:
the correction names what it corrects.
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
from parvis.declarations.refusals import KeyUsedOtherwise, TooLateToCorrect
from parvis.declarations.rules import may_correct
from parvis.declarations.selectors.grid import GridRow, rows_named
from parvis.declarations.services import counts, submission
from parvis.declarations.services.receipts.emails import queue_receipts
from parvis.declarations.services.receipts.numbers import references
from parvis.declarations.services.receipts.sent import receipts_seen
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.db import change_exactly_one
from parvis.kit.refusals import NotFound, Refusal


class ToConfirm(Refusal):
    """The new rent is unusual: nothing was sent, the person may confirm this very amount."""

    def __init__(self, warning: RentWarning, cents: int) -> None:
        super().__init__(f"{warning.title} {warning.sentence}".strip(), field="rent")
        self.warning = warning
        self.cents = cents


def correctable(actor: Actor, tenancy: UUID, *, year: int, at: datetime) -> GridRow:
    """The rent sent, if it may still be corrected; refuses with the reason."""
    rows = rows_named(actor, year, [tenancy])
    if not rows or rows[0].is_open:
        raise NotFound
    row = rows[0]
    workflow.DECLARATION.target(workflow.CORRECT, row.declaration_state or "", actor)
    deadline = _deadline(row)
    sent = Declaration.objects.filter(pk=row.declaration_id or 0).values_list("submitted_at", flat=True).first()
    submitted_on = day_in_paris(sent) if sent else None
    if not may_correct(True, today=day_in_paris(at), deadline_on=deadline, submitted_on=submitted_on):
        raise TooLateToCorrect(deadline)
    return row


@dataclass(frozen=True, slots=True)
class Preview:
    """What a correction would send: the rent in place of that of ``row``, and what is unusual about it, if anything."""

    row: GridRow
    cents: int
    warning: RentWarning | None


def preview(actor: Actor, tenancy: UUID, *, year: int, typed: str, at: datetime) -> Preview:
    """Read and check a correction without sending it; refuses what cannot be sent."""
    row = correctable(actor, tenancy, year=year, at=at)
    found = _read(row, typed)
    return Preview(row, found.cents or 0, found.pending[0] if found.pending else None)


@transaction.atomic
def correct(
    actor: Actor,
    tenancy: UUID,
    *,
    year: int,
    typed: str,
    confirmed_cents: int | None = None,
    reason: str = "",
    submission_key: UUID,
    at: datetime,
) -> Receipt:
    """Send another rent in place of the one sent, with the reason of an unusual one. The same key gives the same receipt."""
    counts.lock(actor.partner_id, year)
    known = receipts_seen(actor).filter(submission_key=submission_key).first()
    if known is not None:
        return _replayed(known, tenancy)
    row = correctable(actor, tenancy, year=year, at=at)
    found = _checked(row, typed, confirmed_cents)
    original = Declaration.objects.get(pk=row.declaration_id or 0, landlord_id=actor.partner_id)
    target = workflow.DECLARATION.target(workflow.CORRECT, original.state, actor)
    change_exactly_one(Declaration.objects.filter(pk=original.pk, state=original.state), state=target)
    receipt = submission.open_receipt(actor, row.caf_code, 1, submission.Sending(submission_key, "", "submitted", at))
    correction = _declared(row, found, Kept(typed.strip()[:60], reason.strip()[:200]), original, receipt, at)
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
    found = assess(row.facts, typed=typed, confirmed=(PREVIOUS_UNKNOWN,))
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
    row: GridRow, found: Assessment, kept: Kept, original: Declaration, receipt: Receipt, at: datetime
) -> Declaration:
    codes = [warning.code for warning in found.warnings if warning.code != PREVIOUS_UNKNOWN]
    (reference,) = references(1, at)
    return Declaration.objects.create(
        reference=reference,
        kind=Kind.JULY_RENT,
        tenancy_id=row.tenancy_id,
        landlord_id=receipt.landlord_id,
        account_id=receipt.account_id,
        year=row.year,
        details=details(row.facts, found.cents or 0, furnished=row.furnished, lease_holders=row.lease_holders),
        typed=kept.typed,
        warnings=codes,
        confirmed=codes,
        confirmed_reason=kept.reason if codes else "",
        state=workflow.SUBMITTED,
        corrects=original,
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
