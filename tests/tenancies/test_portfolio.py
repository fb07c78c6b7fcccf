"""What the home says of a portfolio: counts, the landlord as the office knows it, transfers received."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.kit.actors import Right
from parvis.kit.refusals import NotAllowed
from parvis.landlords.models import ProcessingTime
from parvis.tenancies.selectors.portfolio import portfolio_of, transfers_of
from tests.factories.landlords import landlord, office, owner
from tests.factories.tenancies import payment, tenancy

TODAY = date(2026, 12, 31)
pytestmark = pytest.mark.django_db


def test_the_portfolio_speaks_of_the_number_the_account_carries() -> None:
    me = owner()
    tenancy(me.landlord)
    ProcessingTime.objects.create(
        office=office(), topic="mail", min_weeks=4, max_weeks=5, measured_on=date(2026, 6, 23)
    )
    found = portfolio_of(me.actor, user_number=me.account.user_number)
    assert (found.current, found.former, found.user_number) == (1, 0, me.account.user_number)
    assert found.address == ("12 rue des Tilleuls", "44220 COUERON")
    assert [(delay.topic, delay.min_weeks, delay.max_weeks) for delay in found.delays] == [("mail", 4, 5)]


def test_a_landlord_the_office_has_no_number_for_has_an_empty_card() -> None:
    me = owner()
    me.third_party_number.delete()
    found = portfolio_of(me.actor, user_number=me.account.user_number)
    assert (found.current, found.address, found.delays) == (0, (), ())


def test_transfers_add_up_by_month_recoveries_deducted() -> None:
    me = owner()
    one, two = tenancy(me.landlord), tenancy(me.landlord)
    payment(one, date(2026, 5, 1), 10_000)
    payment(one, date(2026, 6, 1), 10_000)
    payment(two, date(2026, 6, 1), 20_000)
    payment(two, date(2026, 6, 1), -5_000, kind="recovery")
    payment(tenancy(landlord()), date(2026, 6, 1), 99_900)
    found = transfers_of(me.actor, today=TODAY)
    assert found is not None
    assert [(item.month, item.cents) for item in found.months] == [
        (date(2026, 6, 1), 10_000),
        (date(2026, 7, 1), 25_000),
    ]
    assert (found.last_paid_on, found.tenancies, found.difference_cents) == (date(2026, 7, 5), 2, 15_000)


def test_half_a_month_is_not_compared_to_a_whole_one() -> None:
    me = owner()
    mine = tenancy(me.landlord)
    for month, cents in ((6, 100), (7, 120)):
        payment(mine, date(2026, month - 1, 1), cents, paid_on=date(2026, month, 5))
    payment(mine, date(2026, 6, 1), 5_000, paid_on=date(2026, 6, 25))
    found = transfers_of(me.actor, today=TODAY)
    assert found is not None
    assert found.difference_cents == 20


def test_nothing_received_is_no_transfer() -> None:
    me = owner()
    assert transfers_of(me.actor, today=TODAY) is None


def test_a_tenant_paid_twice_in_a_month_is_one_tenant() -> None:
    me = owner()
    mine = tenancy(me.landlord)
    payment(mine, date(2026, 6, 1), 10_000)
    payment(mine, date(2026, 5, 1), 700, kind="back_payment", paid_on=date(2026, 7, 25))
    payment(tenancy(me.landlord), date(2026, 6, 1), 20_000)
    found = transfers_of(me.actor, today=TODAY)
    assert found is not None
    assert (found.last_cents, found.tenancies) == (30_700, 2)


def test_amounts_received_need_the_right_to_payments() -> None:
    me = owner(rights=frozenset({Right.CONSULT}))
    with pytest.raises(NotAllowed):
        transfers_of(me.actor, today=TODAY)


def test_what_is_only_announced_was_not_received() -> None:
    me = owner()
    flat = tenancy(me.landlord)
    payment(flat, date(2026, 6, 1), 20_000, paid_on=date(2026, 7, 5))
    payment(flat, date(2026, 7, 1), 9_000, paid_on=date(2026, 8, 5))
    received = transfers_of(me.actor, today=date(2026, 7, 30))
    assert received is not None
    assert (received.last_paid_on, received.last_cents) == (date(2026, 7, 5), 20_000)
    after = transfers_of(me.actor, today=date(2026, 8, 5))
    assert after is not None
    assert (after.last_paid_on, after.last_cents) == (date(2026, 8, 5), 9_000)
