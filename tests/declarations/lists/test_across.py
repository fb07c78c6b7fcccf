"""What remains in each account of a credential: the same figures as the grid of each, and nothing of anybody else's."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from parvis.declarations.models import RentCampaign
from parvis.declarations.selectors import (
    Among,
    Edge,
    accounts_owing,
    campaign_card,
    grid_rows,
    owing_page,
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


def remaining_of(who: Owner, at: datetime = NOW) -> dict[int, int]:
    told, owing = remaining_by_account(credential(who), at=at)
    ids, counts = ([int(number) for number in text.strip("{}").split(",") if number] for text in owing)
    assert (told.accounts, told.rents) == (len(ids), sum(counts))
    return dict(zip(ids, counts, strict=True))


def test_the_figures_of_each_account_are_those_of_its_grid() -> None:
    several = group(3, 0, 40, 1)
    known = tenancy(several[0].landlord, last_name="Abadie")
    july_rent(known, YEAR - 1, 52_400)
    made.campaign()
    made.typed(several[0], known, "525")
    made.sent(several[0])
    remaining = remaining_of(several[0])
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
    rents_owed(accounts_owing(credential(several[0]), at=NOW))  # settings are read once for many pages
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
    assert remaining_of(group(2, rights=EVERY_RIGHT - {Right.DECLARE})[0]) == {}
    first, second, third, fourth = group(1, 1, 1, 1)
    second.account.state = "disabled"
    third.account.opened_at = None
    fourth.account.opened_at = NOW - timedelta(days=3_000)
    for changed in (second, third, fourth):
        changed.account.save()
    Acceptance.objects.filter(account=fourth.account).delete()
    assert set(remaining_of(first)) == {first.account.pk}
    assert [x.id for x in accounts_owing(credential(first), at=NOW)] == [first.account.pk]


def test_another_persons_accounts_are_not_read() -> None:
    mine, theirs = group(2)[0], group(3)[0]
    assert remaining_of(mine) == {mine.account.pk: 2}
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
    assert remaining_of(both.limited) == {both.limited.account.pk: 2}
    assert remaining_of(both.chief)[both.chief.account.pk] == 4


def test_before_the_campaign_nothing_remains_and_an_office_may_open_its_own_first() -> None:
    (mine,) = group(2)
    before = NOW.replace(month=6)
    assert remaining_of(mine, before) == {}
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
    assert remaining_of(mine) == {}


def test_of_hundreds_of_accounts_a_page_is_told_those_it_may_show(django_assert_num_queries: object) -> None:
    several = group(*[2] * 40)
    mine = credential(several[0])
    whole = accounts_owing(mine, at=NOW)
    with django_assert_num_queries(1):  # type: ignore[operator]
        first = owing_page(mine, Among(), size=25, at=NOW)
    assert (first.told.accounts, first.told.rents, first.chosen, first.all) == (40, 80, 80, [])
    assert first.accounts == whole[:27]
    there = whole[30].reference
    assert owing_page(mine, Among(), edge=there, size=25, at=NOW).accounts == whole[30:]
    assert owing_page(mine, Among(), edge=there, backward=True, size=25, at=NOW).accounts == whole[4:31]
    for backward in (False, True):
        assert owing_page(mine, Among(), edge="inconnu", backward=backward, size=25, at=NOW).accounts == whole[:27]


def test_every_rent_of_many_accounts_is_met_once_forwards_and_backwards() -> None:
    mine = credential(group(*[1, 2, 3] * 13)[0])
    met, edge = [], None
    while True:
        told = owing_page(mine, Among(), edge=edge.account if edge else "", size=7, at=NOW)
        page = rents_owed(told.accounts, after=edge, size=7)
        met += [row.reference for row in page.rows]
        if page.next is None:
            break
        edge = page.next
    assert len(met) == len(set(met)) == 78
    back, edge = [row.reference for row in page.rows], page.previous
    while edge:
        told = owing_page(mine, Among(), edge=edge.account, backward=True, size=7, at=NOW)
        page = rents_owed(told.accounts, before=edge, size=7)
        back, edge = [row.reference for row in page.rows] + back, page.previous
    assert back == met


def test_an_account_is_asked_for_by_reference_or_words_and_by_office() -> None:
    several = group(*[1] * 30)
    mine, other = (
        credential(several[0]),
        owner(landlord(company_name="L’Écluse", office_code="751"), credential=several[0].account.credential),
    )
    many_tenancies(other.landlord, 2)
    other.landlord.siret = "12345678912341"
    other.landlord.save()
    made.campaign()
    asked = (
        Among(account=other.account.reference),
        Among(account="ecluse"),
        Among(account="123 456 789 12341"),
        Among(account=other.account.login_id),
        Among(office="751"),
        Among(account="écluse", office="751"),
    )
    for among in asked:
        found = owing_page(mine, among, size=25, at=NOW)
        assert [x.id for x in found.accounts] == [other.account.pk], among
        assert (found.chosen, found.told.rents) == (2, 32)
    for among in (
        Among(account="zzz"),
        Among(account="%"),
        Among(account="\u2019"),
        Among("ecluse", "441"),
        Among(office="999"),
    ):
        assert owing_page(mine, among, size=25, at=NOW).accounts == [], among
    assert {code for code, _ in owing_page(mine, Among(), size=25, at=NOW).offices} == {"441", "751"}


def test_accounts_that_share_a_name_say_so_beside_each_other_only() -> None:
    first = owner(landlord(company_name="Yvan Abdallah"))
    others = [
        owner(landlord(company_name=name), credential=first.account.credential) for name in ("Yvan ABDALLAH", "Zola")
    ]
    for who in (first, *others):
        many_tenancies(who.landlord, 1)
    made.campaign()
    assert [(x.name, x.shares_name) for x in accounts_owing(credential(first), at=NOW)] == [
        ("Yvan Abdallah", True), ("Yvan ABDALLAH", True), ("Zola", False),
    ]  # fmt: skip
