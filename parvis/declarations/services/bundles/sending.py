"""Sending what was chosen about a tenancy: one transaction, one receipt, each declaration once.

Two clicks give one receipt (the form's key); of two tabs or colleagues, the second finds the bundle gone and is told of the
receipt. What is printed is read again at the sending: the law and the facts of that day, not of the day of typing.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from parvis.audit.journal import record
from parvis.declarations import events, workflow
from parvis.declarations.kinds.withdrawal import WITHDRAWAL
from parvis.declarations.models import Bundle, Declaration, Receipt
from parvis.declarations.refusals import (
    AlreadyWithTheOffice,
    BundleChanged,
    ClashingKinds,
    JustSent,
    KeyUsedOtherwise,
    NothingToSend,
)
from parvis.declarations.selectors.bundles import BundleSheet, Draft, Step, bundle_of, undecided_of
from parvis.declarations.services import counts, submission
from parvis.declarations.services.bundles import building, effects
from parvis.declarations.services.bundles.answering import printed
from parvis.declarations.services.bundles.choosing import check_may_declare
from parvis.declarations.services.receipts.emails import queue_receipts
from parvis.declarations.services.receipts.sent import receipts_seen, sent_as_shown
from parvis.kit.actors import Actor
from parvis.kit.db import change_exactly_one
from parvis.kit.periods import moment


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
        # Only a July rent needs a place in the campaign, and it is open only where there is one.
        counts.lock(actor.partner_id, year, required=False)
    list(_bundles(actor, reference).select_for_update().values_list("pk", flat=True))
    known = receipts_seen(actor).filter(submission_key=submission_key).first()
    if known is not None:
        return _replayed(known, reference, expected)
    sheet = bundle_of(actor, reference, year=year, at=at)
    _check(actor, sheet, expected)
    receipt = submission.open_receipt(
        actor, sheet.tenancy.caf_code, len(sheet.steps), submission.Sending(submission_key, expected, target, at)
    )
    ids = [draft for step in sheet.steps for draft in _ready(actor, step, receipt, target, year, at=at)]
    declared = len(ids) + sum(1 for step in sheet.steps if step.rent is not None)
    receipt.count, receipt.is_of_rents = _counted(sheet, declared), _is_of_rents(sheet)
    receipt.save(update_fields=["count", "is_of_rents"])
    submission.submit_drafts(actor, ids, receipt, state=target)
    effects.follow(actor, sheet, year=year)
    submission.seal(receipt)
    _bundles(actor, reference).delete()
    told = {"kinds": [step.kind.code for step in sheet.steps], "declarations": declared}
    record(events.SUBMITTED, subject=receipt.number, by=actor, at=at, office=sheet.tenancy.caf_code, **told)
    queue_receipts([receipt], at=at)
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
        theirs = sent_as_shown(actor, expected, anything_left=bool(sheet.steps))
        if theirs is not None:
            raise JustSent(theirs.number, theirs.person, moment(theirs.at), rents=theirs.is_of_rents)
        raise BundleChanged if sheet.steps else NothingToSend
    clash = next(iter(sheet.clashes), None)
    if clash is not None:
        raise ClashingKinds(clash.sentence, clash.superfluous)
    undecided = undecided_of(actor, sheet.tenancy.id)
    for step in sheet.steps:
        sent = undecided.get((step.kind.code, bool(step.facts.stage)))
        if sent is not None and (step.draft is None or step.draft.corrects != sent.reference):
            raise AlreadyWithTheOffice(step.kind.title, sent.submitted_at)


def _ready(actor: Actor, step: Step, receipt: Receipt, target: str, year: int | None, *, at: datetime) -> list[int]:
    """The drafts of one step, as they leave: what goes with the July rent, or the answered one and what it brings along."""
    if step.rent is not None:
        assert year is not None
        return _rent(actor, step, receipt, target, year)
    assert step.draft is not None
    assert step.reading is not None
    if step.draft.corrects:
        building.hold(actor, step.draft.corrects)
        _replace(actor, step.draft)
    details = step.reading.details or {}
    cautions = [caution.code for caution in step.reading.cautions]
    confirmed = [code for code in step.draft.confirmed if code in cautions]
    Declaration.objects.filter(pk=step.draft.id).update(
        details=details,
        printed=printed(step.lines, step.reading.effect),
        rule=step.reading.rule,
        warnings=cautions,
        confirmed=confirmed,
        confirmed_reason=step.draft.confirmed_reason if confirmed else "",
        remind_on=_asked_again(step),
        reminded_at=None,
    )
    return [step.draft.id, *building.follow(actor, step, at=at)]


def _asked_again(step: Step) -> date | None:
    """When its landlord is asked about it again; never about a tenant who died."""
    details = (step.reading.details if step.reading else None) or {}
    if details == WITHDRAWAL or step.facts.claimant_died:
        return None
    return step.kind.asked_again(details, step.facts.today)


def _rent(actor: Actor, step: Step, receipt: Receipt, target: str, year: int) -> list[int]:
    """The July rent leaves as from the grid, with its entry and the counts; answers the draft of the July before, if any."""
    assert step.rent is not None
    found = submission.ready_of(actor, year, step.rent.tenancy_id)
    if found is None:
        raise BundleChanged
    submission.declare_rents(actor, year, [found.tenancy_id], receipt, state=target)
    submission.move_entries(actor, year, [found])
    return [found.before_id] if found.before_id is not None else []


def _replace(actor: Actor, draft: Draft) -> None:
    """The declaration this one corrects steps aside; decided meanwhile, it can no longer be. One taken in stands until the office
    takes this one in, and keeps the day of which its landlord is asked about it."""
    original = Declaration.objects.get(reference=draft.corrects, landlord_id=actor.partner_id)
    act = workflow.REVISE if draft.revises and original.state == workflow.INTEGRATED else workflow.CORRECT
    target = workflow.DECLARATION.target(act, original.state, actor)
    as_seen = Declaration.objects.filter(pk=original.pk, state=original.state)
    change_exactly_one(as_seen, state=target, remind_on=original.remind_on if act is workflow.REVISE else None)


def _is_of_rents(sheet: BundleSheet) -> bool:
    return all(step.rent is not None for step in sheet.steps)


def _counted(sheet: BundleSheet, declared: int) -> int:
    """How many declarations the receipt names: the July of the year before is part of its rent."""
    rents = [step for step in sheet.steps if step.rent is not None]
    return declared - sum(1 for step in rents if step.rent and step.rent.previous_cents is not None)
