"""What the office's information system answers to changes: taken in, looked at by hand, refused. Few: one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from parvis.audit.journal import record
from parvis.changes import events, workflow
from parvis.changes.models import AwaitedPaper, ChangeKind, ChangeRequest
from parvis.changes.reasons import paper_words, refusal_sentence
from parvis.changes.services import awaited, keeping, telling
from parvis.kit.actors import Actor, Right

NUMBERS = "C-%"
"""How the references of changes begin, by which a line of outcomes.csv is told from one about a declaration."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of the lines about changes; ``faults`` are (line, sentence)."""

    changed: int
    unchanged: int
    faults: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    reference: str
    status: str
    reason_code: str
    decided_at: datetime
    answer_by: date | None


# Of several lines on one change, the latest decision counts.
_LATEST = """
SELECT DISTINCT ON (declaration_ref) line, declaration_ref, status, COALESCE(reason_code, ''), decided_at::timestamptz, answer_by
FROM {table} WHERE declaration_ref LIKE %s ORDER BY declaration_ref, decided_at::timestamptz DESC, line DESC
"""


@transaction.atomic
def record_outcomes(table: str, *, by: Actor, at: datetime) -> Answered:
    """Obey the lines about changes in a temporary table: line, declaration_ref, status, reason_code, decided_at, answer_by.

    A decision applies from the states its act starts from; a repeat changes nothing. Who asked is told of what is final: one mail
    a person and file.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LATEST.format(table=connection.ops.quote_name(table)), [NUMBERS])
        lines = [_Line(*row) for row in cursor.fetchall()]
    rows = ChangeRequest.objects.filter(number__in=[line.reference for line in lines]).exclude(state=workflow.ASKED)
    rows = rows.select_for_update(of=("self",)).select_related("landlord", "office", "account__credential", "tenancy")
    found = {change.number: change for change in rows.order_by("pk")}
    decided, faults = [], []
    for line in lines:
        change = found.get(line.reference)
        if change is None or change.state in workflow.LIVE:
            why = "n’est pas encore partie" if change else "n’est pas connue ici"
            faults.append((line.number, f"La demande « {line.reference} » {why}."))
        elif _obeyed(change, line, by=by, at=at):
            decided.append((change, line))
    asked = [line for change, line in decided if line.status == workflow.PAPER_AWAITED]
    _await({line.reference: line for line in asked}, [change for change, _ in decided], by=by, at=at)
    _tell([change for change, _ in decided], at=at)
    return Answered(len(decided), len(lines) - len(decided) - len(faults), tuple(faults))


def _obeyed(change: ChangeRequest, line: _Line, *, by: Actor, at: datetime) -> bool:
    act = workflow.OUTCOME_ACTS[line.status]
    if change.state not in act.sources or (act is workflow.ASK_PAPER and _asked_before(line)):
        return False
    if act is workflow.REFUSE:
        reason = refusal_sentence(line.reason_code)
        keeping.advance(change, act, by=by, at=line.decided_at, note=reason, closed_at=line.decided_at, reason=reason)
        record(events.REFUSED, subject=change.number, by=by, at=at, kind=change.kind, reason=line.reason_code)
    elif act is workflow.FINISH:
        keeping.advance(change, act, by=by, at=line.decided_at, closed_at=line.decided_at)
        record(events.DONE, subject=change.number, by=by, at=at, kind=change.kind)
    else:
        note = f"Pièce attendue\u00a0: {paper_words(line.reason_code)}" if act is workflow.ASK_PAPER else ""
        keeping.advance(change, act, by=by, at=line.decided_at, note=note)
        record(events.BY_HAND, subject=change.number, by=by, at=at, kind=change.kind)
    return True


def _asked_before(line: _Line) -> bool:
    """A repeat, or an older word than what was already asked."""
    return AwaitedPaper.objects.filter(subject=line.reference, asked_at__gte=line.decided_at).exists()


def _await(lines: Mapping[str, _Line], changes: Sequence[ChangeRequest], *, by: Actor, at: datetime) -> None:
    asked = [(change, lines[change.number]) for change in changes if change.number in lines]
    awaited.ask([_asked(change, line) for change, line in asked], by=by, at=at)


def _asked(change: ChangeRequest, line: _Line) -> awaited.Asked:
    assert line.answer_by is not None
    is_bank = change.kind == ChangeKind.BANK_DETAILS
    return awaited.Asked(
        subject=change.number,
        title=change.get_kind_display(),
        needs=Right.BANK_DETAILS if is_bank else Right.DECLARE,
        landlord_id=change.landlord_id,
        office_id=change.office_id,
        tenancy_id=change.tenancy_id,
        account_id=change.account_id,
        paper=line.reason_code,
        answer_by=line.answer_by,
        asked_at=line.decided_at,
    )


def _tell(changes: Sequence[ChangeRequest], *, at: datetime) -> None:
    final = [change for change in changes if change.state != workflow.MANUAL]
    for account_id in sorted({change.account_id for change in final}):
        theirs = [change for change in final if change.account_id == account_id]
        if len(theirs) == 1:
            telling.tell_decided(theirs[0], at=at)
        else:
            telling.tell_several_decided(theirs, at=at)
