"""Filters and orders of the list of tenants: July, payment, situation, building, office."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.selectors import tenant_list, tenant_query
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
    found = {group: last_names(me, july=group) for group in tenant_query.JULY_GROUPS}
    assert found == {"to_type": ["E"], "to_correct": ["D"], "typed": ["C"], "submitted": ["B"], "integrated": ["A"]}
    assert last_names(me, order="to_declare") == ["E", "D", "C", "B", "A"]
    assert last_names(me, order="building", july="typed") == ["C"]


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
    found = {situation: last_names(me, situation=situation) for situation in tenant_query.SITUATIONS}
    assert found == {"leaving": ["A"], "arrears": ["B"], "aid_stopped": ["C"]}
    assert last_names(me, situation="arrears", search="b") == ["B"]


def test_paid_to_the_tenant_and_one_office() -> None:
    me = owner()
    tenancy(me.landlord, last_name="A")
    tenancy(me.landlord, last_name="B", direct_payment=False)
    code = Tenancy.objects.filter(landlord=me.landlord).first()
    assert code is not None
    assert last_names(me, paid_to="tenant") == ["B"]
    assert last_names(me, office=code.caf_code) == ["A", "B"]
    assert last_names(me, office="999") == []
