"""What a report of arrears leads to is said before it is sent, by the law of that day."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.declarations.kinds.arrears import ARREARS
from parvis.declarations.kinds.arrears.following import asked_again, plan_until
from parvis.declarations.kinds.kind import TenancyFacts
from tests.declarations.kinds.test_arrears import ANSWERED, facts

LAST_DAY, FIRST_DAY = date(2026, 12, 31), date(2027, 1, 1)
PLAN = {"plan": "yes", "plan_on": "05/06/2026", "plan_monthly": "50"}


def effect(today: date, *, to_landlord: bool = False, debt: str = "700", **answers: str) -> str:
    known = facts(to_landlord=to_landlord, today=today)
    return ARREARS.read({**ANSWERED, "debt": debt, **answers}, known).effect


def hint(known: TenancyFacts) -> str:
    return next(asked.hint for asked in ARREARS.questions(known) if asked.name == "direct_payment")


def test_until_the_end_of_2026_the_aid_is_kept_and_a_plan_is_due() -> None:
    said = effect(LAST_DAY, direct_payment="yes")
    for words in ("L’aide est maintenue", "informe la commission", "avant le 30/06/2027", "36\u00a0parts"):
        assert words in said
    assert "décide" not in said
    assert "plan de remboursement est à envoyer à votre caisse avant" in said
    assert "Sans plan, votre caisse peut fixer" in said


def test_refusing_direct_payment_costs_four_months_and_it_is_said_where_it_is_asked() -> None:
    assert "ne souhaitez pas le versement direct\u00a0: un plan" in effect(LAST_DAY, direct_payment="no")
    assert "avant le 28/02/2027" in effect(LAST_DAY, direct_payment="no")
    assert "deux mois, au lieu de six mois" in hint(facts(to_landlord=False, today=LAST_DAY))
    assert "au lieu de" not in hint(facts(to_landlord=False, today=FIRST_DAY))


def test_who_is_paid_already_has_refused_nothing() -> None:
    said = effect(LAST_DAY, to_landlord=True)
    assert "versement direct" not in said
    assert "avant le 30/06/2027" in said


@pytest.mark.parametrize(("answers", "rent"), [(PLAN, 28_000), ({"debt": "100"}, 3_000)])
def test_with_a_plan_or_a_small_debt_no_other_plan_is_asked(answers: dict[str, str], rent: int) -> None:
    known = facts(rent, to_landlord=False, today=LAST_DAY)
    said = ARREARS.read({**ANSWERED, "debt": "700", **answers}, known).effect
    assert "L’aide est maintenue" in said
    assert "plan" not in said
    assert ("simplifiée" in said) is ("debt" in answers)


@pytest.mark.parametrize(("today", "debt"), [(LAST_DAY, "499,99"), (FIRST_DAY, "450")])
def test_below_the_threshold_no_plan_is_asked_and_nothing_follows(today: date, debt: str) -> None:
    typed = {**ANSWERED, "since": "15/12/2026", "debt": debt}
    reading = ARREARS.read(typed, facts(today=today))
    assert "aucun plan ne vous est demandé" in reading.effect
    for words in ("avant le", "Sans plan", "CCAPEX"):
        assert words not in reading.effect
    assert reading.details is not None
    assert plan_until(reading.details, today) is asked_again(reading.details, today) is None


def test_from_2027_the_commission_decides_and_no_word_of_2026_is_left() -> None:
    said = effect(FIRST_DAY)
    for words in ("décide de la suite", "en principe", "versement direct vous est proposé", "tous les six mois"):
        assert words in said
    for words in ("pendant la recherche", "avant le", "parts mensuelles", "simplifiée"):
        assert words not in said
    assert "versement direct" not in effect(FIRST_DAY, to_landlord=True)
    assert "continue" not in ARREARS.lead


def test_of_a_tenant_who_left_only_the_departure_is_asked() -> None:
    for today in (LAST_DAY, FIRST_DAY):
        assert effect(today, in_place="no") == "Si le départ n’est pas encore déclaré, déclarez-le aussi."
