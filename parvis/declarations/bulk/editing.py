"""Changing one line of a file on the spot: another amount, a warning confirmed, the screen or the file kept."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from parvis.declarations.bulk import blocks, facts, judging
from parvis.declarations.bulk.judging import Judged, Line
from parvis.declarations.bulk.models import FileState, LineState, RentFile
from parvis.declarations.bulk.refusals import FileClosed, FileNotChecked
from parvis.declarations.bulk.report import ReportRow, line_of
from parvis.declarations.refusals import JulyBeforeChanged
from parvis.declarations.selectors.grid.norms import norms_of
from parvis.declarations.services.july import NOT_SHOWN
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, Right
from parvis.kit.money import decimal
from parvis.kit.refusals import NotAllowed, NotFound

KEEP_SCREEN, KEEP_FILE = "screen", "file"


@transaction.atomic
def change_line(
    actor: Actor, reference: UUID, number: int, *, typed: str | None = None, previous_typed: str | None = None
) -> ReportRow:  # fmt: skip
    """Write another amount on a line, or another July before; it is judged again, and what was confirmed of others no longer is."""
    file, row = _locked(actor, reference, number)
    line = Line(
        number,
        typed=row.typed if typed is None else typed.strip()[: judging.LONGEST_TYPED],
        previous_typed=row.previous_typed if previous_typed is None else previous_typed.strip()[: judging.LONGEST_TYPED],
        is_formula=row.is_formula and typed is None,
    )  # fmt: skip
    is_same = (line.typed, line.previous_typed) == (row.typed, row.previous_typed)
    confirmed = row.confirmed if is_same else []
    return _judged_again(actor, file, row, line, confirmed, is_chosen=typed is not None)


@transaction.atomic
def confirm_line(
    actor: Actor,
    reference: UUID,
    number: int,
    *,
    code: str,
    cents: int,
    before: int | None = NOT_SHOWN,
    reason: str = "",
) -> ReportRow:
    """Keep an amount as it is, if it still is the one that was shown: unusual, or nothing is wrong with it since the
    thresholds moved. ``before`` is the July rent of the year before it was shown beside, None for none: against another one the
    confirmation is asked anew (JulyBeforeChanged)."""
    file, row = _locked(actor, reference, number)
    found = row.assessment
    if found is None or found.cents != cents:
        return row
    is_offered = code in {warning.code for warning in found.pending}
    if found.pending and not is_offered:
        return row
    if is_offered and before not in (NOT_SHOWN, row.before_cents):
        raise JulyBeforeChanged(file.year - 1, row.before_cents)
    line = Line(number, typed=row.typed, previous_typed=row.previous_typed, is_formula=row.is_formula)
    confirmed = [*row.confirmed, code] if is_offered else row.confirmed
    return _judged_again(actor, file, row, line, confirmed, is_chosen=True, reason=reason)


@transaction.atomic
def choose(actor: Actor, reference: UUID, number: int, side: str) -> ReportRow:
    """« Garder l’écran » or « Garder le fichier »."""
    file, row = _locked(actor, reference, number)
    if row.state != LineState.CONFLICT:
        return row
    typed = decimal(row.other_cents or 0) if side == KEEP_SCREEN else row.typed
    line = Line(number, typed=typed, previous_typed=row.previous_typed, is_formula=row.is_formula)
    return _judged_again(actor, file, row, line, row.confirmed, is_chosen=True)


def _locked(actor: Actor, reference: UUID, number: int) -> tuple[RentFile, ReportRow]:
    """The file, its row locked so that its counts stay true, and the line."""
    if not actor.may(Right.DECLARE):
        raise NotAllowed(Right.DECLARE.label)
    own = RentFile.objects.defer("content").select_for_update()
    file = own.filter(reference=reference, landlord_id=actor.partner_id, account_id=own_account(actor)).first()
    if file is None:
        raise NotFound
    if file.state in (FileState.RECEIVED, FileState.READING, FileState.COLUMNS):
        raise FileNotChecked
    if file.state != FileState.READY:
        raise FileClosed
    row = line_of(actor, file, number)
    if row.tenancy is None:
        raise NotFound
    return file, row


_CHANGE = """
UPDATE declarations_rentfilerow SET typed = %(typed)s, previous_typed = %(previous)s, state = %(state)s, cents = %(cents)s,
  previous_cents = %(previous_cents)s, other_cents = %(other)s, warnings = %(warnings)s, confirmed = %(confirmed)s,
  reason = CASE WHEN NOT %(is_confirmed)s THEN '' WHEN %(reason)s <> '' THEN %(reason)s ELSE reason END,
  fault = %(fault)s, is_formula = %(formula)s
WHERE file_id = %(file)s AND line = %(line)s
"""


def _judged_again(
    actor: Actor, file: RentFile, row: ReportRow, line: Line, confirmed: list[str], *, is_chosen: bool, reason: str = ""
) -> ReportRow:
    _write(actor, file, row, line, confirmed, is_chosen=is_chosen, reason=reason)
    changed = line_of(actor, file, line.number)
    _others_again(actor, file, changed)
    return changed


def _write(
    actor: Actor, file: RentFile, row: ReportRow, line: Line, confirmed: list[str], *, is_chosen: bool, reason: str
) -> None:  # fmt: skip
    assert row.tenancy is not None
    blocks.take_out(file, [line.number])
    known = facts.by_key(actor, norms_of(file.year), [(0, str(row.tenancy))])[0]
    judged = judging.judge(line, known, file.year, confirmed=confirmed, is_chosen=is_chosen)
    _compare(file, judged)
    values: dict[str, Any] = {
        "file": file.pk, "line": line.number, "typed": line.typed, "previous": line.previous_typed, "state": str(judged.state),
        "cents": judged.cents, "previous_cents": judged.previous_cents, "other": judged.other_cents,
        "warnings": json.dumps(list(judged.warnings)), "confirmed": json.dumps(list(judged.confirmed)),
        "is_confirmed": bool(judged.confirmed), "reason": reason[:200],
        "fault": judged.fault, "formula": line.is_formula,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE, values)
    _count(file, row.state, str(judged.state))


def _compare(file: RentFile, judged: Judged) -> None:
    """The same tenant on another line that stands: the two amounts must be one, and one line is enough."""
    if judged.state in (LineState.NO_AMOUNT, LineState.SENT) or judged.tenancy_id is None:
        return
    line, cents = blocks.standing(file.pk, [judged.tenancy_id], but=judged.line.number).get(
        judged.tenancy_id, (0, None)
    )
    if cents is None:
        return
    if cents == judged.cents:
        judged.state, judged.fault = LineState.NO_AMOUNT, judging.same_as(line)
    else:
        judging.twice(judged, line)


def _others_again(actor: Actor, file: RentFile, changed: ReportRow) -> None:
    """Lines that stood against the one that changed, judged again."""
    assert changed.tenancy is not None
    against = file.rows.filter(tenancy__reference=changed.tenancy, fault__startswith=judging.ALSO)
    for line in against.exclude(line=changed.line).values_list("line", flat=True):
        row = line_of(actor, file, line)
        said = Line(line, typed=row.typed, previous_typed=row.previous_typed, is_formula=row.is_formula)
        _write(actor, file, row, said, row.confirmed, is_chosen=False, reason="")


def _count(file: RentFile, old: str, new: str) -> None:
    if old == new:
        return
    counts = dict(file.counts)
    counts[old] = counts.get(old, 0) - 1
    counts[new] = counts.get(new, 0) + 1
    file.counts = {state: count for state, count in counts.items() if count}
    RentFile.objects.filter(pk=file.pk).update(counts=file.counts)
