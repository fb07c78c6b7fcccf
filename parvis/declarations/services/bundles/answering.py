"""Answering the questions of a declaration: kept as typed, right or wrong, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from parvis.declarations import kinds, workflow
from parvis.declarations.kinds.kind import Ask, Question, Reading
from parvis.declarations.models import Bundle, Declaration, Kind
from parvis.declarations.refusals import AnswersChanged
from parvis.declarations.selectors.bundles import BundleSheet, Draft, Step, bundle_of
from parvis.declarations.services.bundles.choosing import check_may_declare
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor
from parvis.kit.money import NBSP
from parvis.kit.periods import moment
from parvis.kit.refusals import NotFound

LONGEST_ANSWERS = 8_000
LONGEST_REASON = 200
REASONS_BETWEEN = f"{NBSP}; "
MONTH_ROWS = 36
MONTH_COLUMNS = ("month", "due", "paid")


@transaction.atomic
def answer(
    actor: Actor,
    reference: UUID,
    kind: str,
    answers: Mapping[str, str],
    *,
    year: int | None,
    at: datetime,
    seen: str | None = None,
    racing: bool = False,
) -> Step:
    """Keep what was typed for one declaration of the bundle, and say what it means. Only its own questions are kept.

    What was confirmed stays so as long as the answers do. ``seen`` is the version of the draft the page showed: if somebody
    saved other answers since, nothing is written (:class:`AnswersChanged`). ``racing``: the page had a saving of its own under
    way, so that a newer version of the same account is no surprise.
    """
    check_may_declare(actor)
    if kind == Kind.JULY_RENT:
        raise NotFound
    sheet = locked(actor, reference, year, at)
    step = sheet.step(kind)
    kept = _own_answers(step, answers)
    if seen is not None and step.draft and step.draft.version != seen and step.draft.answers != kept:
        _check_own(actor, step.draft, racing=racing)
    revises = step.draft is not None and step.draft.revises
    reading = kinds.read(kind, kept, step.facts, revises=revises)
    confirmed = step.draft.confirmed if step.draft and step.draft.answers == kept else []
    still = [code for code in confirmed if code in _codes(reading)]
    reason = step.draft.confirmed_reason if step.draft and still == step.draft.confirmed else ""
    _write(actor, sheet, kind, kept, reading, still, reason, at=at)
    return bundle_of(actor, reference, year=year, at=at).step(kind)


def _check_own(actor: Actor, draft: Draft, *, racing: bool) -> None:
    if not (racing and draft.account_id == own_account(actor)):
        raise AnswersChanged(draft.saved_by, moment(draft.saved_at))


@transaction.atomic
def confirm(
    actor: Actor,
    reference: UUID,
    kind: str,
    codes: Mapping[str, str],
    *,
    year: int | None,
    at: datetime,
    seen: str | None = None,
) -> Step:
    """Confirm what the page asked to confirm: ``codes`` are those of the cautions, each with the reason chosen.

    They are confirmed of the answers as they are kept: the page passes those it showed with these very words (``Caution.mark``),
    and the version ``seen`` of the draft they were found in; of answers somebody saved since, nothing is confirmed
    (:class:`AnswersChanged`). A reason that its caution does not offer counts for none.
    """
    check_may_declare(actor)
    sheet = locked(actor, reference, year, at)
    step = sheet.step(kind)
    if step.draft is None or step.reading is None:
        raise NotFound
    if seen is not None and step.draft.version != seen:
        raise AnswersChanged(step.draft.saved_by, moment(step.draft.saved_at))
    confirmed = [code for code in _codes(step.reading) if code in codes or code in step.draft.confirmed]
    told = [codes[one.code] for one in step.pending if codes.get(one.code) in one.reasons]
    reasons = dict.fromkeys(why for why in (step.draft.confirmed_reason, *told) if why)
    reason = REASONS_BETWEEN.join(reasons)[:LONGEST_REASON]
    _write(actor, sheet, kind, step.draft.answers, step.reading, confirmed, reason, at=at)
    return bundle_of(actor, reference, year=year, at=at).step(kind)


def locked(actor: Actor, reference: UUID, year: int | None, at: datetime) -> BundleSheet:
    """The bundle, its row held: of two tabs that save at once, one waits."""
    list(
        Bundle.objects.select_for_update()
        .filter(landlord_id=actor.partner_id, tenancy__reference=reference)
        .values_list("pk", flat=True)
    )
    return bundle_of(actor, reference, year=year, at=at)


def _codes(reading: Reading) -> list[str]:
    return [caution.code for caution in reading.cautions]


def _own_answers(step: Step, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers to its questions, shortened to what each may hold; whatever else a form carries is dropped."""
    kept: dict[str, str] = {}
    for question in step.questions:
        # What was settled when the declaration was begun comes from the draft, whatever a form says.
        told = step.answers if question.ask is Ask.FIXED else answers
        for name in names_of(question):
            text = told.get(name, "").strip()[: question.longest]
            if text:
                kept[name] = text
    return kept


def names_of(question: Question) -> list[str]:
    """The fields a question has on the page: one, or three a month for a table of months."""
    if question.ask is not Ask.MONTHS:
        return [question.name]
    return [f"{question.name}-{row}-{column}" for row in range(MONTH_ROWS) for column in MONTH_COLUMNS]


def printed(lines: Sequence[tuple[str, str]], effect: str) -> dict[str, Any]:
    """What the check page, the receipt and the history say of a declaration."""
    return {"lines": [list(line) for line in lines], "effect": effect}


def _write(
    actor: Actor,
    sheet: BundleSheet,
    kind: str,
    answers: Mapping[str, str],
    reading: Reading,
    confirmed: list[str],
    reason: str,
    *,
    at: datetime,
) -> None:
    Declaration.objects.update_or_create(
        tenancy_id=sheet.tenancy.id,
        landlord_id=actor.partner_id,
        kind=kind,
        state=workflow.DRAFT,
        defaults={
            "account_id": own_account(actor),
            "answers": dict(answers),
            "details": reading.details or {},
            "printed": printed(reading.lines, reading.effect),
            "warnings": _codes(reading),
            "confirmed": confirmed,
            "confirmed_reason": reason if confirmed else "",
            "rule": reading.rule,
            "saved_at": at,
        },
    )
