"""The list of tenants: searched in every way people write, paged by key, as cheap for many as for one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.declarations.models import CampaignEntry, EntryState
from parvis.declarations.selectors import grid_rows, tenant_list
from parvis.declarations.selectors.tenant_list import TenantFilters, TenantPage, tenant_page
from parvis.tenancies.models import Tenancy
from parvis.tenancies.rules import read_search
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.tenancies import many_tenancies, payment, tenancy

pytestmark = pytest.mark.django_db


def listed(me: Owner, *, search: str = "", year: int | None = 2026, limit: int = 25, **asked: Any) -> TenantPage:
    places = {name: asked.pop(name) for name in ("after", "before") if name in asked}
    return tenant_page(
        me.actor, filters=TenantFilters(search=read_search(search), **asked), year=year, limit=limit, **places
    )


def names(page: TenantPage) -> list[str]:
    return [f"{row.first_name} {row.last_name}" for row in page.rows]


def entry(of: Tenancy, state: str, year: int = 2026) -> CampaignEntry:
    return CampaignEntry.objects.create(
        year=year, tenancy=of, landlord=of.landlord, state=state, sort_name=of.sort_name
    )


COMPOUND = ("D’Almeida", "D'Almeida", "De La Tour", "Le-Goff")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("dalmeida", {"D’Almeida", "D'Almeida"}),
        ("d almeida", {"D’Almeida", "D'Almeida", "Dalmeida"}),
        ("D'ALMEIDA", {"D’Almeida", "D'Almeida", "Dalmeida"}),
        ("delatour", {"De La Tour"}),
        ("de latour", {"De La Tour"}),
        ("de la tour", {"De La Tour"}),
        ("legoff lina", {"Le-Goff"}),
        ("legof", {"Le-Goff"}),
        ("dal", {"D’Almeida", "D'Almeida", "Dalmeida"}),
    ],
)
def test_a_name_of_several_words_is_found_written_in_one(written: str, found: set[str]) -> None:
    me = owner()
    for name in (*COMPOUND, "Dalmeida", "Moreau"):
        CampaignEntry.objects.create(
            year=2026,
            tenancy=(of := tenancy(me.landlord, last_name=name)),
            landlord=me.landlord,
            sort_name=of.sort_name,
        )
    tenancy(landlord(), last_name="D’Almeida")
    expected = found | ({"Dalmeida"} if written == "dalmeida" else set())
    shown = [row.last_name for row in listed(me, search=written).rows]
    assert sorted(shown) == sorted(expected), "each once"
    assert {row.last_name for row in grid_rows(me.actor, 2026, search=read_search(written)).rows} == expected


def pay_everybody() -> None:
    """An aid of June for each, paid to its landlord; for all of them, so that every list holds them."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tenancies_tenancy SET direct_payment = true")
        cursor.execute(
            "INSERT INTO tenancies_payment (payment_ref, tenancy_id, landlord_id, month, kind, amount_cents, paid_on,"
            " transfer_ref, reason_code) SELECT 'X' || id, id, landlord_id, '2026-06-01', 'aid', 10000 + id % 70,"
            " '2026-07-05', 'V', '' FROM tenancies_tenancy"
        )


def test_the_list_is_mine_alone_and_in_the_order_of_names() -> None:
    me = owner()
    tenancy(me.landlord, last_name="Zola", first_name="Zoé")
    tenancy(me.landlord, last_name="Étienne", first_name="Adam")
    tenancy(landlord(), last_name="Autre")
    tenancy(me.landlord, last_name="Parti", end_on=date(2026, 3, 31))
    assert names(listed(me)) == ["Adam Étienne", "Zoé Zola"]
    assert names(listed(me, former=True)) == ["Lina Parti"]


def test_aid_is_shown_where_the_landlord_is_paid_and_nowhere_else() -> None:
    me = owner()
    for name, direct in (("A", True), ("B", False)):
        payment(tenancy(me.landlord, last_name=name, direct_payment=direct), date(2026, 6, 1), 11_100)
    assert [row.aid_cents for row in listed(me).rows] == [11_100, None]


@pytest.mark.parametrize(
    "written",
    ["moreau", "MORE", "moreau lina", "Lina Moreau", "lina mor", "Mme Moreau", "m. moreau", "1593739", "1 593 739",
     "1593", "7654321", "lot 12", "LOT-12"],
)  # fmt: skip
def test_a_tenant_is_found_however_it_is_written(written: str) -> None:
    me = owner()
    tenancy(me.landlord, claimant_number="1593739", former_claimant_number="7654321", own_reference="Lot-12 b")
    tenancy(me.landlord, last_name="Martin", first_name="Lucie")
    tenancy(landlord())
    assert names(listed(me, search=written)) == ["Lina Moreau"]


@pytest.mark.parametrize("written", ["port", "Rue du Port", "couëron", "lina", "44220", "port 1 593 739", "bâtiment"])
def test_everywhere_looks_into_addresses_and_first_names(written: str) -> None:
    me = owner()
    tenancy(me.landlord, address_1="8 rue du Port", address_2="BATIMENT C", claimant_number="1593739")
    tenancy(me.landlord, last_name="Martin", first_name="Luc", address_1="3 quai Nord", postcode="35000", city="RENNES")
    expected = ["Lina Moreau"] if written != "port 1 593 739" else []
    assert names(listed(me, search=written, everywhere=True)) == expected


def test_a_tenant_found_twice_is_shown_once() -> None:
    me = owner()
    tenancy(me.landlord, last_name="Martin", first_name="Martin", own_reference="martin martin")
    assert names(listed(me, search="martin martin")) == ["Martin Martin"]


@pytest.mark.parametrize("written", ["%", "_", "\\", "more_u", "m%", "'; DROP TABLE x; --"])
def test_signs_of_the_database_are_plain_text(written: str) -> None:
    me = owner()
    tenancy(me.landlord)
    for everywhere in (False, True):
        assert listed(me, search=written, everywhere=everywhere).rows == []


def test_the_list_of_what_is_to_declare() -> None:
    me = owner()
    for name, state in (("A", "to_declare"), ("B", "drafted"), ("C", "submitted"), ("D", "out"), ("E", "rejected")):
        entry(tenancy(me.landlord, last_name=name, direct_payment=name != "B"), state)
    entry(tenancy(me.landlord, last_name="F"), EntryState.TO_DECLARE, year=2025)
    assert [row.last_name for row in listed(me, july="open").rows] == ["A", "B", "E"]
    assert [row.last_name for row in listed(me, july="open", paid_to="landlord").rows] == ["A", "E"]
    assert [row.last_name for row in listed(me, july="open", search="e").rows] == ["E"]
    assert listed(me, july="open", year=None).rows == []
    states = {row.last_name: row.state_label for row in listed(me).rows}
    assert states == {"A": "À saisir", "B": "Saisi", "C": "Transmis", "D": "", "E": "Refusé", "F": ""}


@pytest.mark.parametrize(
    "asked", [
        {}, {"search": "nom"}, {"search": "lilas", "everywhere": True}, {"july": "open"}, {"july": "to_type"},
        {"order": "building"}, {"order": "to_declare"}, {"order": "aid"},
    ],
)  # fmt: skip
def test_pages_follow_one_another_there_and_back(asked: dict[str, Any]) -> None:
    me = owner()
    many_tenancies(me.landlord, 60)
    for each in Tenancy.objects.filter(landlord=me.landlord):
        entry(each, "to_declare")
    pay_everybody()
    forward, cursor, pages = [], None, []
    while True:
        page = listed(me, after=cursor, **asked)
        forward += [row.reference for row in page.rows]
        pages.append(page)
        if page.next is None:
            break
        cursor = page.next
    assert len(forward) == len(set(forward)) == 60
    assert pages[0].previous is None
    back = listed(me, before=pages[-1].previous, **asked)
    assert [row.reference for row in back.rows] == [row.reference for row in pages[-2].rows]
    first = listed(me, before=back.previous, **asked)
    assert first.previous is None
    assert [row.reference for row in first.rows] == forward[:25]
    assert first.next == pages[0].next


def test_a_newcomer_neither_repeats_nor_hides_anyone() -> None:
    me = owner()
    many_tenancies(me.landlord, 40)
    first = listed(me)
    tenancy(me.landlord, last_name="AAA")
    second = listed(me, after=first.next)
    shown = [row.reference for row in first.rows + second.rows]
    assert len(shown) == len(set(shown)) == 40
    again = listed(me, before=second.previous)
    assert [row.reference for row in again.rows] == [row.reference for row in first.rows]


def test_another_s_cursor_opens_nothing() -> None:
    me, theirs = owner(), tenancy(landlord(), last_name="A")
    tenancy(me.landlord)
    assert listed(me, after=theirs.reference).rows == []


def test_reading_everywhere_stops_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenant_list, "READ_AT_MOST", 10)
    monkeypatch.setattr(tenant_list, "MOST_PARTS", 1)
    me = owner()
    many_tenancies(me.landlord, 25)
    tenancy(me.landlord, last_name="Zola", address_1="8 rue du Port")
    page, read = listed(me, search="port", everywhere=True), 0
    while not page.rows and page.next is not None:
        page, read = listed(me, search="port", everywhere=True, after=page.next), read + 1
    assert (names(page), page.next, read) == (["Lina Zola"], None, 2)


def test_one_statement_whatever_is_asked() -> None:
    me = owner()
    many_tenancies(me.landlord, 30)
    for asked in ({}, {"search": "nom"}, {"search": "lilas", "everywhere": True}, {"july": "open"}):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            listed(me, **asked)
        assert len(queries) == 1


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({}, "tenancy_current_list"),
        ({"paid_to": "landlord"}, "tenancy_current_list"),
        ({"former": True}, "tenancy_former_list"),
        ({"search": "nom0040"}, "tenancy_current_list"),
        ({"search": "lilas", "everywhere": True}, "tenancy_current_list"),
        ({"search": "3000001"}, "tenancy_by_claimant"),
        ({"july": "open"}, "campaign_entry_by_state_group"),
        ({"july": "to_type"}, "campaign_entry_by_state_group"),
        ({"order": "to_declare"}, "campaign_entry_by_state_group"),
        ({"order": "building"}, "tenancy_by_building"),
        ({"order": "aid"}, "payment_by_aid"),
        ({"situation": "aid_stopped"}, "tenancy_current_list"),
        ({"situation": "arrears"}, "declaration_by_kind"),
        ({"situation": "leaving", "order": "building", "july": "open"}, "declaration_by_kind"),
        ({"variation": "any"}, "tenancy_current_list"),
        ({"variation": "more", "order": "building"}, "tenancy_by_building"),
        ({"variation": "less", "search": "nom"}, "tenancy_current_list"),
    ],
)
def test_no_list_reads_the_whole_table(asked: dict[str, Any], index: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenant_list, "READ_AT_MOST", 100)  # as a fraction of the portfolio, what it is in a large one
    me = owner()
    many_tenancies(me.landlord, 3000)
    many_tenancies(landlord(), 3000, name="Autre")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO declarations_campaignentry (year, tenancy_id, landlord_id, state, sort_name)"
            " SELECT 2026, id, landlord_id, 'to_declare', sort_name FROM tenancies_tenancy"
        )
        pay_everybody()
        cursor.execute("UPDATE tenancies_tenancy SET end_on = '2026-01-01' WHERE id %% 10 = 0", [])
        cursor.execute("ANALYZE tenancies_tenancy, tenancies_payment, declarations_campaignentry")
        # As nobody has counted it: where a test before left it counted as empty, reading all of nothing would cost least.
        cursor.execute(
            "UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE oid = 'declarations_declaration'::regclass"
        )
        everywhere: list[dict[str, Any]] = [
            {},
            {"after": Tenancy.objects.filter(landlord=me.landlord).latest("id").reference},
        ]
        for places in everywhere:
            with CaptureQueriesContext(connection) as queries:
                listed(me, **asked, **places)
            cursor.execute("EXPLAIN " + queries[-1]["sql"])
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert f"using {index}" in plan or f"on {index}" in plan, plan
            assert "Seq Scan on tenancies_tenancy" not in plan, plan
            assert "Seq Scan on declarations_campaignentry" not in plan, plan
