"""A late report: until when the law leaves, why it could not be sooner, what it may cost; never a block, never a threat."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from parvis.declarations.kinds.arrears import ARREARS
from parvis.declarations.kinds.move_out import MOVE_OUT
from tests.declarations.kinds.test_arrears import ANSWERED, facts
from tests.declarations.kinds.test_kinds import FACTS, LEFT, TODAY

LATE = {**LEFT, "keys_on": "10/05/2026"}


def test_a_late_departure_names_both_last_days_and_what_it_may_cost() -> None:
    (caution,) = MOVE_OUT.read(LATE, FACTS).cautions
    for words in (
        "au plus tard le 10/06/2026",
        "ou le 10/07/2026",
        "dites alors pourquoi",
        "2\u00a0plafonds",
        "pas automatique",
    ):
        assert words in caution.sentence
    assert MOVE_OUT.read({**LATE, "keys_on": "21/06/2026"}, FACTS).cautions == ()
    assert MOVE_OUT.read({**LATE, "keys_on": "20/06/2026"}, FACTS).cautions != ()


def test_why_it_is_late_and_when_the_lease_ends_are_kept() -> None:
    reading = MOVE_OUT.read({**LATE, "why_late": "Hospitalisé", "lease_ends_on": "31/05/2026"}, FACTS)
    assert reading.details
    assert (reading.details["why_late"], reading.details["lease_ends_on"]) == ("Hospitalisé", "2026-05-31")
    assert ("Pourquoi si tard", "Hospitalisé") in reading.lines
    assert ("Fin du bail ou du préavis", "31/05/2026") in reading.lines
    assert "lease_ends_on" in MOVE_OUT.read({**LEFT, "lease_ends_on": "01/01/2001"}, FACTS).errors
    plain = MOVE_OUT.read(LEFT, FACTS).details
    assert plain
    assert (plain["why_late"], plain["lease_ends_on"]) == (None, None)


@pytest.mark.parametrize(
    ("ends_on", "says"),
    [
        ("", "plus tard le 10/05/2026, ou le 10/06/2026"),
        ("31/03/2026", "plus tard le 10/05/2026, ou"),
        ("31/05/2026", "plus tard le 30/06/2026, un mois après la fin du bail, ou le 31/07/2026"),
        (
            "30/06/2026",
            "dans les délais\u00a0: le délai pour signaler court depuis la fin du bail, jusqu’au 30/07/2026",
        ),
    ],
)
def test_the_month_to_report_is_counted_from_the_end_of_the_lease_where_it_comes_later(ends_on: str, says: str) -> None:
    (caution,) = MOVE_OUT.read({**LEFT, "keys_on": "10/04/2026", "lease_ends_on": ends_on}, FACTS).cautions
    assert says in caution.sentence
    assert "222,00" in caution.title, "the aid ends with the departure all the same"


def test_who_is_in_time_and_received_nothing_since_is_asked_nothing() -> None:
    known = replace(FACTS, aids=())
    assert MOVE_OUT.read({**LEFT, "keys_on": "10/04/2026", "lease_ends_on": "30/06/2026"}, known).cautions == ()


@pytest.mark.parametrize(("ends_on", "right"), [("10/01/2027", True), ("11/01/2027", False), ("01/01/2199", False)])
def test_a_lease_ends_no_later_than_the_longest_notice_after_the_keys(ends_on: str, right: bool) -> None:
    errors = MOVE_OUT.read({**LEFT, "lease_ends_on": ends_on}, FACTS).errors
    assert ("six mois après la remise des clés" not in errors.get("lease_ends_on", "")) is right
    assert bool(errors) is not right


def test_a_debt_reported_late_says_where_to_tell_why_and_what_it_may_cost() -> None:
    months = {"months-0-month": "02/2026", "months-0-due": "700", "months-0-paid": "0"}
    late = ARREARS.read({**ANSWERED, "since": "02/2026", **months}, replace(facts(), today=TODAY)).send_by
    assert "Démarches déjà faites" in late
    assert "pas automatique" in late
    steps = next(asked for asked in ARREARS.questions(facts()) if asked.name == "steps")
    assert "R.824-4" in steps.hint
    fresh = ARREARS.read({**ANSWERED, "since": "07/2026", "debt": "700"}, facts(today=date(2026, 7, 21))).send_by
    assert "automatique" not in fresh
