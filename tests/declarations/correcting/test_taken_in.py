"""What the office took in of the other kinds: corrected, or taken back, by asking it."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest

from parvis.declarations.models import Declaration
from parvis.declarations.refusals import AlreadySubmitted, ReasonMissing
from parvis.declarations.selectors.bundles import bundle_of
from parvis.declarations.selectors.history import declaration_of
from parvis.declarations.services import bundles, exchange
from parvis.declarations.services.correction import previous
from parvis.exchange.models import OutgoingLine
from parvis.exchange.services import outbound
from parvis.kit.actors import Right
from parvis.kit.refusals import ActNotPossible, NotAllowed, NotFound
from parvis.tenancies.models import JulyRent, Tenancy
from tests.declarations.bundles.test_bundles import OWED, answered, chosen, let, sent
from tests.declarations.kinds.test_kinds import ANSWERED
from tests.declarations.kinds.test_schemas import FOLDER
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, YEAR
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import tenancy
from tests.schemas import faults, schema_in

pytestmark = pytest.mark.django_db
FIRST = {"arrears": OWED, **ANSWERED}
WHY = "La date était fausse."


def decided(declaration: Declaration, status: str) -> None:
    if declaration.sent_at is None:
        exchange.mark_sent([declaration.pk], by=CLOCK, at=NOW)
    lines = made.stage_outcomes((declaration.reference or "", status, "", NOW))
    exchange.record_outcomes(lines, by=CLOCK, at=NOW)
    declaration.refresh_from_db()


def taken_in(kind: str) -> tuple[Owner, Tenancy, Declaration]:
    me, rented = let()
    chosen(me, rented, kind)
    assert answered(me, rented, kind, FIRST[kind])
    sent(me, rented)
    original = Declaration.objects.get()
    decided(original, "integrated")
    return me, rented, original


def asked(me: Owner, rented: Tenancy, original: Declaration) -> Declaration:
    """The correction, begun and sent."""
    bundles.ask_correction(me.actor, original.opaque, at=NOW)
    step = bundles.answer(
        me.actor, rented.reference, original.kind, {**original.answers, "reason": WHY}, year=YEAR, at=NOW
    )
    codes = {caution.code: "" for caution in step.pending}
    if codes:
        bundles.confirm(me.actor, rented.reference, original.kind, codes, year=YEAR, at=NOW)
    sent(me, rented)
    return Declaration.objects.latest("pk")


@pytest.mark.parametrize("kind", FIRST)
def test_a_correction_asks_why_and_stands_beside_what_was_taken_in(kind: str, tmp_path: Path) -> None:
    me, rented, original = taken_in(kind)
    bundles.ask_correction(me.actor, original.opaque, at=NOW)
    step = bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).step(kind)
    assert step.questions[-1].name == "reason"
    assert not step.is_ready
    assert step.reading is not None
    assert list(step.reading.errors) == ["reason"]
    correction = asked(me, rented, original)
    original.refresh_from_db()
    assert (original.state, correction.state, correction.revises) == ("integrated", "submitted", True)
    assert correction.details["reason"] == WHY
    shown = declaration_of(me.actor, correction.opaque)
    assert shown.title.startswith("Correction")
    assert ("Pourquoi corriger", WHY) in shown.lines
    assert "reste valable" in shown.effect
    assert declaration_of(me.actor, original.opaque).revised_by == correction.opaque
    outbound.send(tmp_path, by=CLOCK, at=NOW)
    line = json.loads(OutgoingLine.objects.latest("pk").line)
    assert line["corrects"] == original.reference
    assert faults(line, schema_in(FOLDER, "line")) == []
    assert faults(line["details"], schema_in(FOLDER, kind)) == []
    Declaration.objects.filter(pk=correction.pk).update(state="rejected")
    with pytest.raises(ActNotPossible):
        bundles.ask_correction(me.actor, correction.opaque, at=NOW)


@pytest.mark.parametrize("kind", FIRST)
@pytest.mark.parametrize(
    ("status", "states"), [("integrated", ["corrected", "integrated"]), ("rejected", ["integrated", "rejected"])]
)
def test_the_answer_of_the_office_says_which_one_stands(kind: str, status: str, states: list[str]) -> None:
    me, rented, original = taken_in(kind)
    decided(asked(me, rented, original), status)
    assert list(Declaration.objects.order_by("pk").values_list("state", flat=True)) == states
    assert not Declaration.objects.filter(effect_on__isnull=False, state="corrected").exists()


def test_what_was_taken_in_is_taken_back_by_asking_too() -> None:
    me, rented, original = taken_in("move_out")
    bundles.ask_correction(me.actor, original.opaque, at=NOW, withdrawn=True)
    sent(me, rented)
    void = Declaration.objects.latest("pk")
    original.refresh_from_db()
    assert (original.state, void.state, void.details) == ("integrated", "submitted", {"withdrawn": True})
    assert declaration_of(me.actor, original.opaque).revised_by == void.opaque
    decided(void, "integrated")
    original.refresh_from_db()
    assert (original.state, void.state) == ("corrected", "integrated")


def test_a_draft_begun_before_the_decision_does_not_replace_what_was_taken_in_since() -> None:
    me, rented = let()
    chosen(me, rented, "death")
    assert answered(me, rented, "death", FIRST["death"])
    sent(me, rented)
    original = Declaration.objects.get()
    bundles.ask_correction(me.actor, original.opaque, at=NOW)
    assert answered(me, rented, "death", {**original.answers, "died_on": "02/07/2026"})
    decided(original, "integrated")
    with pytest.raises(ActNotPossible):
        sent(me, rented)
    bundles.ask_correction(me.actor, original.opaque, at=NOW)
    assert not bundle_of(me.actor, rented.reference, year=YEAR, at=NOW).is_ready
    assert asked(me, rented, original).revises


def test_nobody_else_asks() -> None:
    me, _, original = taken_in("death")
    with pytest.raises(NotFound):
        bundles.ask_correction(owner().actor, original.opaque, at=NOW)
    with pytest.raises(NotAllowed):
        bundles.ask_correction(owner(me.landlord, rights=frozenset({Right.CONSULT})).actor, original.opaque, at=NOW)


def test_the_july_of_the_year_before_is_corrected_by_asking() -> None:
    me = owner()
    of = tenancy(me.landlord)
    made.campaign()
    made.typed(me, of, "515", previous="510")
    made.sent(me)
    original = Declaration.objects.get(kind="previous_july_rent")
    decided(original, "integrated")
    with pytest.raises(ReasonMissing):
        previous.restate(me.actor, original.opaque, typed="500", submission_key=uuid4(), at=NOW)
    previous.restate(me.actor, original.opaque, typed="500", reason=WHY, submission_key=uuid4(), at=NOW)
    asked_for = Declaration.objects.latest("pk")
    assert (asked_for.corrects, asked_for.revises, asked_for.details) == (
        original, True, {"year": YEAR - 1, "rent_cents": 50_000, "reason": WHY},
    )  # fmt: skip
    with pytest.raises(AlreadySubmitted):
        previous.restate(me.actor, original.opaque, typed="499", reason=WHY, submission_key=uuid4(), at=NOW)
    decided(asked_for, "integrated")
    original.refresh_from_db()
    assert (original.state, asked_for.state) == ("corrected", "integrated")
    assert JulyRent.objects.get(tenancy=of, year=YEAR - 1).rent_cents == 50_000
    previous.restate(me.actor, asked_for.opaque, typed="498", reason=WHY, submission_key=uuid4(), at=NOW)
    last = Declaration.objects.latest("pk")
    decided(last, "rejected")
    assert (last.state, last.remind_on) == ("rejected", None)
    with pytest.raises(AlreadySubmitted):
        previous.restatable(me.actor, last.opaque)
    assert JulyRent.objects.get(tenancy=of, year=YEAR - 1).rent_cents == 50_000
