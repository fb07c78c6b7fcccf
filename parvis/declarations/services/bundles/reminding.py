"""Asking a landlord again: about a debt they wait with, a departure whose day has come, a plan. Each once, by mail."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from parvis.audit.journal import record
from parvis.correspondence.services import Draft, queue_many
from parvis.declarations import events, workflow
from parvis.declarations.models import SENT, Declaration, Kind
from parvis.declarations.refusals import NothingToWaitFor
from parvis.declarations.selectors.bundles.unfinished import UNANSWERED
from parvis.declarations.services.bundles.answering import locked
from parvis.declarations.services.bundles.choosing import check_may_declare
from parvis.declarations.services.exchange import endings
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.days import months_later
from parvis.kit.refusals import NotFound

MONTHS_AHEAD = 12
BATCH = 500


@transaction.atomic
def remind_me(actor: Actor, reference: UUID, kind: str, on: date, *, year: int | None, at: datetime) -> None:
    """« Me prévenir »: keep the answers, and write on that day to who typed them. Again, it is another day.

    Refuses a day past or far away, and any day once the claimant is told to be dead.
    """
    check_may_declare(actor)
    step = locked(actor, reference, year, at).step(kind)
    today = day_in_paris(at)
    if step.draft is None:
        raise NotFound
    if step.facts.claimant_died or not today < on <= months_later(today, MONTHS_AHEAD):
        raise NothingToWaitFor
    Declaration.objects.filter(pk=step.draft.id).update(remind_on=on, reminded_at=None)


@transaction.atomic
def confirm_departure(actor: Actor, opaque: UUID, *, at: datetime) -> None:
    """« Oui, ce jour-là »: the departure told before was right; nothing leaves. Twice is once."""
    check_may_declare(actor)
    mine = Declaration.objects.filter(SENT, landlord_id=actor.partner_id, opaque=opaque, kind=Kind.MOVE_OUT)
    if not mine.exists():
        raise NotFound
    today = day_in_paris(at)
    due = mine.filter(remind_on__lte=today, state__in=workflow.STANDING)
    if due.update(remind_on=None):
        record(events.DEPARTURE_CONFIRMED, subject=str(opaque), by=actor, at=at)
        endings.end_told(list(mine.values_list("pk", flat=True)), today=today)


class _Due(NamedTuple):
    id: int
    kind: str
    state: str
    opaque: UUID
    tenancy: UUID
    saved_at: datetime
    account_id: int
    login_id: str
    user_number: str
    account_reference: str
    partner_id: UUID
    email: str | None
    landlord: str
    office: str


# Of what is not standing any more, or whose author is gone, the day passes unsaid; of what is asked to be corrected it waits for the
# office. Another worker's rows are left to it.
_DUE = f"""
SELECT d.id, d.kind, d.state, d.opaque, t.reference, d.saved_at, a.id, a.login_id, a.user_number, a.reference, a.partner_id,
  CASE WHEN a.state = 'active' AND d.state = ANY(%(told)s) THEN c.email END,
  COALESCE(NULLIF(l.company_name, ''), btrim(l.first_name || ' ' || l.last_name)), COALESCE(o.name, '')
FROM declarations_declaration d
JOIN tenancies_tenancy t ON t.id = d.tenancy_id
LEFT JOIN landlords_office o ON o.caf_code = t.caf_code
JOIN identity_account a ON a.id = d.account_id
JOIN identity_credential c ON c.id = a.credential_id
JOIN landlords_landlord l ON l.partner_id = d.landlord_id
WHERE d.remind_on <= %(today)s AND d.reminded_at IS NULL AND NOT (d.state = 'integrated' AND {UNANSWERED})
ORDER BY d.id LIMIT %(batch)s FOR UPDATE OF d SKIP LOCKED
"""


def remind_due(*, by: Actor, at: datetime) -> int:
    """Write to those whose day has come; says how many mails. Run as often as wanted: each is written once."""
    count = 0
    while True:
        found, told = _remind_some(by=by, at=at)
        count += told
        if found < BATCH:
            return count


@transaction.atomic
def _remind_some(*, by: Actor, at: datetime) -> tuple[int, int]:
    values: dict[str, Any] = {
        "today": day_in_paris(at),
        "told": [workflow.DRAFT, *sorted(workflow.STANDING)],
        "batch": BATCH,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE, values)
        rows = [_Due._make(row) for row in cursor.fetchall()]
    drafts = [_mail(row) for row in rows if row.email]
    Declaration.objects.filter(pk__in=[row.id for row in rows]).update(reminded_at=at)
    if drafts:
        queue_many(drafts, at=at)
        record(events.ASKED_AGAIN, subject="declarations", by=by, at=at, count=len(drafts))
    return len(rows), len(drafts)


def _mail(row: _Due) -> Draft:
    is_draft = row.state == workflow.DRAFT
    context: dict[str, Any] = {
        "account_name": row.landlord,
        "login_id": row.login_id,
        "user_number": row.user_number,
        "account_reference": row.account_reference,
        "about": "debt" if is_draft else "departure" if row.kind == Kind.MOVE_OUT else "plan",
        "saved": row.saved_at.isoformat(),
        "tenancy": str(row.tenancy),
        "declaration": str(row.opaque),
        "office": row.office,
    }
    return Draft(
        template="declarations/emails/asked_again",
        context=context,
        to=row.email or "",
        account_id=row.account_id,
        partner_id=row.partner_id,
    )
