"""Rights limited to some offices: only their July rents are shown, counted and proved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.declarations.selectors import campaign_card, grid_rows, ready_to_submit, receipt_of, receipts_of
from parvis.declarations.selectors.entries import FILTERS
from parvis.declarations.selectors.tenant_declared import declared_of
from parvis.declarations.selectors.tenant_list import TenantFilters, tenant_page
from parvis.kit.refusals import NotFound
from parvis.tenancies.rules import read_search
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR
from tests.factories.two_offices import HERE, send, two_offices, type_everything

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", sorted(FILTERS))
@pytest.mark.parametrize("search", ["", "Benali", "Abadie", "2"])
@pytest.mark.parametrize("everywhere", [False, True])
def test_no_list_of_rents_holds_one_of_another_office(state: str, search: str, everywhere: bool) -> None:
    world = two_offices()
    made.typed(world.chief, world.there[0], "525")
    found = read_search(search)
    shown = grid_rows(world.actor, YEAR, state=state, search=found, everywhere=everywhere and found is not None)
    assert {row.caf_code for row in shown.rows} <= {HERE}
    if not state and not search:
        assert [row.tenancy_id for row in shown.rows] == [of.pk for of in world.here[:2]]


@pytest.mark.parametrize("former", [False, True])
@pytest.mark.parametrize("to_declare", [False, True])
@pytest.mark.parametrize("direct_payment", [False, True])
@pytest.mark.parametrize(("search", "everywhere"), [("", False), ("Benali", False), ("paris", True), ("2", False)])
def test_no_list_of_tenants_holds_one_of_another_office(
    former: bool, to_declare: bool, direct_payment: bool, search: str, everywhere: bool
) -> None:
    world = two_offices()
    filters = TenantFilters(
        search=read_search(search),
        everywhere=everywhere,
        july="open" if to_declare else "",
        paid_to="landlord" if direct_payment else "",
        former=former,
    )
    shown = tenant_page(world.actor, filters=filters, year=YEAR)
    assert {row.reference for row in shown.rows} <= {of.reference for of in world.here}
    if not search:
        expected = 1 if former else 2
        assert len(shown.rows) == (0 if former and to_declare else expected)


def test_pages_of_the_lists_follow_one_another_within_the_offices() -> None:
    world = two_offices()
    first = grid_rows(world.actor, YEAR, limit=1)
    second = grid_rows(world.actor, YEAR, limit=1, after=first.next)
    assert [row.tenancy_id for row in (*first.rows, *second.rows)] == [of.pk for of in world.here[:2]]
    assert second.next is None
    assert grid_rows(world.actor, YEAR, limit=1, before=second.previous).rows == first.rows
    page = tenant_page(world.actor, filters=TenantFilters(), year=YEAR, limit=1)
    after = tenant_page(world.actor, filters=TenantFilters(), year=YEAR, limit=1, after=page.next)
    assert [row.reference for row in (*page.rows, *after.rows)] == [of.reference for of in world.here[:2]]
    assert after.next is None


def test_a_tenancy_of_another_office_is_no_place_to_go_on_from() -> None:
    world = two_offices()
    stranger = world.there[0].reference
    assert grid_rows(world.actor, YEAR, after=stranger).rows == []
    for filters in (TenantFilters(), TenantFilters(july="open")):
        assert tenant_page(world.actor, filters=filters, year=YEAR, after=stranger).rows == []


def test_the_campaign_counts_the_offices_seen_only() -> None:
    world = two_offices()
    made.typed(world.chief, world.there[0], "525")
    made.typed(world.chief, world.here[0], "525")
    whole, limited = campaign_card(world.chief.actor, at=NOW), campaign_card(world.actor, at=NOW)
    nowhere = campaign_card(replace(world.actor, offices=frozenset({"999"})), at=NOW)
    assert whole is not None
    assert limited is not None
    assert nowhere is not None
    assert (whole.to_declare, whole.drafted, whole.total) == (2, 2, 4)
    assert (limited.to_declare, limited.drafted, limited.total) == (1, 1, 2)
    assert nowhere.total == 0


def test_receipts_are_those_whose_rents_are_all_of_the_offices() -> None:
    world = two_offices()
    type_everything(world)
    here, there = send(world.chief.actor)
    assert [line.number for line in receipts_of(world.actor)] == [here.number]
    assert receipts_of(world.actor, after=there.number) == []
    assert {line.number for line in receipts_of(world.chief.actor)} == {here.number, there.number}
    assert receipt_of(world.actor, here.number).number == here.number
    with pytest.raises(NotFound):
        receipt_of(world.actor, there.number)


def test_what_was_declared_elsewhere_is_not_told() -> None:
    world = two_offices()
    type_everything(world)
    send(world.chief.actor)
    told = declared_of(world.actor, world.there[0].pk, year=YEAR)
    assert (told.state, told.lines) == (None, ())
    assert len(declared_of(world.actor, world.here[0].pk, year=YEAR).lines) == 1


def test_those_who_see_everything_ask_nothing_more() -> None:
    world = two_offices()
    grid_rows(world.chief.actor, YEAR)  # settings are read once for many pages
    with CaptureQueriesContext(
        connection,
    ) as asked:
        campaign_card(world.chief.actor, at=NOW)
        grid_rows(world.chief.actor, YEAR)
        tenant_page(world.chief.actor, filters=TenantFilters(), year=YEAR)
        receipts_of(world.chief.actor)
        ready_to_submit(world.chief.actor, YEAR)
    assert len(asked) == 6
    assert not [query["sql"] for query in asked if "office" in query["sql"] and "ANY(" in query["sql"]]
