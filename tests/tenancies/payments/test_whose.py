"""Payments are shown to the landlord they were made to, within the offices and rights of each account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from parvis.kit.actors import Actor, Right
from parvis.kit.refusals import NotAllowed, NotFound
from parvis.tenancies.models import Tenancy, Transfer
from parvis.tenancies.selectors import payments as limits
from parvis.tenancies.selectors.payments import coming, finding, recoveries, statement, tenant, transfers, yearly
from tests.factories.landlords import Owner, owner
from tests.tenancies.payments.conftest import TODAY, seen

pytestmark = pytest.mark.django_db


def _everything(actor: Actor, transfer: Transfer, flat: Tenancy) -> Iterator[object]:
    yield transfers.transfers_page(actor, 2026).lines
    yield coming.next_payments(actor, today=TODAY)
    yield transfers.years_of(actor, today=TODAY)
    yield recoveries.recoveries_page(actor).lines
    yield finding.transfers_found(actor, cents=transfer.total_cents)
    for question in (
        lambda: statement.statement_of(actor, transfer.reference),
        lambda: yearly.year_of(actor, 2026, today=date(2026, 12, 31)),
        lambda: tenant.payments_of_tenant(actor, flat.reference, year=None, today=TODAY),
    ):
        try:
            yield [question()]
        except NotFound:
            yield []


def test_nobody_else_finds_anything(me: Owner, two_months: dict[str, Tenancy]) -> None:
    transfer = Transfer.objects.get(paid_on=date(2026, 8, 5))
    assert all(_everything(seen(me), transfer, two_months["stays"]))
    assert not any(_everything(seen(owner()), transfer, two_months["stays"]))


def test_offices_limit_what_is_seen(me: Owner, two_months: dict[str, Tenancy]) -> None:
    transfer = Transfer.objects.get(paid_on=date(2026, 8, 5))
    elsewhere = seen(me, offices=frozenset({"999"}))
    assert not any(_everything(elsewhere, transfer, two_months["stays"]))


def test_payments_to_a_former_landlord_stay_theirs(me: Owner, two_months: dict[str, Tenancy]) -> None:
    buyer = owner()
    Tenancy.objects.filter(pk=two_months["stays"].pk).update(landlord=buyer.landlord)
    transfer = Transfer.objects.get(paid_on=date(2026, 8, 5))
    found = statement.lines_page(seen(me), statement.statement_of(seen(me), transfer.reference)).lines
    assert [line.is_here for line in found if line.name == "Lina Stays"] == [False, False]
    assert tenant.payments_of_tenant(seen(buyer), two_months["stays"].reference, year=None, today=TODAY).years == ()


def test_payments_need_their_right(me: Owner) -> None:
    nobody = seen(me, right=Right.CONSULT)
    with pytest.raises(NotAllowed):
        limits.demand(nobody)
    with pytest.raises(NotAllowed):
        transfers.transfers_page(nobody, 2026)
