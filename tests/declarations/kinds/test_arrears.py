"""Arrears: the rule of the day of the report, to the cent and to the day (domain.md §3.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from parvis.declarations.kinds.arrears import ARREARS
from parvis.declarations.kinds.arrears.law import UnpaidMonth, judge, rule_on
from parvis.declarations.kinds.kind import TenancyFacts

SUMMER, NEXT_YEAR = date(2026, 7, 21), date(2027, 4, 5)
ANSWERED = {
    "since": "05/05/2026",
    "paid_this_month": "no",
    "in_place": "yes",
    "plan": "no",
    "direct_payment": "no",
}


def facts(
    rent: int | None = 28_000,
    charges: int | None = 2_000,
    aid: int | None = 5_000,
    *,
    to_landlord: bool = True,
    today: date = SUMMER,
) -> TenancyFacts:
    return TenancyFacts(
        today=today,
        name="Lina Moreau",
        start_on=date(2021, 10, 24),
        rent_cents=rent,
        charges_cents=charges,
        aid_cents=aid if to_landlord else None,
        direct_payment=to_landlord,
    )


@pytest.mark.parametrize(
    ("known", "debt", "constituted"),
    [
        (facts(), 49_999, False),
        (facts(), 50_000, True),
        (facts(to_landlord=False), 59_999, False),
        (facts(to_landlord=False), 60_000, True),
        (facts(35_000, 5_000, 20_000), 39_999, False),
        (facts(35_000, 5_000, 20_000), 40_000, True),
        (facts(35_000, 5_000, 20_000), 30_000, False),
        (facts(today=NEXT_YEAR), 45_000, False),
        (facts(today=NEXT_YEAR), 45_001, True),
        (facts(90_000, 0, 0, today=NEXT_YEAR), 45_001, True),
        (facts(today=date(2026, 12, 31)), 45_001, False),
    ],
)
def test_a_debt_is_constituted_by_the_rule_of_the_day(known: TenancyFacts, debt: int, constituted: bool) -> None:
    assert judge(known, debt).constituted is constituted


def test_the_rule_changes_on_the_first_of_january_2027() -> None:
    assert (rule_on(date(2026, 12, 31)), rule_on(date(2027, 1, 1))) == ("2026", "2027")


@pytest.mark.parametrize(("today", "constituted"), [(date(2027, 4, 4), False), (date(2027, 4, 5), True)])
def test_three_months_after_a_first_default_any_debt_is_constituted(today: date, constituted: bool) -> None:
    found = judge(facts(today=today), 6_000, first_default_on=date(2027, 1, 5))
    assert found.constituted is constituted
    assert found.constituted_on == (date(2027, 4, 5) if constituted else None)
    assert found.report_until() == (date(2027, 6, 5) if constituted else None)


def test_an_aid_above_the_rent_is_clamped_and_goes_to_an_officer() -> None:
    found = judge(facts(30_000, 0, 32_000), 1)
    assert (found.threshold_cents, found.clamped, found.constituted) == (0, True, True)
    reading = ARREARS.read({**ANSWERED, "debt": "10"}, facts(30_000, 0, 32_000))
    assert [caution.code for caution in reading.cautions] == ["aid_exceeds_rent"]
    assert reading.details is not None
    assert reading.details["for_officer"] is True


def test_what_the_threshold_is_made_of_is_asked_where_it_is_not_known() -> None:
    unknown = facts(None, None, None)
    assert judge(unknown, 60_000).constituted is None
    assert {"rent", "charges", "aid"} <= set(ARREARS.read({**ANSWERED, "debt": "500"}, unknown).errors)
    told = {**ANSWERED, "debt": "500", "rent": "280", "charges": "20", "aid": "50"}
    reading = ARREARS.read(told, unknown)
    assert reading.details is not None
    assert (reading.details["threshold_cents"], reading.details["constituted"]) == (50_000, True)
    assert reading.details["basis"] == {"rent_cents": 28_000, "charges_cents": 2_000, "aid_cents": 5_000}
    assert reading.details["for_officer"] is False
    assert ("Charges d’un mois", "20,00\u00a0€") in reading.lines
    assert not {"rent", "charges", "aid"} & {item.name for item in ARREARS.questions(replace(unknown, today=NEXT_YEAR))}


def test_an_unknown_aid_is_not_asked_of_who_does_not_receive_it() -> None:
    asked = {item.name for item in ARREARS.questions(facts(28_000, None, None, to_landlord=False))}
    assert asked & {"rent", "charges", "aid"} == {"charges"}


def test_the_months_give_the_total_and_the_day_to_report_by() -> None:
    months = {
        "months-0-month": "05/2026", "months-0-due": "300", "months-0-paid": "50",
        "months-1-month": "juin 2026", "months-1-due": "300", "months-1-paid": "",
        "months-4-month": "2026-07", "months-4-due": "300", "months-4-paid": "300",
    }  # fmt: skip
    reading = ARREARS.read({**ANSWERED, **months}, facts())
    assert reading.errors == {}
    assert reading.details is not None
    assert reading.details["debt_cents"] == 55_000
    assert reading.details["constituted_on"] == "2026-06-01"
    assert reading.details["report_until"] == "2026-08-01"
    assert "soit jusqu’au 01/08/2026" in reading.send_by
    assert reading.rule == "2026"


def test_months_in_any_order_are_added_in_theirs() -> None:
    lines = [UnpaidMonth(date(2026, month, 1), 30_000, 0) for month in (7, 5, 6)]
    assert judge(facts(), 90_000, months=lines).constituted_on == date(2026, 6, 1)


def test_a_rent_is_due_at_the_beginning_of_its_month_so_that_nobody_is_told_a_day_too_late() -> None:
    lines = [UnpaidMonth(date(2026, month, 1), 30_000, 0) for month in (6, 7)]
    found = judge(facts(), 60_000, months=lines)
    assert (found.constituted_on, found.report_until()) == (date(2026, 7, 1), date(2026, 9, 1))


def test_a_debt_is_not_constituted_before_the_tenant_came() -> None:
    known = replace(facts(), start_on=date(2026, 6, 15))
    lines = [UnpaidMonth(date(2026, 6, 1), 60_000, 0)]
    assert judge(known, 60_000, months=lines).constituted_on == date(2026, 6, 15)


def test_what_was_paid_in_full_meanwhile_begins_again() -> None:
    lines = [
        UnpaidMonth(date(2026, 1, 1), 60_000, 0),
        UnpaidMonth(date(2026, 2, 1), 30_000, 90_000),
        UnpaidMonth(date(2026, 5, 1), 60_000, 10_000),
    ]
    assert judge(facts(), 50_000, months=lines).constituted_on == date(2026, 5, 1)


def test_the_months_alone_say_since_when() -> None:
    months = {"months-0-month": "05/2026", "months-0-due": "300", "months-1-month": "06/2026", "months-1-due": "300"}
    reading = ARREARS.read({**ANSWERED, **months, "since": ""}, facts())
    assert reading.details is not None
    assert (reading.details["first_default_on"], reading.details["debt_cents"]) == ("2026-05-01", 60_000)


@pytest.mark.parametrize(
    ("months", "constituted_on"),
    [
        ([(2026, 9, 6_000)], date(2027, 1, 1)),
        ([(2026, 9, 60_000), (2026, 10, 6_000)], date(2026, 9, 1)),
        ([(2026, 9, 46_000)], date(2027, 1, 1)),
        ([(2027, 1, 46_000)], date(2027, 1, 1)),
    ],
)
def test_no_debt_is_constituted_by_a_rule_before_it_was_in_force(
    months: list[tuple[int, int, int]], constituted_on: date
) -> None:
    lines = [UnpaidMonth(date(year, month, 1), due, 0) for year, month, due in months]
    known = facts(today=date(2027, 1, 10))
    debt = sum(line.owed_cents for line in lines)
    found = judge(known, debt, first_default_on=lines[0].month, months=lines)
    assert (found.rule, found.constituted, found.constituted_on) == ("2027", True, constituted_on)


def test_below_the_threshold_one_may_still_declare() -> None:
    (caution,) = ARREARS.read({**ANSWERED, "debt": "499,99"}, facts()).cautions
    assert caution.code == "below_threshold"
    assert "500,00\u00a0€" in caution.title


def test_a_table_that_says_something_else_is_asked_about() -> None:
    months = {"months-0-month": "05/2026", "months-0-due": "300", "months-0-paid": "50"}
    codes = [caution.code for caution in ARREARS.read({**ANSWERED, **months, "debt": "600"}, facts()).cautions]
    assert codes == ["months_differ"]


MARCH = {
    "months-0-month": "03/2027", "months-0-due": "300", "months-0-paid": "240",
    "months-1-month": "04/2027", "months-1-due": "300", "months-1-paid": "300",
}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "today", "judged", "constituted"),
    [
        ("05/05/2027", date(2027, 6, 10), date(2027, 3, 1), True),
        ("05/02/2027", date(2027, 5, 6), date(2027, 2, 5), True),
        ("05/02/2027", date(2027, 5, 4), date(2027, 2, 5), False),
    ],
)
def test_of_a_day_and_a_table_that_differ_the_earlier_is_judged_and_asked_about(
    written: str, today: date, judged: date, constituted: bool
) -> None:
    reading = ARREARS.read({**ANSWERED, **MARCH, "since": written, "debt": "60"}, facts(today=today))
    assert reading.details is not None
    assert (reading.details["first_default_on"], reading.details["constituted"]) == (judged.isoformat(), constituted)
    (caution,) = [caution for caution in reading.cautions if caution.code == "since_differs"]
    assert f"le premier impayé est de mars 2027. Vous avez écrit {written}" in caution.title


def test_a_day_of_the_month_the_table_begins_with_is_more_exact_than_the_table() -> None:
    typed = {**ANSWERED, **MARCH, "since": "05/03/2027", "debt": "60"}
    reading = ARREARS.read(typed, facts(today=date(2027, 6, 4)))
    assert reading.details is not None
    assert (reading.details["first_default_on"], reading.details["constituted"]) == ("2027-03-05", False)
    assert [caution.code for caution in reading.cautions] == ["below_threshold"]


def test_nobody_is_asked_to_wait_about_a_tenant_who_died() -> None:
    typed = {**ANSWERED, "debt": "300"}
    assert ARREARS.read(typed, facts()).wait_until is not None
    assert ARREARS.read(typed, replace(facts(), claimant_died=True)).wait_until is None


def test_the_aid_of_a_tenant_who_is_paid_is_in_no_sentence() -> None:
    known = facts(aid=11_173, to_landlord=False)
    words = " ".join(question.hint for question in ARREARS.questions(known))
    reading = ARREARS.read({**ANSWERED, "debt": "700"}, known)
    assert "111,73" not in words + reading.effect + str(reading.lines)


@pytest.mark.parametrize(
    ("answer", "name", "sentence"),
    [
        ({"debt": ""}, "debt", "Indiquez"),
        ({"debt": "0"}, "debt", "Indiquez la somme due"),
        ({"debt": "abc"}, "debt", "n’est pas un montant"),
        ({"debt": "-5"}, "debt", "Un montant ne peut pas être négatif"),
        ({"since": "05/05/2031"}, "since", "à venir"),
        ({"since": "05/05/2011"}, "since", "avant l’entrée"),
        ({"since": "hier"}, "since", "Écrivez une date"),
        ({"plan": "yes"}, "plan_on", "Indiquez"),
        ({"plan": "peut-être"}, "plan", "Choisissez"),
        (
            {"months-0-month": "13/2026", "months-0-due": "3"},
            "months-0-month",
            "Ligne 1\u00a0: Ce mois n’existe pas. Écrivez par exemple 07",
        ),
        ({"months-0-due": "3"}, "months-0-month", "Ligne 1\u00a0: Écrivez un mois"),
        (
            {"months-0-month": "08/2026", "months-0-due": "3"},
            "months-0-month",
            "Ligne 1\u00a0: août 2026 est un mois à venir",
        ),
        ({"months-0-month": "09/2021", "months-0-due": "3"}, "months-0-month", "avant l’entrée"),
        ({"months-2-month": "05/2026", "months-2-due": "-3"}, "months-2-due", "Ligne 3\u00a0: Un montant"),
        ({"plan": "yes", "plan_on": "01/07/2026", "plan_monthly": "0"}, "plan_monthly", "Indiquez"),
        ({"steps": "x" * 601}, "steps", "600 caractères"),
    ],
)
def test_what_is_wrong_is_said_beside_its_question(answer: dict[str, str], name: str, sentence: str) -> None:
    reading = ARREARS.read({**ANSWERED, "debt": "700", **answer}, facts())
    assert sentence in reading.errors[name]
    assert reading.details is None


def test_who_may_not_see_payments_cannot_work_the_aid_out() -> None:
    known = replace(facts(), shows_aid=False)
    reading = ARREARS.read({**ANSWERED, "debt": "400"}, known)
    words = (
        " ".join(question.hint for question in ARREARS.questions(known)) + str(reading.cautions) + str(reading.lines)
    )
    assert "deux mois de loyer et charges dus, aide déduite" in words
    assert "500,00" not in words
    assert "50,00" not in words
    above = ARREARS.read({**ANSWERED, "debt": "10"}, replace(facts(30_000, 0, 32_000), shows_aid=False))
    assert above.details is not None
    assert [caution.code for caution in above.cautions] == ["aid_exceeds_rent"]
    assert "aide connue" not in str(above.cautions)


def test_the_rule_of_the_day_is_printed() -> None:
    assert "CCH R.824-1" in str(ARREARS.read({**ANSWERED, "debt": "700"}, facts()).lines)
    assert "décret 2026-84" in str(ARREARS.read({**ANSWERED, "debt": "700"}, facts(today=NEXT_YEAR)).lines)


def test_every_bad_line_of_the_table_is_told_at_its_place_and_nothing_is_asked_twice() -> None:
    table = {
        "months-0-month": "13/2026", "months-0-due": "300",
        "months-1-month": "juin", "months-1-due": "abc",
        "months-2-month": "05/2026", "months-2-due": "300",
        "months-3-month": "mai 2026", "months-3-due": "300",
    }  # fmt: skip
    errors = ARREARS.read({"paid_this_month": "no", "in_place": "yes", "plan": "no", **table}, facts()).errors
    assert set(errors) == {"months-0-month", "months-1-month", "months-1-due", "months-3-month"}
    assert errors["months-3-month"] == "Ligne 4\u00a0: Ce mois est déjà écrit ligne 3."
    assert "Écrivez un mois, par exemple 07/2026" in errors["months-1-month"]
