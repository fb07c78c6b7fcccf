"""A late report: until when the law leaves, why it could not be sooner, what it may cost; never a block, never a threat."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

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


def test_a_debt_reported_late_says_where_to_tell_why_and_what_it_may_cost() -> None:
    months = {"months-0-month": "02/2026", "months-0-due": "700", "months-0-paid": "0"}
    late = ARREARS.read({**ANSWERED, "since": "02/2026", **months}, replace(facts(), today=TODAY)).send_by
    assert "Démarches déjà faites" in late
    assert "pas automatique" in late
    steps = next(asked for asked in ARREARS.questions(facts()) if asked.name == "steps")
    assert "R.824-4" in steps.hint
    fresh = ARREARS.read({**ANSWERED, "since": "07/2026", "debt": "700"}, facts(today=date(2026, 7, 21))).send_by
    assert "automatique" not in fresh
