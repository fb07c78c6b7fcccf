"""A rent of five digits a month: a question wherever it is said, never a refusal; what leaves fits the published schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from parvis.agents.posts import Role
from parvis.declarations import kinds
from parvis.declarations.bulk import confirming, editing
from parvis.declarations.kinds.july_rent import assess
from parvis.declarations.models import Declaration
from parvis.declarations.refusals import PaperNotReadable
from parvis.declarations.services import correction, july
from parvis.declarations.services.campaigns.on_paper import Paper, register_paper
from parvis.exchange.models import OutgoingLine
from parvis.exchange.services import outbound
from parvis.kit.actors import system
from parvis.parameters import selectors
from parvis.tenancies.models import Tenancy
from tests.declarations.july.bulk.test_path import lines, sent_in, table, three
from tests.declarations.july.test_rules import KNOWN
from tests.factories import declarations as made
from tests.factories.agents import colleague
from tests.factories.declarations import NOW, YEAR, typed
from tests.factories.landlords import Owner
from tests.schemas import faults, schema_in

pytestmark = pytest.mark.django_db
HIGH = 1_200_000
SCHEMAS = Path(kinds.__file__).parent / "schemas"


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    selectors.forget()
    yield
    selectors.forget()


def alone() -> tuple[Owner, Tenancy]:
    me, homes = three()
    return me, homes[0]


def declared() -> tuple[int, list[str]]:
    kept = Declaration.objects.get(state="submitted")
    return kept.details["rent_cents"], kept.confirmed


def test_it_is_confirmed_in_the_grid_and_leaves() -> None:
    me, home = alone()
    assert typed(me, home, "12000").row.state == "to_confirm"
    july.confirm(me.actor, home.reference, year=YEAR, code="very_high", cents=HIGH, at=NOW)
    made.sent(me)
    assert declared() == (HIGH, ["very_high"])
    outbound.seal(by=system("send"), at=NOW)
    line = json.loads(OutgoingLine.objects.get().line)
    assert line["confirmed_warnings"] == ["very_high"]
    assert faults(line, schema_in(SCHEMAS, "line")) == []
    assert faults(line["details"], schema_in(SCHEMAS, "july_rent")) == []


def test_it_is_confirmed_in_a_file() -> None:
    me, homes = three()
    file = sent_in(me, table(homes, "12 000,00", "0,50", "120 000"))
    assert [row.state for row in lines(me, file)] == ["to_confirm", "to_confirm", "to_correct"]
    for line, code, cents in ((2, "very_high", HIGH), (3, "very_low", 50)):
        assert editing.confirm_line(me.actor, file.reference, line, code=code, cents=cents).state == "ready"
    done = confirming.confirm(me.actor, file.reference, wish="send", at=NOW)
    assert (done.state, done.kept) == ("confirmed", 2)


def test_it_is_confirmed_in_a_correction() -> None:
    me, home = alone()
    typed(me, home, "524")
    made.sent(me)
    seen = correction.preview(me.actor, home.reference, year=YEAR, typed="12000", at=NOW)
    assert seen.warning
    assert seen.warning.code == "very_high"
    with pytest.raises(correction.ToConfirm):
        correction.correct(me.actor, home.reference, year=YEAR, typed="12000", submission_key=uuid4(), at=NOW)
    correction.correct(
        me.actor, home.reference, year=YEAR, typed="12000", confirmed_cents=HIGH, submission_key=uuid4(), at=NOW
    )
    assert declared() == (HIGH, ["very_high"])


def test_an_agent_confirms_what_a_paper_says() -> None:
    _, home = alone()
    clerk = colleague((Role.RECEPTION, "441")).actor
    paper = Paper("12000", date(2026, 7, 20))
    with pytest.raises(PaperNotReadable, match="Regardez le papier"):
        register_paper(home.reference, paper, submission_key=uuid4(), by=clerk, at=NOW)
    again = Paper("12000", date(2026, 7, 20), confirmed=("very_high",), asked=f"{HIGH} 52400")
    register_paper(home.reference, again, submission_key=uuid4(), by=clerk, at=NOW)
    assert declared() == (HIGH, ["very_high"])


@pytest.mark.parametrize(
    ("usual", "typed", "code"),
    [
        (105_000, "10500", "ten_times_more"), (52_550, "52550", "hundred_times_more"), (105_000, "12600", "twelve_times"),
        (5_000, "0,50", "hundred_times_less"), (52_500, "0,50", "very_low"), (None, "0,99", "very_low"),
        (52_500, "12000", "very_high"), (None, "12000", "very_high"), (980_000, "12000", "very_high"),
        (1_190_000, "13500", "increase_above_index"), (1_190_000, "12000", ""), (1_190_000, "11500", ""),
        (995_000, "10050", ""), (50, "0,50", ""), (None, "9999,99", ""), (None, "1,00", ""),
    ],
)  # fmt: skip
def test_a_rent_of_five_digits_or_of_cents_is_a_question(usual: int | None, typed: str, code: str) -> None:
    """A whole building let as a residence, a symbolic rent: the likeliest slip is told first, and what is known is not asked."""
    plain = KNOWN._replace(aid_cents=None, charges_cents=None, start_on=date(2026, 1, 1))
    facts = plain._replace(last_july_cents=usual, known_rent_cents=usual)
    found = assess(facts, typed=typed)
    assert [warning.code for warning in found.pending] == ([code] if code else [])
    assert found.fault == ""
    assert assess(facts, typed=typed, confirmed=(code,)).state == "drafted"
    if code.startswith("very"):
        assert found.state == "to_confirm"
        assert found.pending[0].confirm.startswith("Confirmer ")


@pytest.mark.parametrize("known", [None, 52_500])
def test_the_same_high_rent_typed_for_both_julys_is_a_question_still(known: int | None) -> None:
    facts = KNOWN._replace(last_july_cents=None, known_rent_cents=known, aid_cents=None, charges_cents=None)
    for amount, code in (("12000", "very_high"), ("0,50", "very_low")):
        found = assess(facts, typed=amount, previous_typed=amount)
        assert [warning.code for warning in found.pending] == [code]
    assert assess(facts, typed="525", previous_typed="525").state == "drafted"


@pytest.mark.parametrize(
    ("known", "typed", "code"),
    [
        (1_050_000, "60000", "very_high"),
        (1_050_000, "10600", ""),
        (995_000, "10050", ""),
        (52_500, "12000", "very_high"),
    ],
)
def test_of_a_lease_without_a_july_before_the_rent_known_is_the_measure(known: int, typed: str, code: str) -> None:
    """A high rent makes no higher one a known one."""
    plain = KNOWN._replace(aid_cents=None, charges_cents=None, start_on=date(2026, 1, 1))
    found = assess(plain._replace(last_july_cents=None, known_rent_cents=known), typed=typed)
    assert [warning.code for warning in found.pending] == ([code] if code else [])
