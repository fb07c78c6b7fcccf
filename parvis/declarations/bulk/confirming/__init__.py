"""« Confirmer »: the ready lines become drafts, in sets and as the grid keeps them; then they are sent if that was asked.

All in one transaction: either every ready line is kept, and sent with one receipt an office, or nothing happened.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.declarations import events, workflow
from parvis.declarations.bulk import blocks
from parvis.declarations.bulk.confirming import bounds, keeping
from parvis.declarations.bulk.models import FileState, LineState, RentFile
from parvis.declarations.bulk.refusals import FileClosed, FileNotChecked, LinesSetAside, NothingReady
from parvis.declarations.bulk.report import file_of
from parvis.declarations.models import Receipt
from parvis.declarations.services import counts, submission
from parvis.declarations.services.receipts.emails import queue_receipts
from parvis.declarations.services.receipts.sent import receipts_seen
from parvis.kit.actors import Actor, Right
from parvis.kit.db import change_exactly_one
from parvis.kit.refusals import NotAllowed

SEND, KEEP = "send", "keep"
AT_ONCE = 2_000
"""More lines than that are kept by the worker, so that no page is waited for."""
LEASE = timedelta(minutes=5)


def confirm(
    actor: Actor, reference: UUID, *, wish: str, wants_unsure: bool = False, later: bool = False, at: datetime
) -> RentFile:  # fmt: skip
    """Keep what is ready, and send it when ``wish`` is ``send``; at once, or by the worker when there is much of it.

    ``wants_unsure`` puts the lines to look at again into the grid too, as they are; ``later`` leaves even few lines to the worker.
    Confirmed twice, it is done once. Where the bounds moved since it was checked, the lines they refuse are set aside first, and
    that is told (LinesSetAside) instead: they stay so.
    """
    if not actor.may(Right.DECLARE):
        raise NotAllowed(Right.DECLARE.label)
    aside = bounds.set_aside(file) if (file := file_of(actor, reference)).state == FileState.READY else 0
    if aside:
        raise LinesSetAside(aside)
    return _confirm(actor, file, wish=wish, wants_unsure=wants_unsure, later=later, at=at)


@transaction.atomic
def _confirm(
    actor: Actor, file: RentFile, *, wish: str, wants_unsure: bool, later: bool, at: datetime
) -> RentFile:  # fmt: skip
    if file.state in (FileState.CONFIRMED, FileState.CONFIRMING):
        return file
    if file.state in (FileState.RECEIVED, FileState.READING, FileState.COLUMNS):
        raise FileNotChecked
    if file.state != FileState.READY:
        raise FileClosed
    if not to_keep(file, wants_unsure):
        raise NothingReady
    wish = SEND if wish == SEND and file.counts.get(LineState.READY) else KEEP
    as_seen = RentFile.objects.filter(pk=file.pk, state=FileState.READY)
    is_long = later or sum(file.counts.values()) > AT_ONCE
    lease = None if is_long else at + LEASE
    if not as_seen.update(
        state=FileState.CONFIRMING, wish=wish, wants_unsure=wants_unsure, leased_until=lease, tries=0, refusal=""
    ):
        return file_of(actor, file.reference)
    file.refresh_from_db(fields=["state", "wish", "wants_unsure", "refusal", "tries"])
    if not is_long:
        carry_out(actor, file, at=at)
    return file


def _states(wants_unsure: bool) -> list[str]:
    return ["ready", "to_confirm", "to_correct"] if wants_unsure else ["ready"]


def to_keep(file: RentFile, wants_unsure: bool) -> int:
    """How many of its lines would be kept."""
    return sum(file.counts.get(state, 0) for state in _states(wants_unsure))


@transaction.atomic
def carry_out(actor: Actor, file: RentFile, *, at: datetime) -> list[Receipt]:
    """Do what was confirmed: drafts, counts, receipts; the file is closed by the same transaction."""
    counts.lock(actor.partner_id, file.year)
    change_exactly_one(
        RentFile.objects.filter(pk=file.pk, state=FileState.CONFIRMING),
        state=FileState.CONFIRMED,
        confirmed_at=at,
        content=None,
        leased_until=None,
    )
    asked = to_keep(file, file.wants_unsure)
    bounds.set_aside(file)
    taking = keeping.Taking(actor, file, states=_states(file.wants_unsure), at=at)
    receipts: list[Receipt] = []
    before: list[int] = []
    if file.wish == SEND:
        taking.take(together=blocks.is_much_of(actor, asked))
        receipts = _receipts(actor, file, taking, at=at)
        before = taking.write()
    else:
        taking.keep(together=blocks.is_much_of(actor, asked))
    counts.shift_many(actor.partner_id, file.year, taking.moves)
    RentFile.objects.filter(pk=file.pk).update(kept=taking.kept, left_out=asked - taking.kept)
    record(
        events.FILE_CONFIRMED, subject=str(file.reference), by=actor, at=at, year=file.year, rents=taking.kept,
        sent=sum(receipt.count for receipt in receipts),
    )  # fmt: skip
    file.refresh_from_db(fields=["state", "kept", "left_out", "confirmed_at"])
    _seal(actor, file, receipts, before, at=at)
    return receipts


def _receipts(actor: Actor, file: RentFile, taking: keeping.Taking, *, at: datetime) -> list[Receipt]:
    """One receipt an office, of this file's rents alone: what else is ready in the grid was not shown here."""
    state = workflow.DECLARATION.target(workflow.SUBMIT, workflow.DRAFT, actor)
    sending = submission.Sending(file.reference, "", state, at)
    receipts = [submission.open_receipt(actor, office, count, sending) for office, count in taking.ready_by_office()]
    taking.leave_with(receipts, state=state)
    return receipts


def _seal(actor: Actor, file: RentFile, receipts: list[Receipt], before: list[int], *, at: datetime) -> None:
    for receipt in receipts:
        submission.seal(receipt, is_stated=True)
        sent = receipt.count + before.count(receipt.pk)
        details = {"year": file.year, "rents": receipt.count, "declarations": sent, "office": receipt.office_id}
        record(events.SUBMITTED, subject=receipt.number, by=actor, at=at, **details)
    if receipts:
        queue_receipts(receipts, at=at)


def rents_sent_by(actor: Actor, file: RentFile) -> int:
    """How many of a file's rents left with its receipts; the others that were kept are in the grid."""
    own = receipts_seen(actor).filter(submission_key=file.reference)
    return sum(own.values_list("count", flat=True))


def receipts_of_file(actor: Actor, file: RentFile) -> list[str]:
    """The numbers of the receipts a file gave."""
    own = receipts_seen(actor).filter(submission_key=file.reference)
    return list(own.order_by("number").values_list("number", flat=True))
