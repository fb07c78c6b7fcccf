"""The other kinds: what they ask, refuse, confirm and say; and what holds for all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.declarations.kinds import KINDS, clashes
from parvis.declarations.kinds.death import DEATH
from parvis.declarations.kinds.end_of_management import END_OF_MANAGEMENT
from parvis.declarations.kinds.kind import TenancyFacts
from parvis.declarations.kinds.lease_holders import LEASE_HOLDERS
from parvis.declarations.kinds.move_out import MOVE_OUT, undue_months

TODAY = date(2026, 7, 21)
FACTS = TenancyFacts(
    today=TODAY,
    name="Lina Moreau",
    start_on=date(2021, 10, 24),
    rent_cents=52_500,
    charges_cents=4_000,
    aid_cents=11_100,
    direct_payment=True,
    neighbours=6,
)
LEFT = {"keys_on": "10/07/2026", "notice": "yes", "last_month_paid": "yes", "stays": "no", "debt_left": "no"}
CHANGED = {"change": "arrival", "on": "01/08/2026", "holders": "2", "lease": "single", "total": "525"}
ENDED = {"why": "sale", "on": "31/08/2026", "stays": "yes", "building": "no"}
DIED = {"who": "claimant", "stays": "no"}
ANSWERED = {"move_out": LEFT, "lease_holders": CHANGED, "end_of_management": ENDED, "death": DIED}


@pytest.mark.parametrize("code", ANSWERED)
def test_right_answers_are_taken(code: str) -> None:
    reading = KINDS[code].read(ANSWERED[code], FACTS)
    assert reading.errors == {}
    assert reading.details
    assert reading.lines
    assert reading.effect


@pytest.mark.parametrize("code", [code for code in KINDS if code != "july_rent"])
def test_nothing_answered_names_every_question_that_must_be(code: str) -> None:
    reading = KINDS[code].read({}, FACTS)
    asked = [item.name for item in KINDS[code].questions(FACTS) if not item.optional and item.only_if is None]
    assert sorted(reading.errors) == sorted(asked)


def test_a_departure_of_the_month_ends_the_aid_with_it() -> None:
    reading = MOVE_OUT.read(LEFT, FACTS)
    assert reading.cautions == ()
    assert "31/07/2026" in reading.effect


def test_a_departure_without_notice_nor_payment_ends_the_aid_that_day() -> None:
    assert "10/07/2026" in MOVE_OUT.read({**LEFT, "notice": "no", "last_month_paid": "no"}, FACTS).effect


def test_a_late_departure_says_about_how_much_is_to_be_given_back() -> None:
    (caution,) = MOVE_OUT.read({**LEFT, "keys_on": "15/04/2026"}, FACTS).cautions
    assert "222,00\u00a0€" in caution.title


def test_a_late_departure_says_nothing_of_an_aid_that_goes_to_the_tenant() -> None:
    known = replace(FACTS, direct_payment=False, aid_cents=None)
    (caution,) = MOVE_OUT.read({**LEFT, "keys_on": "15/04/2026"}, known).cautions
    assert "€" not in caution.title


@pytest.mark.parametrize(
    ("keys_on", "today", "count"),
    [
        (date(2026, 5, 3), date(2026, 7, 21), 1),
        (date(2026, 6, 30), date(2026, 7, 1), 0),
        (date(2025, 12, 31), date(2026, 3, 1), 2),
    ],
)
def test_months_paid_after_a_departure_are_counted(keys_on: date, today: date, count: int) -> None:
    assert undue_months(keys_on, today) == count


@pytest.mark.parametrize(
    ("keys_on", "sentence"),
    [
        ("23/10/2021", "avant l’entrée"),
        ("22/10/2026", "trois mois"),
        ("31/02/2026", "n’existe pas"),
        ("x", "Écrivez une date"),
    ],
)
def test_a_departure_that_cannot_be_is_refused(keys_on: str, sentence: str) -> None:
    assert sentence in MOVE_OUT.read({**LEFT, "keys_on": keys_on}, FACTS).errors["keys_on"]


def test_a_departure_to_come_can_be_corrected_until_then() -> None:
    assert "jusqu’au 21/10/2026" in MOVE_OUT.read({**LEFT, "keys_on": "21/10/2026"}, FACTS).effect


def test_shares_above_the_rent_are_refused() -> None:
    errors = LEASE_HOLDERS.read({**CHANGED, "shares": "270; 270"}, FACTS).errors
    assert errors["shares"] == "Le total des parts (540,00\u00a0€) dépasse le loyer (525,00\u00a0€)."


@pytest.mark.parametrize("holders", ["0", "21", "deux", "1,5"])
def test_a_number_of_holders_is_between_one_and_twenty(holders: str) -> None:
    assert "1 à 20" in LEASE_HOLDERS.read({**CHANGED, "holders": holders}, FACTS).errors["holders"]


def test_a_death_asks_little_and_confirms_nothing() -> None:
    reading = DEATH.read(DIED, FACTS)
    assert reading.cautions == ()
    assert "Non connue" in dict(reading.lines)["Date"]
    assert "!" not in reading.effect
    assert DEATH.read({**DIED, "on": "22/07/2026"}, FACTS).errors["on"].startswith("Cette date est à venir")


def test_a_building_is_asked_about_only_where_there_are_neighbours() -> None:
    assert "building" in {item.name for item in END_OF_MANAGEMENT.questions(FACTS)}
    alone = replace(FACTS, neighbours=0)
    assert "building" not in {item.name for item in END_OF_MANAGEMENT.questions(alone)}
    reading = END_OF_MANAGEMENT.read({**ENDED, "building": "yes"}, alone)
    assert reading.details is not None
    assert reading.details["whole_building"] is False


@pytest.mark.parametrize(
    ("answer", "name"),
    [({"successor_siret": "12345678901234"}, "successor_siret"), ({"successor_email": "moi@"}, "successor_email")],
)
def test_a_successor_is_checked(answer: dict[str, str], name: str) -> None:
    assert name in END_OF_MANAGEMENT.read({**ENDED, **answer}, FACTS).errors


def test_pairs_that_say_the_same_twice_are_explained() -> None:
    ((first, second, sentence, superfluous),) = clashes(["death", "move_out", "arrears"])
    assert {first, second} == {"death", "move_out"}
    assert superfluous == "move_out"
    assert "suffit" in sentence
    assert clashes(["arrears", "move_out"]) == []


@given(st.sampled_from([code for code in KINDS if code != "july_rent"]), st.data())
def test_any_answers_give_errors_or_details_never_both(code: str, data: st.DataObject) -> None:
    kind = KINDS[code]
    typed = {}
    for question in kind.questions(FACTS):
        values = [value for value, _ in question.choices]
        offered = st.sampled_from(values) if values else st.sampled_from(["10/07/2026", "525", "2", "", "05/2026"])
        typed[question.name] = data.draw(st.one_of(offered, st.text(max_size=30)))
    for row in range(2):
        for part in ("month", "due", "paid"):
            typed[f"months-{row}-{part}"] = data.draw(st.one_of(st.just(""), st.text(max_size=12)))
    reading = kind.read(typed, FACTS)
    assert bool(reading.errors) != (reading.details is not None)
