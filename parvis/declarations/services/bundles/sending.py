"""Sending what was chosen about a tenancy: one transaction, one receipt, each declaration once.

Two clicks give one receipt (the form's key); of two tabs or colleagues, the second finds the bundle gone and is told of the
receipt. What is printed is read again at the sending: the law and the facts of that day, not of the day of typing.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from parvis.audit.journal import record
from parvis.declarations import events, workflow
from parvis.declarations.kinds import clashes
from parvis.declarations.kinds.withdrawal import WITHDRAWAL
from parvis.declarations.models import Bundle, Declaration, Kind, Receipt
from parvis.declarations.refusals import (
    AlreadyWithTheOffice,
    BundleChanged,
    ClashingKinds,
    JustSent,
    KeyUsedOtherwise,
    NothingToSend,
)
from parvis.declarations.selectors.bundles import (
    NEIGHBOURS,
    BundleSheet,
    Draft,
    Step,
    bundle_of,
    with_the_office,
)
from parvis.declarations.services import counts, receipt_email, submission
from parvis.declarations.services.bundles import effects
from parvis.declarations.services.bundles.answering import printed
from parvis.declarations.services.bundles.choosing import check_may_declare
from parvis.kit.actors import Actor
from parvis.kit.db import change_exactly_one
from parvis.kit.periods import moment
from parvis.tenancies.selectors.scope import seen_by, within


@transaction.atomic
def send(
    actor: Actor, reference: UUID, *, submission_key: UUID, expected: str, year: int | None, at: datetime
) -> Receipt:
    """Hand the whole bundle to the office; ``expected`` is the fingerprint of what the person was shown.

    The same key gives the same receipt. If anything changed since it was shown, nothing is sent.
    """
    check_may_declare(actor)
    target = workflow.DECLARATION.target(workflow.SUBMIT, workflow.DRAFT, actor)
    if year is not None:
        counts.lock(actor.partner_id, year)
    list(_bundles(actor, reference).select_for_update().values_list("pk", flat=True))
    known = submission.receipts_seen(actor).filter(submission_key=submission_key).first()
    if known is not None:
        return _replayed(known, reference, expected)
    sheet = bundle_of(actor, reference, year=year, at=at)
    _check(actor, sheet, expected)
    receipt = submission.open_receipt(
        actor, sheet.tenancy.caf_code, len(sheet.steps), submission.Sending(submission_key, expected, target, at)
    )
    ids = [declaration for step in sheet.steps for declaration in _ready(actor, step, sheet, year, at=at)]
    receipt.count, receipt.is_of_rents = _counted(sheet, ids), _is_of_rents(sheet)
    receipt.save(update_fields=["count", "is_of_rents"])
    submission.submit_drafts(actor, ids, receipt, state=target)
    effects.follow(actor, sheet, year=year, at=at)
    submission.seal(receipt)
    _bundles(actor, reference).delete()
    told = {"kinds": [step.kind.code for step in sheet.steps], "declarations": len(ids)}
    record(events.SUBMITTED, subject=receipt.number, by=actor, at=at, office=sheet.tenancy.caf_code, **told)
    receipt_email.queue([receipt], at=at)
    return receipt


def _bundles(actor: Actor, reference: UUID) -> QuerySet[Bundle]:
    return Bundle.objects.filter(landlord_id=actor.partner_id, tenancy__reference=reference)


def _replayed(receipt: Receipt, reference: UUID, expected: str) -> Receipt:
    if receipt.shown != expected or not receipt.declarations.filter(tenancy__reference=reference).exists():
        raise KeyUsedOtherwise
    return receipt


def _check(actor: Actor, sheet: BundleSheet, expected: str) -> None:
    """Refuse what is not exactly what was shown, or may not leave."""
    if not sheet.steps or sheet.fingerprint != expected or not sheet.is_ready:
        theirs = submission.receipts_seen(actor).filter(shown=expected).order_by("-at").first() if expected else None
        if theirs is not None:
            raise JustSent(theirs.number, theirs.person, moment(theirs.at))
        raise BundleChanged if sheet.steps else NothingToSend
    clash = next(iter(clashes([step.kind.code for step in sheet.steps])), None)
    if clash is not None:
        raise ClashingKinds(*clash)
    theirs_now = with_the_office(actor, sheet.tenancy.id)
    for step in sheet.steps:
        sent = theirs_now.get(step.kind.code)
        if sent is not None and (step.draft is None or step.draft.corrects != sent.reference):
            raise AlreadyWithTheOffice(step.kind.title, sent.submitted_at)


def _ready(actor: Actor, step: Step, sheet: BundleSheet, year: int | None, *, at: datetime) -> list[int]:
    """The drafts of one step, as they leave: the July rent's, or the answered one and what it brings along."""
    if step.rent is not None:
        assert year is not None
        return _rent(actor, step, year)
    assert step.draft is not None
    assert step.reading is not None
    if step.draft.corrects:
        _replace(actor, step.draft)
    details = step.reading.details or {}
    Declaration.objects.filter(pk=step.draft.id).update(
        details=details,
        printed=printed(step.lines, step.reading.effect),
        rule=step.reading.rule,
        warnings=[caution.code for caution in step.reading.cautions],
        remind_on=None if details == WITHDRAWAL else step.kind.asked_again(details, step.facts.today),
        reminded_at=None,
    )
    return [step.draft.id, *_neighbours(actor, step, sheet, at=at)]


def _rent(actor: Actor, step: Step, year: int) -> list[int]:
    """The July rent leaves as from the grid: its entry and the counts move with it."""
    assert step.rent is not None
    found = submission.ready_of(actor, year, step.rent.tenancy_id)
    if found is None:
        raise BundleChanged
    submission.move_entries(actor, year, [found])
    return [found.id] + ([found.before_id] if found.before_id is not None else [])


def _replace(actor: Actor, draft: Draft) -> None:
    """The declaration this one corrects steps aside; decided meanwhile, it can no longer be."""
    original = Declaration.objects.get(reference=draft.corrects, landlord_id=actor.partner_id)
    target = workflow.DECLARATION.target(workflow.CORRECT, original.state, actor)
    as_seen = Declaration.objects.filter(pk=original.pk, state=original.state)
    change_exactly_one(as_seen, state=target, remind_on=None)


# The same words for the neighbours of a building: those not already being declared or with the office.
_COPY = f"""
INSERT INTO declarations_declaration
  (kind, tenancy_id, landlord_id, account_id, details, answers, printed, typed, warnings, confirmed, confirmed_reason, state,
   channel, rule, saved_at, reason_code)
SELECT d.kind, n.id, d.landlord_id, d.account_id, d.details, d.answers, d.printed, '', d.warnings, d.confirmed, '', 'draft',
  d.channel, d.rule, %(at)s, ''
FROM declarations_declaration d JOIN tenancies_tenancy t ON t.id = d.tenancy_id
CROSS JOIN LATERAL (SELECT n.id {NEIGHBOURS}{{near}}) n
WHERE d.id = %(draft)s AND NOT EXISTS (
  SELECT 1 FROM declarations_declaration x WHERE x.tenancy_id = n.id AND x.kind = d.kind
    AND x.state IN ('draft', 'submitted', 'sent', 'manual'))
RETURNING id
"""


def _neighbours(actor: Actor, step: Step, sheet: BundleSheet, *, at: datetime) -> list[int]:
    """The end of management of a whole building is one declaration a dwelling, all under the same receipt."""
    details = step.reading.details if step.reading else None
    if step.kind.code != Kind.END_OF_MANAGEMENT or not (details or {}).get("whole_building"):
        return []
    assert step.draft is not None
    with connection.cursor() as cursor:
        query = _COPY.format(near=within(actor, "n.caf_code"))
        cursor.execute(query, {**seen_by(actor), "draft": step.draft.id, "at": at})
        return [row[0] for row in cursor.fetchall()]


def _is_of_rents(sheet: BundleSheet) -> bool:
    return all(step.rent is not None for step in sheet.steps)


def _counted(sheet: BundleSheet, ids: list[int]) -> int:
    """How many declarations the receipt names: the July of the year before is part of its rent."""
    rents = [step for step in sheet.steps if step.rent is not None]
    return len(ids) - sum(1 for step in rents if step.rent and step.rent.previous_cents is not None)
