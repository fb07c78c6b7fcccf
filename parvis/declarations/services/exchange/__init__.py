"""What passes between a declaration and the office's information system: it left, and what became of it. In sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from parvis.audit.journal import record
from parvis.declarations import events, workflow
from parvis.declarations.services import counts
from parvis.declarations.services.exchange import awaiting, endings, outcome_emails
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.merging import execute
from parvis.kit.refusals import ChangedMeanwhile

_TOUCHED = "declarations_touched"


@transaction.atomic
def mark_sent(declaration_ids: Sequence[int], *, by: Actor, at: datetime) -> int:
    """Say that these declarations stand in an outgoing delivery. None had left yet, or nothing is changed.

    One that was corrected before it left leaves too, before its correction, and stays « corrigée »: it was accepted, and has
    its receipt.
    """
    target = workflow.DECLARATION.target(workflow.SEND, workflow.SUBMITTED, by)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE declarations_declaration SET state = CASE state WHEN %s THEN %s ELSE state END, sent_at = %s"
            " WHERE id = ANY(%s) AND state IN (%s, %s) AND sent_at IS NULL",
            [workflow.SUBMITTED, target, at, list(declaration_ids), workflow.SUBMITTED, workflow.CORRECTED],
        )
        count = int(cursor.rowcount)
    if count != len(set(declaration_ids)):
        raise ChangedMeanwhile
    record(events.SENT, subject="declarations", by=by, at=at, count=count)
    return count


@dataclass(frozen=True, slots=True)
class OutcomeMerge:
    """What became of the lines of an outcomes file. ``faults`` are (line, sentence): the lines that could not be obeyed."""

    integrated: int
    manual: int
    rejected: int
    unchanged: int
    awaited: int
    faults: tuple[tuple[int, str], ...]

    @property
    def changed(self) -> int:
        """Declarations that changed state."""
        return self.integrated + self.manual + self.rejected + self.awaited


# Of several lines on one declaration, the latest decision counts. A decision applies from the states its act starts from,
# and only if it is not older than the one already known: repeats and late-comers change nothing.
_FOUND = """
CREATE TEMP TABLE declarations_outcome ON COMMIT DROP AS
SELECT DISTINCT ON (d.id) s.line, d.id, d.kind, d.year, d.tenancy_id, d.landlord_id, d.details, d.revises, s.status,
       s.decided_at::timestamptz AS decided_at,
       COALESCE(s.reason_code, '') AS reason_code, s.answer_by,
       d.state = ANY(CASE s.status {sources} END) AND (d.decided_at IS NULL OR s.decided_at::timestamptz >= d.decided_at)
       AND NOT (s.status = 'paper_awaited' AND EXISTS (SELECT 1 FROM changes_awaitedpaper p
         WHERE p.subject = s.declaration_ref AND p.asked_at >= s.decided_at::timestamptz)) AS applies
FROM {table} s JOIN declarations_declaration d ON d.reference = s.declaration_ref
ORDER BY d.id, s.decided_at::timestamptz DESC, s.line DESC
"""
# July rents are held by the counts of their landlords; what is sent from the questions by its own row, in one order. A correction
# waits, or is waited for: what it replaced is then seen as replaced, and no decision brings it back.
_HOLD = """
SELECT d.id FROM {table} s JOIN declarations_declaration d ON d.reference = s.declaration_ref
WHERE NOT (d.kind IN ('july_rent', 'previous_july_rent')) ORDER BY d.id FOR UPDATE OF d
"""
_FAULTS = """
SELECT s.line, CASE WHEN d.id IS NULL THEN 'Aucune déclaration ne porte la référence « ' || s.declaration_ref || ' ».'
  ELSE 'La déclaration « ' || s.declaration_ref || ' » n’est pas encore partie.' END
FROM {table} s LEFT JOIN declarations_declaration d ON d.reference = s.declaration_ref
WHERE d.id IS NULL OR d.state = 'submitted' ORDER BY s.line
"""
# A correction of what was taken in takes its place as it is taken in itself; any corrections of it before were replaced by it. One
# that takes such a correction back voids that one alone: what was taken in stands.
_REPLACE = """
WITH RECURSIVE version AS (
  SELECT d.corrects_id AS id FROM declarations_outcome o JOIN declarations_declaration d ON d.id = o.id
  JOIN declarations_declaration before ON before.id = d.corrects_id
  WHERE o.applies AND o.status = 'integrated' AND o.revises AND NOT (o.details ? 'withdrawn' AND before.state <> 'integrated')
  UNION SELECT b.corrects_id FROM version v JOIN declarations_declaration b ON b.id = v.id AND b.revises AND b.state = 'corrected')
UPDATE declarations_declaration d SET state = %s, remind_on = NULL, effect_on = NULL FROM version v
WHERE d.id = v.id AND d.state = ANY(%s)
"""
_DECIDE = """
UPDATE declarations_declaration d SET state = CASE o.status {targets} END, decided_at = o.decided_at, reason_code = o.reason_code,
  revises = o.revises AND o.status <> 'integrated'
FROM declarations_outcome o WHERE o.id = d.id AND o.applies RETURNING o.status
"""
_JULY_RENTS = """
INSERT INTO tenancies_julyrent (tenancy_id, year, rent_cents, source)
SELECT DISTINCT ON (tenancy_id, year) tenancy_id, year, (details ->> 'rent_cents')::int, 'landlord' FROM declarations_outcome
WHERE applies AND status = 'integrated' AND kind IN ('july_rent', 'previous_july_rent') AND year IS NOT NULL
ORDER BY tenancy_id, year, decided_at DESC
ON CONFLICT (tenancy_id, year) DO UPDATE SET rent_cents = EXCLUDED.rent_cents, source = EXCLUDED.source
"""
_LAST_JULY = """
UPDATE declarations_campaignentry e SET last_july_cents = (o.details ->> 'rent_cents')::int FROM declarations_outcome o
WHERE o.applies AND o.status = 'integrated' AND o.kind IN ('july_rent', 'previous_july_rent')
  AND e.tenancy_id = o.tenancy_id AND e.year = o.year + 1
"""
_ENTRIES = """
UPDATE declarations_campaignentry e SET state = o.status FROM declarations_outcome o
WHERE o.applies AND NOT o.revises AND o.kind = 'july_rent' AND o.status IN ('integrated', 'rejected')
  AND e.tenancy_id = o.tenancy_id AND e.year = o.year AND e.state = 'submitted'
"""
# A July of the year before that is refused is asked for again, though the rent it came with stands: among what is to do. What took
# one back is of no year, and is asked for by nobody.
_ASKED_AGAIN = """
UPDATE declarations_declaration d SET remind_on = %s FROM declarations_outcome o
WHERE o.id = d.id AND o.applies AND o.status = 'rejected' AND o.kind = 'previous_july_rent' AND o.year IS NOT NULL
  AND NOT o.revises
"""
# Of a tenant who died nothing is asked again. Sent at once, a death says so as it leaves (``bundles.effects``); as a correction of
# what was taken in, once the office agrees.
_DIED = """
UPDATE declarations_declaration d SET remind_on = NULL FROM declarations_outcome o
WHERE o.applies AND o.status = 'integrated' AND o.revises AND o.kind = 'death' AND o.details ->> 'who' = 'claimant'
  AND d.tenancy_id = o.tenancy_id AND d.remind_on IS NOT NULL
"""


@transaction.atomic
def record_outcomes(table: str, *, by: Actor, at: datetime) -> OutcomeMerge:
    """Obey the decisions in a temporary table: line, declaration_ref, status, reason_code, decided_at, answer_by.

    Integrated: the July rent is known, from the landlord; a tenancy that was left ends. Rejected: the rent is open again, the
    reason is kept. A correction of what was taken in takes its place, or leaves it as it was. The same file twice changes
    nothing; an older decision never replaces a newer one.
    """
    for act in workflow.OUTCOME_ACTS.values():
        workflow.DECLARATION.target(act, next(iter(act.sources)), by)
    quoted = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS declarations_outcome, {_TOUCHED}")
        _lock(quoted)
        cursor.execute(_FOUND.format(table=quoted, sources=_sources()))
        cursor.execute(_FAULTS.format(table=quoted))
        faults = tuple((line, sentence) for line, sentence in cursor.fetchall())
        cursor.execute("SELECT count(*) FROM declarations_outcome WHERE NOT applies")
        row = cursor.fetchone()
        cursor.execute(_REPLACE, [workflow.REPLACE.target, sorted(workflow.REPLACE.sources)])
        cursor.execute(_DECIDE.format(targets=_targets()))
        statuses = [status for (status,) in cursor.fetchall()]
        for statement in (_JULY_RENTS, _LAST_JULY, _ENTRIES):
            cursor.execute(statement)
        for year in _years():
            counts.recount(_TOUCHED, year)
    merge = OutcomeMerge(
        integrated=statuses.count("integrated"),
        manual=statuses.count("manual"),
        rejected=statuses.count("rejected"),
        unchanged=row[0] if row else 0,
        awaited=statuses.count("paper_awaited"),
        faults=faults,
    )
    _follow(merge, by=by, at=at)
    return merge


def _follow(merge: OutcomeMerge, *, by: Actor, at: datetime) -> None:
    """What the decisions in ``declarations_outcome`` bring about: the journal, the mails, what is asked, what ends."""
    if merge.changed:
        told = {name: getattr(merge, name) for name in ("integrated", "manual", "rejected", "awaited")}
        record(events.OUTCOMES, subject="declarations", by=by, at=at, **told)
    if merge.awaited:
        awaiting.ask_papers(by=by, at=at)
    if merge.rejected:
        execute(_ASKED_AGAIN, [day_in_paris(at)])
        outcome_emails.queue_refused(at=at)
    if merge.integrated:
        execute(_DIED)
        outcome_emails.queue_taken_in(at=at)
        endings.end_decided(today=day_in_paris(at))


def _lock(table: str) -> None:
    """Take the turn of every landlord concerned, and of every declaration, before looking at a state."""
    with connection.cursor() as cursor:
        cursor.execute(
            # The tenancy may have another landlord by now: the entry, and the counts, are then theirs.
            f"CREATE TEMP TABLE {_TOUCHED} ON COMMIT DROP AS SELECT DISTINCT who.landlord_id, d.year FROM {table} s"
            " JOIN declarations_declaration d ON d.reference = s.declaration_ref"
            " LEFT JOIN declarations_campaignentry e ON e.tenancy_id = d.tenancy_id AND e.year = d.year"
            " CROSS JOIN LATERAL (VALUES (d.landlord_id), (e.landlord_id)) who (landlord_id)"
            " WHERE d.kind = 'july_rent' AND who.landlord_id IS NOT NULL"
        )
    for year in _years():
        counts.lock_many(_TOUCHED, year)
    with connection.cursor() as cursor:
        cursor.execute(_HOLD.format(table=table))


def _years() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT year FROM {_TOUCHED} ORDER BY year")
        return [year for (year,) in cursor.fetchall()]


def _sources() -> str:
    """The states each status may come from, taken from the workflow's table."""
    lines = []
    for status, act in workflow.OUTCOME_ACTS.items():
        states = ", ".join(f"'{state}'" for state in sorted(act.sources))
        lines.append(f"WHEN '{status}' THEN ARRAY[{states}]")
    return " ".join(lines)


def _targets() -> str:
    """The state each status leads to, taken from the workflow's table."""
    return " ".join(f"WHEN '{status}' THEN '{act.target}'" for status, act in workflow.OUTCOME_ACTS.items())
