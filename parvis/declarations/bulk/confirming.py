"""« Confirmer »: the ready lines become drafts, in sets and as the grid keeps them; then they are sent if that was asked.

All in one transaction: either every ready line is kept, and sent with one receipt an office, or nothing happened.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from parvis.audit.journal import record
from parvis.declarations import events, workflow
from parvis.declarations.bulk.models import FileState, LineState, RentFile
from parvis.declarations.bulk.refusals import FileClosed, FileNotChecked, NothingReady
from parvis.declarations.bulk.report import file_of
from parvis.declarations.models import OPEN_STATES, Receipt
from parvis.declarations.services import counts, receipt_email, submission
from parvis.kit.actors import Actor, Right
from parvis.kit.db import change_exactly_one
from parvis.kit.refusals import ChangedMeanwhile, NotAllowed
from parvis.tenancies.selectors.scope import seen_by, within

SEND, KEEP = "send", "keep"
AT_ONCE = 2_000
"""More lines than that are kept by the worker, so that no page is waited for."""
LEASE = timedelta(minutes=5)
_OPEN = ", ".join(f"'{state}'" for state in OPEN_STATES)

# What a colleague typed on screen since the file was checked stays; the line is to be chosen again.
_LATE = """
UPDATE declarations_rentfilerow r SET state = 'conflict', other_cents = (d.details ->> 'rent_cents')::int
FROM declarations_declaration d
WHERE r.file_id = %(file)s AND r.state = ANY(%(states)s) AND d.tenancy_id = r.tenancy_id AND d.kind = 'july_rent'
  AND d.year = %(year)s AND d.landlord_id = %(landlord)s AND d.state = 'draft' AND d.typed <> '' AND d.channel <> 'file'
  AND d.saved_at > %(checked_at)s AND (d.details ->> 'rent_cents')::int IS DISTINCT FROM r.cents AND d.details ? 'rent_cents'
"""
_TAKEN = """
CREATE TEMP TABLE taken ON COMMIT DROP AS
SELECT r.line, r.tenancy_id, r.typed, r.previous_typed, r.cents, r.previous_cents, r.warnings, r.confirmed, r.reason,
       CASE r.state WHEN 'ready' THEN 'drafted' ELSE r.state END AS state, e.state AS was, e.last_july_cents, t.caf_code,
       t.furnished, t.lease_holders, t.start_on
FROM declarations_rentfilerow r
JOIN declarations_campaignentry e ON e.tenancy_id = r.tenancy_id AND e.year = %(year)s AND e.landlord_id = %(landlord)s
JOIN tenancies_tenancy t ON t.id = r.tenancy_id
WHERE r.file_id = %(file)s AND r.state = ANY(%(states)s) AND e.state IN ({open}){within}
"""
_COLUMNS = """(kind, tenancy_id, landlord_id, account_id, year, details, typed, warnings, confirmed, confirmed_reason, state, channel,
   rule, saved_at, reason_code)"""
_CONFLICT = """
ON CONFLICT (tenancy_id, kind, year)
  WHERE kind IN ('july_rent', 'previous_july_rent') AND NOT (state IN ('rejected', 'corrected', 'abandoned'))
DO UPDATE SET details = EXCLUDED.details, typed = EXCLUDED.typed, warnings = EXCLUDED.warnings,
  confirmed = EXCLUDED.confirmed, confirmed_reason = EXCLUDED.confirmed_reason, account_id = EXCLUDED.account_id,
  channel = EXCLUDED.channel, saved_at = EXCLUDED.saved_at
WHERE declarations_declaration.state = 'draft' AND declarations_declaration.landlord_id = EXCLUDED.landlord_id
"""
# The words of `details` are those of kinds.july_rent.
_RENTS = f"""
INSERT INTO declarations_declaration {_COLUMNS}
SELECT 'july_rent', tenancy_id, %(landlord)s, %(account)s, %(year)s, CASE WHEN cents IS NULL THEN '{{}}'::jsonb ELSE
         jsonb_build_object('year', %(year)s::int, 'rent_cents', cents, 'charges_cents', NULL, 'furnished', furnished,
                            'lease_holders', lease_holders) END,
       typed, warnings, confirmed, CASE WHEN confirmed = '[]' THEN '' ELSE reason END, 'draft', 'file', '', %(at)s, ''
FROM taken {_CONFLICT}
"""
_PREVIOUS = f"""
INSERT INTO declarations_declaration {_COLUMNS}
SELECT 'previous_july_rent', tenancy_id, %(landlord)s, %(account)s, %(year)s - 1,
       CASE WHEN previous_cents IS NULL THEN '{{}}'::jsonb ELSE
         jsonb_build_object('year', %(year)s::int - 1, 'rent_cents', previous_cents) END,
       previous_typed, '[]', '[]', '', 'draft', 'file', '', %(at)s, ''
FROM taken WHERE previous_typed <> '' AND last_july_cents IS NULL AND start_on < make_date(%(year)s - 1, 8, 1) {_CONFLICT}
"""
_ENTRIES = """
UPDATE declarations_campaignentry e SET state = k.state FROM taken k
WHERE e.tenancy_id = k.tenancy_id AND e.year = %(year)s AND e.landlord_id = %(landlord)s AND e.state <> k.state
"""
_MOVES = "SELECT caf_code, was, state, count(*)::int FROM taken WHERE was <> state GROUP BY caf_code, was, state"


@transaction.atomic
def confirm(actor: Actor, reference: UUID, *, wish: str, wants_unsure: bool = False, at: datetime) -> RentFile:
    """Keep what is ready, and send it when ``wish`` is ``send``; at once, or by the worker when there is much of it.

    ``wants_unsure`` puts the lines to look at again into the grid too, as they are. Confirmed twice, it is done once.
    """
    if not actor.may(Right.DECLARE):
        raise NotAllowed(Right.DECLARE.label)
    file = file_of(actor, reference)
    if file.state in (FileState.CONFIRMED, FileState.CONFIRMING):
        return file
    if file.state in (FileState.RECEIVED, FileState.READING, FileState.COLUMNS):
        raise FileNotChecked
    if file.state != FileState.READY:
        raise FileClosed
    if not sum(file.counts.get(state, 0) for state in _states(wants_unsure)):
        raise NothingReady
    wish = SEND if wish == SEND and file.counts.get(LineState.READY) else KEEP
    as_seen = RentFile.objects.filter(pk=file.pk, state=FileState.READY)
    is_long = file.expected > AT_ONCE
    lease = None if is_long else at + LEASE
    if not as_seen.update(state=FileState.CONFIRMING, wish=wish, wants_unsure=wants_unsure, leased_until=lease):
        return file_of(actor, reference)
    file.refresh_from_db(fields=["state", "wish", "wants_unsure"])
    if not is_long:
        carry_out(actor, file, at=at)
    return file


def _states(wants_unsure: bool) -> list[str]:
    return ["ready", "to_confirm", "to_correct"] if wants_unsure else ["ready"]


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
    kept, asked = _keep(actor, file, at=at)
    RentFile.objects.filter(pk=file.pk).update(kept=kept, left_out=asked - kept)
    details = {"year": file.year, "rents": kept}
    record(events.FILE_CONFIRMED, subject=str(file.reference), by=actor, at=at, **details)
    file.refresh_from_db(fields=["state", "kept", "left_out", "confirmed_at"])
    return _send(actor, file, at=at) if file.wish == SEND else []


def _keep(actor: Actor, file: RentFile, *, at: datetime) -> tuple[int, int]:
    """Drafts of the lines; how many there are, and how many were asked for."""
    values: dict[str, Any] = {
        **seen_by(actor), "file": file.pk, "year": file.year, "account": actor.account_id, "at": at,
        "states": _states(file.wants_unsure), "checked_at": file.checked_at,
    }  # fmt: skip
    asked = sum(file.counts.get(state, 0) for state in values["states"])
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS taken")
        cursor.execute(_LATE, values)
        cursor.execute(_TAKEN.format(open=_OPEN, within=within(actor, "t.caf_code")), values)
        kept = cursor.rowcount
        cursor.execute("ANALYZE taken")
        for statement in (_RENTS, _PREVIOUS, _ENTRIES):
            cursor.execute(statement, values)
        cursor.execute(_MOVES)
        moves = cursor.fetchall()
    counts.shift(actor.partner_id, file.year, (move[:3] for move in moves for _ in range(move[3])))
    return kept, asked


class Leaving(NamedTuple):
    """A draft of this file that leaves."""

    id: int
    before_id: int | None
    caf_code: str
    tenancy_id: int


_LEAVING = """
SELECT d.id, before.id, k.caf_code, k.tenancy_id FROM taken k
JOIN declarations_declaration d ON d.tenancy_id = k.tenancy_id AND d.kind = 'july_rent' AND d.year = %(year)s
  AND d.landlord_id = %(landlord)s AND d.state = 'draft'
LEFT JOIN declarations_declaration before ON before.tenancy_id = k.tenancy_id AND before.kind = 'previous_july_rent'
  AND before.year = %(year)s - 1 AND before.landlord_id = %(landlord)s AND before.state = 'draft'
  AND before.details ? 'rent_cents' AND k.last_july_cents IS NULL
WHERE k.state = 'drafted' ORDER BY k.caf_code, k.line
"""
_SENT = """
UPDATE declarations_campaignentry e SET state = 'submitted' FROM taken k
WHERE e.tenancy_id = k.tenancy_id AND e.year = %(year)s AND e.landlord_id = %(landlord)s AND e.state = 'drafted'
  AND k.state = 'drafted'
"""


def _send(actor: Actor, file: RentFile, *, at: datetime) -> list[Receipt]:
    """One receipt an office, of this file's rents alone: what else is ready in the grid was not shown here."""
    target = workflow.DECLARATION.target(workflow.SUBMIT, workflow.DRAFT, actor)
    sending = submission.Sending(file.reference, "", target, at)
    with connection.cursor() as cursor:
        values = {**seen_by(actor), "year": file.year}
        cursor.execute(_LEAVING, values)
        leaving = [Leaving(*row) for row in cursor.fetchall()]
        if not leaving:
            return []
        cursor.execute(_SENT, values)
        if cursor.rowcount != len(leaving):
            raise ChangedMeanwhile
    offices = sorted({one.caf_code for one in leaving})
    receipts = [_receipt(actor, file, office, leaving, sending) for office in offices]
    counts.shift(actor.partner_id, file.year, ((one.caf_code, "drafted", "submitted") for one in leaving))
    receipt_email.queue(receipts, at=at)
    return receipts


def _receipt(
    actor: Actor, file: RentFile, office: str, leaving: list[Leaving], sending: submission.Sending
) -> Receipt:  # fmt: skip
    own = [one for one in leaving if one.caf_code == office]
    ids = [one.id for one in own] + [one.before_id for one in own if one.before_id is not None]
    receipt = submission.open_receipt(actor, office, len(own), sending)
    submission.submit_drafts(actor, ids, receipt, state=sending.state)
    submission.seal(receipt)
    details = {"year": file.year, "rents": len(own), "declarations": len(ids), "office": office}
    record(events.SUBMITTED, subject=receipt.number, by=actor, at=sending.at, **details)
    return receipt


def receipts_of_file(actor: Actor, file: RentFile) -> list[str]:
    """The numbers of the receipts a file gave."""
    own = submission.receipts_seen(actor).filter(submission_key=file.reference)
    return list(own.order_by("number").values_list("number", flat=True))
