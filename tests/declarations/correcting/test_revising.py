"""Another July rent in place of one the office took in: asked of it, and true once it takes it in."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from parvis.correspondence.models import Message
from parvis.declarations.models import CampaignEntry, Declaration, Kind, Receipt
from parvis.declarations.refusals import ReasonMissing
from parvis.declarations.selectors import grid_rows, receipt_of
from parvis.declarations.selectors.history import HistoryFilters, declaration_of, history, others_of
from parvis.declarations.selectors.receipts import rents_of
from parvis.declarations.selectors.receipts.verified import verify
from parvis.declarations.services import correction, exchange
from parvis.exchange.models import OutgoingLine
from parvis.exchange.services import outbound
from parvis.kit.actors import Right
from parvis.kit.refusals import ActNotPossible, NotAllowed, NotFound, Refusal
from parvis.tenancies.models import JulyRent, Tenancy
from tests.declarations.kinds.test_schemas import FOLDER
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, YEAR, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.schemas import faults, schema_in

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
LATE = NOW + timedelta(days=200)
WHY = "Les charges étaient comprises."


def decided(reference: str | None, status: str, *, reason: str = "") -> None:
    exchange.record_outcomes(made.stage_outcomes((reference or "", status, reason, LATER)), by=CLOCK, at=LATER)


@pytest.fixture
def taken_in() -> tuple[Owner, Tenancy, Receipt]:
    me = owner()
    of = tenancy(me.landlord)
    july_rent(of, 2025, 52_400)
    made.campaign()
    typed(me, of, "525")
    (receipt,) = made.sent(me)
    declaration = Declaration.objects.get()
    exchange.mark_sent([declaration.pk], by=CLOCK, at=NOW)
    exchange.record_outcomes(
        made.stage_outcomes((declaration.reference or "", "integrated", "", NOW)), by=CLOCK, at=NOW
    )
    return me, of, receipt


def ask(me: Owner, of: Tenancy, text: str, *, why: str = WHY, key: UUID | None = None) -> Receipt:
    return correction.correct(
        me.actor, of.reference, year=YEAR, typed=text, reason=why, submission_key=key or uuid4(), at=LATER
    )


def left() -> Declaration:
    """The last one, gone to the office."""
    last = Declaration.objects.latest("pk")
    exchange.mark_sent([last.pk], by=CLOCK, at=LATER)
    last.refresh_from_db()
    return last


def states() -> list[str]:
    return list(Declaration.objects.order_by("pk").values_list("state", flat=True))


def test_what_was_taken_in_stands_until_the_office_decides(taken_in: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, first = taken_in
    second = ask(me, of, "520,00")
    old, new = Declaration.objects.order_by("pk")
    assert (old.state, new.state, new.corrects, new.revises) == ("integrated", "submitted", old, True)
    assert new.details["reason"] == WHY
    assert made.state_of(of) == "integrated"
    assert made.counts_are_true()
    (row,) = grid_rows(me.actor, YEAR, state="tous").rows
    assert (row.rent_cents, row.receipt_number) == (52_500, first.number)
    (rent,) = rents_of(receipt_of(me.actor, first.number))
    assert (rent.state, rent.corrected_by) == ("integrated", None)
    assert declaration_of(me.actor, old.opaque).revised_by == new.opaque
    assert declaration_of(me.actor, new.opaque).title == "Correction du loyer de juillet 2026"
    sheet = receipt_of(me.actor, second.number)
    assert rents_of(sheet) == []
    (told,) = others_of(sheet.id)
    assert (WHY in dict(told.lines).values(), told.rent_cents) == (True, 52_000)
    assert next(line.title for line in history(me.actor, HistoryFilters())).startswith("Correction")
    assert JulyRent.objects.get(tenancy=of, year=YEAR).rent_cents == 52_500


def test_taken_in_it_takes_the_place_of_the_former(taken_in: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, first = taken_in
    second = ask(me, of, "520")
    decided(left().reference, "integrated")
    old, new = Declaration.objects.order_by("pk")
    assert (old.state, new.state, new.revises) == ("corrected", "integrated", False)
    assert (made.state_of(of), made.counts_are_true()) == ("integrated", True)
    assert JulyRent.objects.get(tenancy=of, year=YEAR).rent_cents == 52_000
    (row,) = grid_rows(me.actor, YEAR, state="tous").rows
    assert (row.rent_cents, row.receipt_number) == (52_000, second.number)
    assert declaration_of(me.actor, old.opaque).corrected_by == new.opaque
    found = verify(first.number, receipt_of(me.actor, first.number).code)
    assert found is not None
    assert found.newer_number == second.number
    mail = Message.objects.filter(template="declarations/emails/taken_in").get()
    assert mail.context["kinds"] == [["Correction demandée\u00a0: déclaration de loyer", 1]]
    ask(me, of, "515")
    decided(left().reference, "integrated")
    assert states() == ["corrected", "corrected", "integrated"]


def test_refused_it_leaves_everything_as_it_was(taken_in: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, first = taken_in
    ask(me, of, "520")
    decided(left().reference, "rejected", reason="amount_inconsistent")
    assert (states(), made.state_of(of), made.counts_are_true()) == (["integrated", "rejected"], "integrated", True)
    assert JulyRent.objects.get(tenancy=of, year=YEAR).rent_cents == 52_500
    assert verify(first.number, receipt_of(me.actor, first.number).code).newer_number is None  # type: ignore[union-attr]
    told = Message.objects.filter(template="declarations/emails/refused").get().context
    assert (told["rents"], told["revisions"], told["others"]) == (False, True, False)
    ask(me, of, "519")
    assert states() == ["integrated", "rejected", "submitted"]


def test_before_it_is_decided_the_demand_itself_is_corrected(taken_in: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, _ = taken_in
    ask(me, of, "520")
    left()
    ask(me, of, "519")
    assert states() == ["integrated", "corrected", "submitted"]
    original, first, second = Declaration.objects.order_by("pk")
    assert (first.corrects, second.corrects, second.revises) == (original, first, True)
    assert declaration_of(me.actor, original.opaque).revised_by == second.opaque
    decided(first.reference, "integrated")
    assert states() == ["integrated", "corrected", "submitted"]
    decided(left().reference, "integrated")
    assert states() == ["corrected", "corrected", "integrated"]
    assert JulyRent.objects.get(tenancy=of, year=YEAR).rent_cents == 51_900


def test_a_demand_corrected_then_refused_may_be_made_anew(taken_in: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, _ = taken_in
    ask(me, of, "520")
    ask(me, of, "519")
    decided(left().reference, "rejected", reason="amount_inconsistent")
    original = Declaration.objects.earliest("pk")
    assert declaration_of(me.actor, original.opaque).revised_by is None
    ask(me, of, "518")
    assert states() == ["integrated", "corrected", "rejected", "submitted"]
    assert Declaration.objects.latest("pk").corrects == original
    decided(left().reference, "integrated")
    assert states() == ["corrected", "corrected", "rejected", "integrated"]
    assert declaration_of(me.actor, original.opaque).corrected_by == Declaration.objects.latest("pk").opaque


def test_an_officer_takes_it_by_hand_and_the_former_stands(taken_in: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, _ = taken_in
    ask(me, of, "520")
    decided(left().reference, "manual")
    assert (states(), made.state_of(of)) == (["integrated", "manual"], "integrated")
    with pytest.raises(Refusal):
        ask(me, of, "520")
    ask(me, of, "525")
    assert states() == ["integrated", "corrected", "submitted"]


@pytest.mark.parametrize(("text", "why"), [("525", WHY), ("abc", WHY), ("", WHY), ("520", "  "), ("520", "x" * 201)])
def test_what_says_nothing_new_is_refused(taken_in: tuple[Owner, Tenancy, Receipt], text: str, why: str) -> None:
    me, of, _ = taken_in
    with pytest.raises(Refusal) as refused:
        ask(me, of, text, why=why)
    assert refused.value.field == ("rent" if why == WHY else "reason")
    assert isinstance(refused.value, ReasonMissing) is (why != WHY)
    assert states() == ["integrated"]


def test_pressed_twice_it_is_asked_once(taken_in: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, _ = taken_in
    key = uuid4()
    assert ask(me, of, "520", key=key) == ask(me, of, "520", key=key)
    assert len(states()) == 2


def test_it_is_asked_after_the_last_day_too(taken_in: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, _ = taken_in
    correction.correct(me.actor, of.reference, year=YEAR, typed="520", reason=WHY, submission_key=uuid4(), at=LATE)
    assert states() == ["integrated", "submitted"]


def test_a_stranger_and_a_reader_ask_nothing(taken_in: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, _ = taken_in
    with pytest.raises((NotFound, ActNotPossible)):
        ask(owner(), of, "520")
    with pytest.raises(NotAllowed):
        ask(owner(me.landlord, rights=frozenset({Right.CONSULT})), of, "520")
    assert states() == ["integrated"]


def test_what_the_office_knows_from_elsewhere_is_no_declaration_to_correct(
    taken_in: tuple[Owner, Tenancy, Receipt],
) -> None:
    me, *_ = taken_in
    other = tenancy(me.landlord)
    made.campaign()
    CampaignEntry.objects.filter(tenancy=other).update(state="integrated")
    with pytest.raises(NotFound):
        ask(me, other, "520")


def test_the_line_that_leaves_names_what_it_corrects_and_why(
    taken_in: tuple[Owner, Tenancy, Receipt], tmp_path: Path
) -> None:
    me, of, _ = taken_in
    ask(me, of, "520")
    original = Declaration.objects.earliest("pk")
    outbound.send(tmp_path, by=CLOCK, at=LATER)
    line = json.loads(OutgoingLine.objects.latest("pk").line)
    assert (line["corrects"], line["details"]["reason"], line["details"]["rent_cents"]) == (
        original.reference,
        WHY,
        52_000,
    )
    assert faults(line, schema_in(FOLDER, "line")) == []
    assert faults(line["details"], schema_in(FOLDER, "july_rent")) == []


def test_the_database_holds_one_demand_a_rent(taken_in: tuple[Owner, Tenancy, Receipt]) -> None:
    me, of, _ = taken_in
    ask(me, of, "520")
    asked = Declaration.objects.latest("pk")
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.create(
            kind=Kind.JULY_RENT, tenancy=of, landlord=asked.landlord, account=asked.account, year=YEAR, revises=True,
            state="submitted", reference="D-2026-999999999-A", receipt=asked.receipt, submitted_at=LATER, saved_at=LATER,
        )  # fmt: skip
