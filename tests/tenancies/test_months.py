"""Rent and aid, month by month: what is known, what is said of it."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.kit.periods import months_back
from parvis.tenancies.rules import PaymentLine, months_of_aid, rents_by_month

pytestmark = pytest.mark.django_db
MONTHS = months_back(date(2026, 7, 1), 12)
START = date(2021, 10, 24)


def aid(
    month: date, cents: int = 11_800, *, kind: str = "aid", paid_on: date | None = None, why: str = ""
) -> PaymentLine:
    after = date(month.year + month.month // 12, month.month % 12 + 1, 5)
    return PaymentLine(month, kind, cents, paid_on or after, why)


def test_the_last_known_july_rent_goes_on_until_today_s() -> None:
    rents = rents_by_month(MONTHS, {2025: 51_200}, current_cents=52_500, start_on=START, end_on=None)
    assert rents == [51_200] * 11 + [52_500]


def test_each_july_changes_the_rent() -> None:
    rents = rents_by_month(
        months_back(date(2026, 8, 1), 3), {2025: 1, 2026: 2}, current_cents=3, start_on=START, end_on=None
    )
    assert rents == [1, 2, 3]


def test_without_any_july_rent_today_s_is_the_only_one_known() -> None:
    rents = rents_by_month(MONTHS, {}, current_cents=52_500, start_on=date(2026, 6, 12), end_on=None)
    assert rents == [None] * 10 + [52_500] * 2


def test_no_rent_is_shown_after_the_lease_has_ended() -> None:
    rents = rents_by_month(MONTHS, {2025: 51_200}, current_cents=52_500, start_on=START, end_on=date(2026, 5, 31))
    assert rents[-3:] == [51_200, None, None]


def figures(lines: list[PaymentLine], aid_from: date | None = None) -> list[tuple[int | None, str]]:
    found = months_of_aid(MONTHS, [None] * 12, lines, aid_from=aid_from)
    return [(item.aid_cents, item.note) for item in found]


def test_months_not_paid_yet_are_unknown_not_zero() -> None:
    found = figures([aid(month) for month in MONTHS[:11]])
    assert found[-1] == (None, "")
    assert found[0] == (11_800, "")


def test_a_gap_between_two_payments_is_said() -> None:
    found = figures([aid(month) for month in MONTHS if month != date(2026, 4, 1)])
    assert found[8] == (0, "aucun versement pour ce mois.")


def test_a_month_with_an_aid_of_nothing_is_said_with_its_reason() -> None:
    found = figures([aid(MONTHS[0]), aid(MONTHS[1], 0, why="file_pending"), aid(MONTHS[2])])
    assert found[1][0] == 0
    assert found[1][1].startswith("aucun versement pour ce mois. L’aide est en attente d’un élément.")


def test_a_late_payment_is_said_and_asks_for_nothing() -> None:
    found = figures([aid(MONTHS[0]), aid(MONTHS[1], paid_on=date(2025, 12, 5))])
    assert found[1] == (11_800, "versement décalé, réglé en décembre 2025. Aucune action de votre part.")


def test_a_back_payment_adds_up_and_is_said() -> None:
    found = figures([aid(MONTHS[0]), aid(MONTHS[0], 5_000, kind="back_payment"), aid(MONTHS[1])])
    assert found[0] == (16_800, "dont 50,00\u00a0€ de rappel.")
    assert found[1] == (11_800, "")


def test_a_change_is_said_with_its_reason() -> None:
    found = figures([aid(MONTHS[0]), aid(MONTHS[1], 11_100, why="quarterly_review")])
    assert found[1][1] == (
        "l’aide passe de 118,00\u00a0€ à 111,00\u00a0€. "
        "L’aide est réexaminée tous les trois mois. Aucune démarche. Ajustez la part du locataire."
    )


def test_a_recovery_stands_apart_from_the_aid() -> None:
    found = months_of_aid(
        MONTHS, [None] * 12, [aid(MONTHS[0]), aid(MONTHS[0], -3_000, kind="recovery", why="overpayment")], aid_from=None
    )
    assert (found[0].aid_cents, found[0].recovery_cents) == (11_800, -3_000)
    assert found[0].note.startswith("30,00\u00a0€ retenus sur une somme versée en trop en août 2025.")


def test_an_unknown_reason_says_nothing_rather_than_something_wrong() -> None:
    assert figures([aid(MONTHS[0], why="x17")])[0] == (11_800, "")
