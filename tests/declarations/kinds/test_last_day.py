"""Until when a debt is to be reported where no table tells it; which plans can be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from parvis.declarations.kinds.arrears import ARREARS
from parvis.declarations.kinds.kind import TenancyFacts
from tests.declarations.kinds.test_arrears import ANSWERED, NEXT_YEAR, facts


@pytest.mark.parametrize(
    ("known", "since", "until"),
    [
        (facts(), "05/06/2026", "01/09/2026"),
        (facts(), "05/2026", "01/08/2026"),
        (facts(today=NEXT_YEAR), "05/02/2027", "01/05/2027"),
        (facts(50_000, 0, 0, today=NEXT_YEAR), "05/03/2027", "05/05/2027"),
        (replace(facts(60_000, 0, 40_000, today=NEXT_YEAR), shows_aid=False), "05/03/2027", "05/05/2027"),
    ],
)
def test_without_a_table_the_last_day_is_the_earliest_it_can_be(known: TenancyFacts, since: str, until: str) -> None:
    said = ARREARS.read({**ANSWERED, "debt": "620", "since": since}, known).send_by
    assert f"soit jusqu’au {until} si rien n’a été payé" in said


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [("01/01/2199", "Cette date est à venir."), ("01/01/2011", "avant l’entrée dans les lieux")],
)
def test_a_plan_is_of_a_day_that_can_be(answer: str, sentence: str) -> None:
    typed = {**ANSWERED, "debt": "700", "plan": "yes", "plan_on": answer, "plan_monthly": "50"}
    assert sentence in ARREARS.read(typed, facts()).errors["plan_on"]


def test_more_a_month_than_there_is_to_pay_is_confirmed() -> None:
    typed = {**ANSWERED, "debt": "700", "plan": "yes", "plan_on": "01/07/2026", "plan_monthly": "5 000"}
    (caution,) = ARREARS.read(typed, facts()).cautions
    assert "5\u00a0000,00" in caution.title
    later = {"stage": "plan", "about": "D", "agreed_on": "01/07/2026", "agreed_monthly": "701", "owed": "700"}
    (caution,) = ARREARS.read(later, replace(facts(), stage="plan")).cautions
    assert caution.code == "monthly_above_debt"
    assert ARREARS.read({**later, "agreed_monthly": "700"}, replace(facts(), stage="plan")).cautions == ()


def test_a_debt_over_the_threshold_has_two_months_even_when_nobody_knows_since_when() -> None:
    reading = ARREARS.read({**ANSWERED, "debt": "500"}, facts())
    assert "soit jusqu’au 01/08/2026 si rien n’a été payé depuis le 05/05/2026." in reading.send_by
    assert reading.details is not None
    assert reading.details["report_until"] is None, "what leaves is known, not supposed"
    more = ARREARS.read({**ANSWERED, "debt": "5000"}, facts(0, 0, 0, today=NEXT_YEAR))
    assert "deux mois pour signaler, à partir du jour" in more.send_by
    left = ARREARS.read({**ANSWERED, "debt": "500", "in_place": "no"}, facts())
    assert "maintenue" not in left.effect
