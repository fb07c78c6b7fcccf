"""The other kinds: what they ask, refuse, confirm and say; and what holds for all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.declarations.kinds import KINDS, clashes, possible_clashes
from parvis.declarations.kinds.arrears.following import STAGES
from parvis.declarations.kinds.death import DEATH
from parvis.declarations.kinds.end_of_management import END_OF_MANAGEMENT
from parvis.declarations.kinds.kind import Ask, TenancyFacts
from parvis.declarations.kinds.lease_holders import LEASE_HOLDERS, WHO_COUNTS
from parvis.declarations.kinds.move_out import MOVE_OUT
from parvis.web.public import help as help_centre

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
    aids=tuple((date(2026, month, 1), 11_100) for month in range(1, 7)),
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
    known = replace(FACTS, direct_payment=False, aid_cents=None, aids=())
    (caution,) = MOVE_OUT.read({**LEFT, "keys_on": "15/04/2026"}, known).cautions
    assert "€" not in caution.title


@pytest.mark.parametrize(
    ("keys_on", "cents"),
    [(date(2026, 5, 3), 11_100), (date(2026, 6, 30), 0), (date(2026, 3, 31), 33_300), (date(2025, 1, 1), 66_600)],
)
def test_what_was_paid_for_the_months_after_a_departure_is_added_up(keys_on: date, cents: int) -> None:
    assert FACTS.paid_after(keys_on) == cents
    assert replace(FACTS, aids=()).paid_after(keys_on) == 0


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


def test_shares_are_written_as_people_do() -> None:
    for typed in ("270; 255", "270 + 255", "270 et 255,00", "270 €; 255 €;"):
        details = LEASE_HOLDERS.read({**CHANGED, "shares": typed}, FACTS).details
        assert details is not None
        assert details["share_cents"] == [27_000, 25_500]
    assert "2\u00a0montants" in LEASE_HOLDERS.read({**CHANGED, "shares": "270"}, FACTS).errors["shares"]


@pytest.mark.parametrize(
    ("change", "holders", "asks"),
    [("arrival", "2", False), ("arrival", "1", True), ("departure", "1", True), ("both", "1", False)],
)
def test_a_number_that_does_not_move_as_said_is_confirmed(change: str, holders: str, asks: bool) -> None:
    reading = LEASE_HOLDERS.read({**CHANGED, "change": change, "holders": holders}, FACTS)
    assert bool(reading.cautions) is asks


@pytest.mark.parametrize(
    ("july", "on", "holders", "asks"),
    [
        (52_500, "01/07/2026", "2", True),
        (26_250, "01/07/2026", "2", False),
        (52_500, "01/08/2026", "2", False),
        (52_500, "01/07/2026", "1", False),
        (None, "01/07/2026", "2", False),
    ],
)
def test_the_whole_rent_declared_where_a_share_is_due_is_a_question(
    july: int | None, on: str, holders: str, asks: bool
) -> None:
    facts = replace(FACTS, july=(2026, july) if july else None, lease_holders=3 - int(holders))
    reading = LEASE_HOLDERS.read({**CHANGED, "change": "both", "on": on, "holders": holders}, facts)
    assert [caution.code for caution in reading.cautions] == ["whole_or_share"] * asks
    assert reading.details is not None, "it is asked, never refused"
    if asks:
        assert "525,00" in reading.cautions[0].title
        assert "262,50" in reading.cautions[0].sentence


def test_a_dwelling_without_a_rent_is_not_shared() -> None:
    assert "total" in LEASE_HOLDERS.read({**CHANGED, "total": "0"}, FACTS).errors


@pytest.mark.parametrize("who", ["claimant", "spouse", "other"])
def test_nobody_of_the_dwelling_died_before_the_tenant_moved_in(who: str) -> None:
    assert "avant l’entrée" in DEATH.read({**DIED, "who": who, "on": "01/01/1901"}, FACTS).errors["on"]
    assert DEATH.read({**DIED, "who": who, "on": "24/10/2021"}, FACTS).errors == {}


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
    (clash,) = clashes(["death", "move_out", "arrears"], {"death": {"who": "claimant"}})
    assert {clash.first, clash.second} == {"death", "move_out"}
    assert clash.superfluous == "move_out"
    assert "suffit" in clash.sentence
    assert clashes(["arrears", "move_out"]) == []
    assert [clash.superfluous for clash in clashes(["end_of_management", "move_out"])] == ["end_of_management"]
    assert [clash.superfluous for clash in clashes(["end_of_management", "lease_holders"])] == ["lease_holders"]


@pytest.mark.parametrize("who", ["spouse", "other"])
def test_who_is_left_behind_may_leave(who: str) -> None:
    both = ["death", "move_out"]
    assert clashes(both, {"death": {"who": who}}) == possible_clashes(both, {"death": {"who": who}}) == []
    assert clashes(both, {"death": {}}) == []
    assert len(possible_clashes(both, {"death": {}})) == 1


def test_who_counts_as_holding_the_lease_is_said_once_in_the_form_and_in_the_help() -> None:
    (asked,) = (question for question in LEASE_HOLDERS.questions(FACTS) if question.name == "holders")
    assert WHO_COUNTS in asked.hint
    (caution,) = LEASE_HOLDERS.read({**CHANGED, "holders": "1"}, FACTS).cautions
    assert caution.sentence == WHO_COUNTS
    article = Path(help_centre.__file__).parent / "articles" / "locataires" / "colocation.txt"
    assert WHO_COUNTS in article.read_text(encoding="utf-8")


def test_an_end_of_management_long_past_says_what_came_since() -> None:
    asked = END_OF_MANAGEMENT.read({**ENDED, "on": "01/02/2026"}, FACTS)
    (caution,) = asked.cautions
    assert "peuvent être à rendre, environ 555,00\u00a0€" in caution.title
    unpaid = replace(FACTS, aids=())
    (caution,) = END_OF_MANAGEMENT.read({**ENDED, "on": "01/02/2022"}, unpaid).cautions
    assert "il y a plus de trois mois" in caution.title
    assert END_OF_MANAGEMENT.read({**ENDED, "on": "21/04/2026"}, unpaid).cautions == ()


def test_a_change_of_the_lease_long_past_is_confirmed() -> None:
    (caution,) = LEASE_HOLDERS.read({**CHANGED, "on": "01/02/2022"}, FACTS).cautions
    assert (caution.code, "01/02/2022" in caution.title) == ("long_ago", True)
    assert LEASE_HOLDERS.read({**CHANGED, "on": "21/04/2026"}, FACTS).cautions == ()


def test_a_successor_is_kept_as_it_is_meant() -> None:
    known = {
        "successor": " Agence  Tilleul ",
        "successor_siret": "732 829 320 00074",
        "successor_email": "Moi@Exemple.fr",
    }
    reading = END_OF_MANAGEMENT.read({**ENDED, **known}, FACTS)
    assert reading.details is not None
    assert reading.details["successor"] == {
        "name": "Agence Tilleul", "siret": "73282932000074", "email": "moi@exemple.fr",
    }  # fmt: skip


def test_what_prints_nothing_is_not_kept_and_what_is_too_long_is_said() -> None:
    reading = MOVE_OUT.read({**LEFT, "new_address": "12\0 rue\u202e des Lilas"}, FACTS)
    assert reading.details is not None
    assert reading.details["new_address"] == "12 rue des Lilas"
    assert MOVE_OUT.read({**LEFT, "new_address": "x" * 201}, FACTS).errors == {
        "new_address": "200 caractères au maximum."
    }


UNKNOWN = replace(FACTS, rent_cents=None, charges_cents=None, aid_cents=None)
KNOWN = [FACTS, UNKNOWN, replace(UNKNOWN, direct_payment=False, neighbours=0), replace(FACTS, today=date(2027, 5, 5))]
PLAUSIBLE = st.sampled_from(["10/07/2026", "525", "2", "", "05/2026", "73282932000074", "moi@exemple.fr"])


@given(st.sampled_from([code for code in KINDS if code != "july_rent"]), st.sampled_from(KNOWN), st.data())
def test_any_answers_give_errors_or_details_never_both(code: str, known: TenancyFacts, data: st.DataObject) -> None:
    kind = KINDS[code]
    typed = data.draw(st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3))
    for question in kind.questions(known):
        offered = st.sampled_from([value for value, _ in question.choices]) if question.choices else PLAUSIBLE
        typed[question.name] = data.draw(st.one_of(offered, offered, st.text(max_size=30)))
    for row in data.draw(st.sets(st.integers(0, 40), max_size=2)):
        for part, right in (("month", "05/2026"), ("due", "300"), ("paid", "20,5")):
            typed[f"months-{row}-{part}"] = data.draw(st.one_of(st.sampled_from(["", right]), st.text(max_size=12)))
    reading = kind.read(typed, known)
    assert bool(reading.errors) != (reading.details is not None)
    assert all(sentence.strip() for sentence in reading.errors.values())
    assert reading.details is None or reading.lines


def test_every_answer_that_is_asked_for_has_its_own_sentence() -> None:
    unknown = replace(FACTS, rent_cents=None, charges_cents=None, direct_payment=True, aid_cents=None, neighbours=2)
    for facts in (unknown, *(replace(FACTS, stage=stage) for stage in STAGES)):
        for kind in KINDS.values():
            for question in kind.questions(facts):
                asks = question.label.endswith("?") or question.missing.endswith(".")
                assert asks or question.optional or question.ask is Ask.FIXED, (kind.code, question.name)
