"""Filters and orders of the list of tenants: July, payment, situation, building, office."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.selectors import tenant_list
from parvis.declarations.selectors.tenant_lists import july, orders
from parvis.kit.actors import Right
from parvis.tenancies.models import Tenancy
from tests.declarations.lists.test_tenant_list import entry, listed
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.tenancies import payment, tenancy

pytestmark = pytest.mark.django_db


def declared(me: Owner, of: Tenancy, kind: str) -> None:
    """A declaration with the office, with as little as the table takes."""
    receipt = Receipt.objects.create(
        number=f"AR-{of.pk}", landlord=me.landlord, office_id=of.caf_code, account_id=me.account.pk, person="A B",
        submission_key=uuid4(), at=timezone.now(), count=1, content_hash=b"x" * 32,
    )  # fmt: skip
    Declaration.objects.create(
        reference=f"D-{of.pk}", kind=kind, tenancy=of, landlord=me.landlord, account_id=me.account.pk, state="sent",
        receipt=receipt, saved_at=timezone.now(), submitted_at=timezone.now(),
    )  # fmt: skip


def last_names(me: Owner, **asked: Any) -> list[str]:
    return [row.last_name for row in listed(me, **asked).rows]


def test_each_state_of_july_is_a_filter_and_less_to_do_comes_later() -> None:
    me = owner()
    for name, state in (
        ("A", "integrated"),
        ("B", "submitted"),
        ("C", "drafted"),
        ("D", "rejected"),
        ("E", "to_declare"),
    ):
        entry(tenancy(me.landlord, last_name=name), state)
    tenancy(me.landlord, last_name="F")
    entry(tenancy(me.landlord, last_name="G"), "to_confirm")
    entry(tenancy(me.landlord, last_name="H"), "to_correct")
    found = {asked: last_names(me, july=asked) for asked in july.STATES}
    assert found == {
        "to_type": ["E"], "suspended": [], "to_correct": ["D", "H"], "rejected": ["D"], "typed": ["C", "G"],
        "to_confirm": ["G"], "submitted": ["B"], "integrated": ["A"], "open": ["C", "D", "E", "G", "H"],
    }  # fmt: skip
    assert last_names(me, order="to_declare") == ["C", "E", "G", "D", "H", "B", "A"]
    assert last_names(me, order="building", july="rejected") == ["D"]
    assert last_names(me, july="suspended", suspended=("441",)) == ["E"]
    assert last_names(me, july="suspended", suspended=("442",)) == []
    assert sorted(last_names(me, order="building", july="typed")) == ["C", "G"]


def test_a_building_is_one_street_address_whatever_the_case() -> None:
    me = owner()
    one = tenancy(me.landlord, last_name="B", address_1="8 rue du Port", address_2="Lot 1")
    tenancy(me.landlord, last_name="A", address_1="8 RUE DU PORT", address_2="Lot 2")
    tenancy(me.landlord, last_name="C", address_1="2 rue du Port")
    stranger = tenancy(landlord(), address_1="8 rue du Port")
    assert last_names(me, building=one.reference) == ["A", "B"]
    assert last_names(me, building=stranger.reference) == []
    assert last_names(me, order="building") == ["C", "A", "B"]
    assert tenant_list.building_of(me.actor, one.reference) == "8 rue du Port, 44220 COUERON"
    assert tenant_list.building_of(me.actor, stranger.reference) == ""


def test_the_order_by_aid_is_that_of_the_latest_month_paid_to_the_landlord() -> None:
    me = owner()
    for name, cents in (("A", 11_100), ("B", 25_000), ("C", 11_100)):
        payment(tenancy(me.landlord, last_name=name), date(2026, 6, 1), cents)
    payment(tenancy(me.landlord, last_name="D"), date(2026, 5, 1), 90_000)
    payment(tenancy(me.landlord, last_name="E", direct_payment=False), date(2026, 6, 1), 90_000)
    assert tenant_list.latest_aid_month(me.actor) == date(2026, 6, 1)
    forward = listed(me, order="aid", limit=2)
    assert [row.last_name for row in forward.rows] == ["B", "C"]
    last = listed(me, order="aid", limit=2, after=forward.next)
    assert ([row.last_name for row in last.rows], last.next) == (["A"], None)
    assert [row.last_name for row in listed(me, order="aid", limit=2, before=last.previous).rows] == ["B", "C"]


def test_two_lines_of_aid_for_one_month_show_one_tenant() -> None:
    me = owner()
    mine = tenancy(me.landlord)
    payment(mine, date(2026, 6, 1), 11_100)
    payment(mine, date(2026, 6, 1), 12_000)
    assert last_names(me, order="aid") == ["Moreau"]


def test_situations_are_what_was_told_of_the_tenancy() -> None:
    me = owner()
    of = {name: tenancy(me.landlord, last_name=name) for name in "ABCD"}
    declared(me, of["A"], "move_out")
    declared(me, of["B"], "arrears")
    for name, month in (("A", 6), ("B", 6), ("C", 3), ("D", 5)):
        payment(of[name], date(2026, month, 1), 10_000)
    tenancy(me.landlord, last_name="E", direct_payment=False)
    found = {situation: last_names(me, situation=situation) for situation in ("leaving", "arrears", "aid_stopped")}
    assert found == {"leaving": ["A"], "arrears": ["B"], "aid_stopped": ["C"]}
    assert last_names(me, situation="arrears", search="b") == ["B"]


def test_declared_situations_are_pages_like_any_other() -> None:
    me = owner()
    for name in "ABC":
        declared(me, tenancy(me.landlord, last_name=name), "arrears")
    tenancy(me.landlord, last_name="D")
    first = listed(me, situation="arrears", limit=2)
    assert [row.last_name for row in first.rows] == ["A", "B"]
    second = listed(me, situation="arrears", limit=2, after=first.next)
    assert ([row.last_name for row in second.rows], second.next) == (["C"], None)
    declared(me, Tenancy.objects.get(last_name="D"), "move_out")
    Declaration.objects.filter(kind="move_out").update(state="rejected")
    assert last_names(me, situation="leaving") == []


def paid_twice(me: Owner, name: str, before: int, now: int, **fields: Any) -> Tenancy:
    """Paid in May and in June; 0 is no line."""
    made = tenancy(me.landlord, last_name=name, **fields)
    for month, cents in ((5, before), (6, now)):
        if cents:
            payment(made, date(2026, month, 1), cents)
    return made


def test_an_aid_that_changed_is_a_filter_and_what_is_not_paid_to_the_landlord_is_none() -> None:
    me = owner()
    for name, before, now in (("Alba", 10_000, 10_000), ("B", 10_000, 12_000), ("C", 10_000, 9_000), ("D", 0, 9_000)):
        paid_twice(me, name, before, now)
    paid_twice(me, "E", 9_000, 0)
    split = paid_twice(me, "F", 10_000, 4_000)
    payment(split, date(2026, 6, 1), 6_000)
    payment(tenancy(landlord(), last_name="G"), date(2026, 6, 1), 10_000)
    found = {variation: last_names(me, variation=variation) for variation in orders.VARIATIONS}
    assert found == {"any": ["B", "C", "D", "E"], "more": ["B"], "less": ["C"], "new": ["D", "E"]}
    assert last_names(me, variation="any", search="alba") == []
    assert last_names(me, variation="any", situation="arrears") == []
    assert last_names(me, variation="any", order="building", paid_to="landlord") == ["B", "C", "D", "E"]


def test_whose_aid_grew_is_told_to_nobody_who_may_not_see_payments() -> None:
    me = owner(rights=frozenset(Right) - {Right.PAYMENTS})
    paid_twice(me, "A", 10_000, 10_000)
    paid_twice(me, "B", 10_000, 12_000)
    assert last_names(me, variation="more") == ["A", "B"]


def test_paid_to_the_tenant_and_one_office() -> None:
    me = owner()
    tenancy(me.landlord, last_name="A")
    tenancy(me.landlord, last_name="B", direct_payment=False)
    code = Tenancy.objects.filter(landlord=me.landlord).first()
    assert code is not None
    assert last_names(me, paid_to="tenant") == ["B"]
    assert last_names(me, office=code.caf_code) == ["A", "B"]
    assert last_names(me, office="999") == []


def test_what_is_rare_is_looked_for_further_before_a_page_says_it_found_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tenant_list, "READ_AT_MOST", 5)
    me = owner()
    for number in range(30):
        paid_twice(me, f"N{number:02d}", 10_000, 10_000)
    paid_twice(me, "Z", 10_000, 12_000)
    monkeypatch.setattr(tenant_list, "MOST_PARTS", 3)
    first = listed(me, variation="more")
    assert (first.rows, first.previous) == ([], None), "fifteen rows were read, no more"
    assert [row.last_name for row in listed(me, variation="more", after=first.next).rows] == []
    monkeypatch.setattr(tenant_list, "MOST_PARTS", 7)
    found = listed(me, variation="more")
    assert [row.last_name for row in found.rows] == ["Z"]
    assert (found.previous, found.next) == (None, None)
