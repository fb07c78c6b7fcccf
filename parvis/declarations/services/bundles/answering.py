"""Answering the questions of a declaration: kept as typed, right or wrong, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from parvis.declarations import workflow
from parvis.declarations.kinds.kind import Ask, Question, Reading
from parvis.declarations.models import Bundle, Declaration, Kind
from parvis.declarations.selectors.bundles import BundleSheet, Step, bundle_of
from parvis.declarations.services.bundles.choosing import check_may_declare
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound

LONGEST_ANSWERS = 8_000
MONTH_ROWS = 36
MONTH_COLUMNS = ("month", "due", "paid")


@transaction.atomic
def answer(
    actor: Actor, reference: UUID, kind: str, answers: Mapping[str, str], *, year: int | None, at: datetime
) -> Step:
    """Keep what was typed for one declaration of the bundle, and say what it means. Only its own questions are kept.

    What was confirmed stays so as long as the answers do.
    """
    check_may_declare(actor)
    if kind == Kind.JULY_RENT:
        raise NotFound
    sheet = _locked(actor, reference, year, at)
    step = sheet.step(kind)
    facts = sheet.tenancy.facts(day_in_paris(at))
    kept = _own_answers(step.kind.questions(facts), answers)
    reading = step.kind.read(kept, facts)
    confirmed = step.draft.confirmed if step.draft and step.draft.answers == kept else []
    _write(actor, sheet, kind, kept, reading, [code for code in confirmed if code in _codes(reading)], at=at)
    return bundle_of(actor, reference, year=year, at=at).step(kind)


@transaction.atomic
def confirm(
    actor: Actor, reference: UUID, kind: str, codes: Mapping[str, str], *, year: int | None, at: datetime
) -> Step:
    """Confirm what the page asked to confirm: ``codes`` are those of the cautions, of the answers as they are kept."""
    check_may_declare(actor)
    sheet = _locked(actor, reference, year, at)
    step = sheet.step(kind)
    if step.draft is None or step.reading is None:
        raise NotFound
    confirmed = [code for code in _codes(step.reading) if code in codes or code in step.draft.confirmed]
    _write(actor, sheet, kind, step.draft.answers, step.reading, confirmed, at=at)
    return bundle_of(actor, reference, year=year, at=at).step(kind)


def _locked(actor: Actor, reference: UUID, year: int | None, at: datetime) -> BundleSheet:
    """The bundle, its row held: of two tabs that save at once, one waits."""
    list(
        Bundle.objects.select_for_update()
        .filter(landlord_id=actor.partner_id, tenancy__reference=reference)
        .values_list("pk", flat=True)
    )
    return bundle_of(actor, reference, year=year, at=at)


def _codes(reading: Reading) -> list[str]:
    return [caution.code for caution in reading.cautions]


def _own_answers(questions: tuple[Question, ...], answers: Mapping[str, str]) -> dict[str, str]:
    """The answers to these questions, shortened to what each may hold; whatever else a form carries is dropped."""
    kept: dict[str, str] = {}
    for question in questions:
        for name in names_of(question):
            text = answers.get(name, "").strip()[: question.longest]
            if text:
                kept[name] = text
    return kept


def names_of(question: Question) -> list[str]:
    """The fields a question has on the page: one, or three a month for a table of months."""
    if question.ask is not Ask.MONTHS:
        return [question.name]
    return [f"{question.name}-{row}-{column}" for row in range(MONTH_ROWS) for column in MONTH_COLUMNS]


def printed(reading: Reading) -> dict[str, Any]:
    """What the check page, the receipt and the history say of a declaration."""
    return {"lines": [list(line) for line in reading.lines], "effect": reading.effect}


def _write(
    actor: Actor,
    sheet: BundleSheet,
    kind: str,
    answers: Mapping[str, str],
    reading: Reading,
    confirmed: list[str],
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
            "printed": printed(reading),
            "warnings": _codes(reading),
            "confirmed": confirmed,
            "rule": reading.rule,
            "saved_at": at,
        },
    )
