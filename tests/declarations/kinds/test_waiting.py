"""From which day a debt that may wait would be one to report: by the law of each day to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from parvis.declarations.kinds.arrears import ARREARS
from parvis.declarations.kinds.arrears.following import asked_again, plan_until
from parvis.declarations.kinds.arrears.waiting import reported_from
from parvis.declarations.kinds.kind import TenancyFacts
from tests.declarations.kinds.test_arrears import facts

NOVEMBER = date(2026, 11, 15)


@pytest.mark.parametrize(
    ("known", "debt", "since", "day"),
    [
        (facts(today=NOVEMBER), 30_000, date(2026, 11, 1), date(2026, 12, 1)),
        (facts(today=NOVEMBER), 1_000, date(2026, 11, 1), date(2027, 1, 1)),
        (facts(None, None, None, today=NOVEMBER), 1_000, date(2026, 11, 1), date(2027, 2, 1)),
        (facts(None, None, None, today=NOVEMBER), 46_000, date(2026, 11, 10), date(2027, 1, 1)),
        (facts(90_000, 0, 0, today=date(2027, 1, 10)), 6_000, date(2027, 1, 5), date(2027, 2, 1)),
        (facts(None, None, None, today=date(2027, 1, 10)), 6_000, date(2027, 1, 5), date(2027, 4, 5)),
        (facts(None, None, None, today=date(2026, 7, 21)), 1_000, date(2026, 7, 1), date(2027, 1, 1)),
    ],
    ids=[
        "next rent",
        "450 € of 2027",
        "three months",
        "over on the first day",
        "next rent 2027",
        "time",
        "old default",
    ],
)
def test_the_first_day_it_would_have_to_be_reported(known: TenancyFacts, debt: int, since: date, day: date) -> None:
    assert reported_from(known, debt, since) == day


def test_the_plan_has_six_months_two_where_direct_payment_is_refused_none_where_the_law_is_silent() -> None:
    assert plan_until({"direct_payment_wanted": None}, NOVEMBER) == date(2027, 5, 15)
    assert plan_until({"direct_payment_wanted": False}, NOVEMBER) == date(2027, 1, 15)
    assert plan_until({}, date(2027, 1, 1)) is None


def test_a_debt_is_asked_about_before_its_plan_is_due_then_every_six_months_until_it_is_paid() -> None:
    assert asked_again({"direct_payment_wanted": None}, NOVEMBER) == date(2027, 4, 15)
    assert asked_again({"plan": {"monthly_cents": 100}}, NOVEMBER) == date(2027, 5, 15)
    assert asked_again({"stage": "progress"}, NOVEMBER) == date(2027, 5, 15)
    assert asked_again({"stage": "settled"}, NOVEMBER) is None
    assert asked_again({"direct_payment_wanted": None}, date(2026, 12, 31)) == date(2027, 5, 31)
    assert asked_again({"direct_payment_wanted": None}, date(2027, 1, 1)) == date(2027, 7, 1)
    assert asked_again({"stage": "settled"}, date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("stage", "answers"),
    [
        ("plan", {"agreed_on": "01/12/2026", "agreed_monthly": "100", "owed": "900"}),
        ("progress", {"kept": "yes", "owed": "900"}),
    ],
)
def test_a_plan_keeps_the_aid_until_2026_and_the_commission_decides_from_2027(
    stage: str, answers: dict[str, str]
) -> None:
    said = {"stage": stage, "about": "D-2026-000000001-K", **answers}
    for today, words in ((date(2026, 12, 31), "L’aide continue"), (date(2027, 1, 1), "qui décide de l’aide")):
        assert words in ARREARS.read(said, replace(facts(today=today), stage=stage)).effect
