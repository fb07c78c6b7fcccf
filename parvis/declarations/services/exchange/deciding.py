"""An agent decides about one declaration that an officer treats: the same decision, with the same consequences, as by file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from parvis.audit.journal import record
from parvis.changes.reasons import PAPERS
from parvis.declarations import events
from parvis.declarations.reasons import known_reasons
from parvis.declarations.refusals import DecisionNotPossible
from parvis.declarations.selectors.deciding import manual_declaration
from parvis.declarations.services.exchange import record_outcomes
from parvis.kit.actors import Actor, Duty, check_holds
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import ChangedMeanwhile

LONGEST_NOTE = 400
INTEGRATED, REJECTED, PAPER_AWAITED = "integrated", "rejected", "paper_awaited"
_TABLE = """
CREATE TEMP TABLE declarations_decided (line int, declaration_ref text, status text, reason_code text, decided_at text,
  answer_by date) ON COMMIT DROP
"""


@transaction.atomic
def decide(
    opaque: UUID,
    status: str,
    *,
    reason_code: str = "",
    answer_by: date | None = None,
    note: str,
    by: Actor,
    at: datetime,
) -> None:
    """Take in, refuse with a reason the landlord reads, or ask for a paper by a day. ``note`` is for the journal alone.

    Of two agents who decide at once, the second is told that it was decided.
    """
    line, _ = manual_declaration(by, opaque)
    check_holds(by, Duty.DECIDE_DECLARATIONS, [line.office_code])
    words = _check(status, reason_code, answer_by, note, at)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS declarations_decided")
        cursor.execute(_TABLE)
        cursor.execute(
            "INSERT INTO declarations_decided VALUES (1, %s, %s, %s, %s, %s)",
            [line.reference, status, reason_code if status != INTEGRATED else "", at.isoformat(), answer_by],
        )
    if record_outcomes("declarations_decided", by=by, at=at).changed != 1:
        raise ChangedMeanwhile("Un autre agent vient de décider. La déclaration n’est plus dans la file.")
    about = replace(by, partner_id=line.landlord_id)
    record(events.DECIDED, subject=line.reference, by=about, at=at, status=status, reason_code=reason_code, note=words)


def _check(status: str, reason_code: str, answer_by: date | None, note: str, at: datetime) -> str:
    """The note in one line, once the decision holds together."""
    if status not in (INTEGRATED, REJECTED, PAPER_AWAITED):
        raise DecisionNotPossible("Choisissez une décision.", field="status")
    if status == REJECTED and reason_code not in known_reasons():
        raise DecisionNotPossible("Choisissez la raison que lira le bailleur.", field="reason_code")
    if status == PAPER_AWAITED and reason_code not in PAPERS:
        raise DecisionNotPossible("Choisissez la pièce attendue.", field="paper")
    if status == PAPER_AWAITED and (answer_by is None or answer_by <= day_in_paris(at)):
        raise DecisionNotPossible("Donnez un jour à venir pour répondre.", field="answer_by")
    words = " ".join(note.split())
    if not words or len(words) > LONGEST_NOTE:
        raise DecisionNotPossible(f"Dites pourquoi, en {LONGEST_NOTE} caractères au plus.", field="note")
    return words
