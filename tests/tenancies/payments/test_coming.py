"""The next payment: announced by the office, or told from the last one."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.tenancies.models import Payment, Tenancy, Transfer
from parvis.tenancies.selectors.payments import coming, transfers
from tests.factories.landlords import Owner
from tests.factories.tenancies import payment
from tests.factories.two_offices import two_offices
from tests.tenancies.payments.conftest import JULY, TODAY, seen

pytestmark = pytest.mark.django_db


def test_the_next_payment_is_last_month_s_of_those_still_there(me: Owner, two_months: dict[str, Tenancy]) -> None:
    (item,) = coming.next_payments(seen(me), today=TODAY)
    assert (item.around, item.cents, item.tenancies, item.is_rough) == (date(2026, 9, 5), 58_600, 3, False)
    Tenancy.objects.filter(pk=two_months["moves"].pk).update(end_on=date(2026, 8, 1))
    Tenancy.objects.filter(pk=two_months["new"].pk).update(direct_payment=False)
    (item,) = coming.next_payments(seen(me), today=TODAY)
    assert (item.cents, item.tenancies) == (20_000, 1)
    assert coming.next_payments(seen(me), today=date(2027, 1, 1)) == []


def test_an_announced_transfer_is_the_next_payment_and_is_not_paid_yet(
    me: Owner, two_months: dict[str, Tenancy]
) -> None:
    paid = transfers.total_of(seen(me), 2026, today=TODAY)
    payment(two_months["moves"], date(2026, 8, 1), 21_000, paid_on=date(2026, 9, 5))
    payment(two_months["moves"], date(2026, 8, 1), 8_000, paid_on=date(2026, 9, 25))
    first, second = coming.next_payments(seen(me), today=TODAY)
    assert (first.around, first.cents, first.is_announced) == (date(2026, 9, 5), 21_000, True)
    before = Transfer.objects.get(paid_on=date(2026, 8, 5)).total_cents
    assert (first.before_cents, first.difference_cents) == (before, 21_000 - before)
    assert second.difference_cents == 0, "nothing was paid on that pay day before"
    assert first.announced == Transfer.objects.get(paid_on=date(2026, 9, 5)).reference
    assert (second.around, second.cents, second.is_announced) == (date(2026, 9, 25), 8_000, True)
    assert transfers.total_of(seen(me), 2026, today=TODAY) == paid
    assert transfers.total_of(seen(me), 2026, today=date(2026, 9, 5)) == paid + 21_000


def test_what_is_announced_for_one_pay_day_leaves_the_estimate_of_the_other(
    me: Owner, two_months: dict[str, Tenancy]
) -> None:
    payment(two_months["moves"], date(2026, 8, 1), 8_000, paid_on=date(2026, 9, 25))
    first, second = coming.next_payments(seen(me), today=TODAY)
    assert (first.is_announced, first.cents) == (False, 58_600)
    assert (second.is_announced, second.cents) == (True, 8_000)


def test_a_transfer_whose_day_has_passed_is_not_announced_as_coming(me: Owner, two_months: dict[str, Tenancy]) -> None:
    item = coming.coming_payment(seen(me), today=date(2026, 9, 5))
    assert item is not None
    assert item.around == date(2026, 9, 5)
    assert coming.next_payments(seen(me), today=date(2026, 9, 6))
    assert coming.coming_payment(seen(me), today=date(2026, 9, 6)) is None


def test_what_is_left_to_withhold_is_told_beside_the_next_payment(me: Owner, two_months: dict[str, Tenancy]) -> None:
    def left() -> int:
        (item,) = coming.next_payments(seen(me), today=TODAY)
        assert item.cents == 58_600
        return item.withheld_up_to_cents

    withheld = Payment.objects.filter(tenancy=two_months["stays"], kind="recovery")
    assert left() == 0
    withheld.update(remaining_cents=2_515)
    assert left() == 2_515
    withheld.update(remaining_cents=9_999_999)
    assert left() == 58_600
    withheld.update(paid_on=date(2026, 7, 5))
    payment(two_months["stays"], JULY, -100, kind="recovery", paid_on=date(2026, 8, 5))
    Payment.objects.filter(paid_on=date(2026, 8, 5), kind="recovery").update(remaining_cents=0)
    assert left() == 0


def test_a_large_landlord_s_next_payment_is_the_last_one(
    me: Owner, two_months: dict[str, Tenancy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming, "ADDED_UP_TO", 2)
    (item,) = coming.next_payments(seen(me), today=TODAY)
    assert (item.cents, item.is_rough) == (58_600, True)


@pytest.mark.parametrize(
    ("day", "after"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 12, 5), date(2027, 1, 5)),
        (date(2026, 11, 30), date(2026, 12, 30)),
    ],
)
def test_a_month_later_is_a_day_that_exists(day: date, after: date) -> None:
    assert coming.month_after(day) == after


def test_the_office_that_announced_nothing_is_still_expected() -> None:
    world = two_offices()
    for of in (world.here[0], world.there[0]):
        payment(of, JULY, 40_000, paid_on=date(2026, 8, 5), transfer_ref=f"VIR{of.caf_code}")
    payment(world.here[0], date(2026, 8, 1), 41_000, paid_on=date(2026, 9, 5), transfer_ref="VIR-SEPT")
    told, expected = coming.next_payments(seen(world.chief), today=TODAY)
    assert (told.is_announced, told.cents, told.difference_cents) == (True, 41_000, 1_000)
    assert (expected.is_announced, expected.cents, expected.tenancies) == (False, 40_000, 1)
