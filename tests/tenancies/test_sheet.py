"""The sheet of a tenancy: whose it is, what may be told, who stands beside."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from parvis.kit.refusals import NotFound
from parvis.tenancies.models import Tenancy
from parvis.tenancies.selectors.figures import rent_and_aid
from parvis.tenancies.selectors.sheet import neighbours, tenancy_of
from tests.factories.landlords import landlord, owner
from tests.factories.tenancies import july_rent, many_tenancies, payment, tenancy

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)


def test_the_sheet_gives_what_the_landlord_may_know() -> None:
    me = owner()
    mine = tenancy(me.landlord, own_reference="Lot 12")
    july_rent(mine, 2024, 50_000)
    july_rent(mine, 2025, 51_200)
    payment(mine, date(2026, 5, 1), 11_800)
    payment(mine, date(2026, 6, 1), 11_100)
    sheet = tenancy_of(me.actor, mine.reference)
    assert (sheet.name, sheet.initials, sheet.own_reference) == ("Lina Moreau", "LM", "Lot 12")
    assert (sheet.aid_cents, sheet.aid_paid_on) == (11_100, date(2026, 7, 5))
    assert sheet.tenant_pays_cents == 41_400
    assert [(rent.year, rent.cents) for rent in sheet.july_rents] == [(2025, 51_200), (2024, 50_000)]


def test_another_s_tenancy_and_no_tenancy_are_one_refusal() -> None:
    me, theirs = owner(), tenancy(landlord())
    for reference in (theirs.reference, uuid4()):
        with pytest.raises(NotFound) as refused:
            tenancy_of(me.actor, reference)
        assert refused.value.sentence == NotFound().sentence
    with pytest.raises(NotFound):
        rent_and_aid(me.actor, theirs.pk, JULY)


def test_the_aid_paid_to_the_tenant_never_leaves_the_database() -> None:
    me = owner()
    mine = tenancy(me.landlord, direct_payment=False)
    payment(mine, date(2026, 6, 1), 11_100)
    sheet = tenancy_of(me.actor, mine.reference)
    assert (sheet.aid_cents, sheet.aid_paid_on) == (None, None)
    assert sheet.tenant_pays_cents == 52_500
    assert all(item.aid_cents is None and not item.note for item in rent_and_aid(me.actor, mine.pk, JULY))


def test_the_aid_paid_to_the_landlord_before_is_not_shown_to_the_next_one() -> None:
    me, before = owner(), landlord(company_name="Ancien bailleur")
    mine = tenancy(me.landlord)
    payment(mine, date(2026, 5, 1), 9_900, landlord=before)
    payment(mine, date(2026, 6, 1), 11_100)
    months = rent_and_aid(me.actor, mine.pk, JULY)
    assert [item.aid_cents for item in months][-3:] == [None, 11_100, None]
    Tenancy.objects.filter(pk=mine.pk).update(landlord=before)
    assert tenancy_of(owner(before).actor, mine.reference).aid_cents == 9_900


def test_neighbours_follow_the_order_of_names_inside_one_s_own_list() -> None:
    me, other = owner(), landlord()
    adam = tenancy(me.landlord, last_name="Étienne", first_name="Adam")
    lina = tenancy(me.landlord)
    tenancy(other, last_name="Leroy")
    tenancy(me.landlord, last_name="Haddad", first_name="Karim", end_on=date(2026, 3, 31))
    zoe = tenancy(me.landlord, last_name="Zola", first_name="Zoé")
    around = neighbours(me.actor, tenancy_of(me.actor, lina.reference))
    assert around.previous is not None
    assert around.next is not None
    assert (around.previous.name, around.previous.reference) == ("Adam Étienne", adam.reference)
    assert (around.next.name, around.next.reference) == ("Zoé Zola", zoe.reference)
    assert (around.position, around.total) == (2, 3)
    first = neighbours(me.actor, tenancy_of(me.actor, adam.reference))
    assert (first.previous, first.position) == (None, 1)


def test_two_tenants_of_one_name_both_have_their_place() -> None:
    me = owner()
    one, two = tenancy(me.landlord), tenancy(me.landlord)
    after_one = neighbours(me.actor, tenancy_of(me.actor, one.reference)).next
    assert after_one is not None
    assert after_one.reference == two.reference


def test_former_tenants_are_neighbours_of_former_tenants() -> None:
    me = owner()
    tenancy(me.landlord)
    gone = tenancy(me.landlord, last_name="Haddad", absent_since=date(2026, 3, 31))
    around = neighbours(me.actor, tenancy_of(me.actor, gone.reference))
    assert (around.previous, around.next, around.position, around.total) == (None, None, 1, 1)


def test_in_a_long_list_the_place_is_not_counted() -> None:
    me = owner()
    many_tenancies(me.landlord, 1001)
    mine = tenancy(me.landlord)
    around = neighbours(me.actor, tenancy_of(me.actor, mine.reference))
    assert (around.position, around.total) == (None, None)
    assert around.next is not None
