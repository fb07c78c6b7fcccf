"""What remains in each account of a credential: the same figures as the grid of each, and nothing of anybody else's."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from parvis.declarations.models import RentCampaign
from parvis.declarations.selectors import (
    Edge,
    accounts_owing,
    campaign_card,
    grid_rows,
    remaining_by_account,
    rents_owed,
)
from parvis.identity.models import Acceptance
from parvis.kit.actors import Right
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import EVERY_RIGHT, Owner, landlord, office, owner
from tests.factories.tenancies import july_rent, many_tenancies, tenancy
from tests.factories.two_offices import two_offices

pytestmark = pytest.mark.django_db


def group(*sizes: int, rights: frozenset[Right] = EVERY_RIGHT) -> list[Owner]:
    """Accounts of one credential, with so many tenancies each."""
    first = owner(landlord(company_name="Bailleur 0"), rights=rights)
    rest = [
        owner(landlord(company_name=f"Bailleur {rank}"), rights=rights, credential=first.account.credential)
        for rank in range(1, len(sizes))
    ]
    for who, size in zip([first, *rest], sizes, strict=True):
        if size:
            many_tenancies(who.landlord, size)
    made.campaign()
    return [first, *rest]


def credential(of: Owner) -> int:
    return of.account.credential_id


def test_the_figures_of_each_account_are_those_of_its_grid() -> None:
    several = group(3, 0, 40, 1)
    known = tenancy(several[0].landlord, last_name="Abadie")
    july_rent(known, YEAR - 1, 52_400)
    made.campaign()
    made.typed(several[0], known, "525")
    made.sent(several[0])
    remaining = remaining_by_account(credential(several[0]), at=NOW)
    for who in several:
        card = campaign_card(who.actor, at=NOW)
        assert card is not None
        assert remaining.get(who.account.pk, 0) == card.remaining
    owing = accounts_owing(credential(several[0]), at=NOW)
    assert {x.id: x.remaining for x in owing} == remaining
    assert [x.name for x in owing] == ["Bailleur 0", "Bailleur 2", "Bailleur 3"]
    for account, who in zip(owing, (several[0], several[2], several[3]), strict=True):
        rows = rents_owed([account], size=100).rows
        assert len(rows) == account.remaining
        assert [row.reference for row in rows][:25] == [row.reference for row in grid_rows(who.actor, YEAR).rows]


def test_every_rent_is_met_once_forwards_and_backwards_whatever_the_size_of_the_pages() -> None:
    owing = accounts_owing(credential(group(3, 5, 1, 7)[0]), at=NOW)
    whole = [row.reference for row in rents_owed(owing, size=100).rows]
    assert len(set(whole)) == len(whole) == 16
    for size in (1, 2, 3, 4, 8, 16, 25):
        page = rents_owed(owing, size=size)
        met = [row.reference for row in page.rows]
        assert page.previous is None
        while page.next:
            page = rents_owed(owing, after=page.next, size=size)
            met += [row.reference for row in page.rows]
        assert met == whole
        back = [row.reference for row in page.rows]
        while page.previous:
            page = rents_owed(owing, before=page.previous, size=size)
            back = [row.reference for row in page.rows] + back
        assert back == whole


def test_a_page_of_rents_costs_one_statement_whatever_the_number_of_accounts(
    django_assert_num_queries: object,
) -> None:
    several = group(*[2] * 40)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(rents_owed(accounts_owing(credential(several[0]), at=NOW)).rows) == 25


def test_an_edge_nobody_has_is_no_edge() -> None:
    owing = accounts_owing(credential(group(2, 2)[0]), at=NOW)
    whole = rents_owed(owing).rows
    assert rents_owed(owing, after=Edge("inconnu", uuid4())).rows == whole
    assert rents_owed(owing, before=Edge("inconnu", uuid4())).rows == whole
    assert rents_owed([]).rows == []


@pytest.mark.usefixtures("some_without_administrator")
def test_accounts_without_the_right_to_declare_closed_or_not_entered_yet_are_not_read() -> None:
    assert remaining_by_account(credential(group(2, rights=EVERY_RIGHT - {Right.DECLARE})[0]), at=NOW) == {}
    first, second, third, fourth = group(1, 1, 1, 1)
    second.account.state = "disabled"
    third.account.opened_at = None
    fourth.account.opened_at = NOW - timedelta(days=3_000)
    for changed in (second, third, fourth):
        changed.account.save()
    Acceptance.objects.filter(account=fourth.account).delete()
    assert set(remaining_by_account(credential(first), at=NOW)) == {first.account.pk}
    assert [x.id for x in accounts_owing(credential(first), at=NOW)] == [first.account.pk]


def test_another_persons_accounts_are_not_read() -> None:
    mine, theirs = group(2)[0], group(3)[0]
    assert remaining_by_account(credential(mine), at=NOW) == {mine.account.pk: 2}
    assert {row.account.id for row in rents_owed(accounts_owing(credential(theirs), at=NOW)).rows} == {
        theirs.account.pk
    }


def test_who_is_limited_to_an_office_meets_its_rents_alone() -> None:
    both = two_offices()
    here = {tenancy.reference for tenancy in both.here}
    owing = accounts_owing(credential(both.limited), at=NOW)
    rows, card = rents_owed(owing).rows, campaign_card(both.actor, at=NOW)
    assert card is not None
    assert {row.reference for row in rows} <= here
    assert len(rows) == owing[0].remaining == card.remaining == 2
    assert remaining_by_account(credential(both.limited), at=NOW) == {both.limited.account.pk: 2}
    assert remaining_by_account(credential(both.chief), at=NOW)[both.chief.account.pk] == 4


def test_before_the_campaign_nothing_remains_and_an_office_may_open_its_own_first() -> None:
    (mine,) = group(2)
    before = NOW.replace(month=6)
    assert remaining_by_account(credential(mine), at=before) == {}
    RentCampaign.objects.create(
        year=YEAR + 1,
        office=office(),
        opens_on=date(2026, 7, 15),
        deadline_on=date(2027, 9, 30),
        suspension_on=date(2028, 1, 15),
    )
    card = campaign_card(mine.actor, at=NOW)
    assert card is not None
    assert (card.year, card.remaining) == (YEAR + 1, 0)
    assert remaining_by_account(credential(mine), at=NOW) == {}
