"""A rent leaves as it was meant when it was typed, whatever becomes known of its lease before it is sent."""

from __future__ import annotations

import pytest

from parvis.declarations.models import Declaration
from parvis.declarations.selectors import ready_to_submit
from parvis.declarations.services import july
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db


def rented(holders: int) -> tuple[Owner, Tenancy]:
    me = owner()
    of = tenancy(me.landlord, lease_holders=holders)
    july_rent(of, YEAR - 1, 52_400)
    made.campaign()
    row = made.typed(me, of, "525").row
    for warning in row.assessment.pending:
        july.confirm(me.actor, of.reference, year=YEAR, code=warning.code, cents=row.rent_cents or 0, at=NOW)
    assert made.state_of(of) == "drafted"
    return me, of


@pytest.mark.parametrize(("typed", "delivered", "stated"), [(1, 2, "whole"), (2, 1, "share"), (1, 1, "whole")])
def test_the_whole_stays_the_whole_and_a_share_a_share(typed: int, delivered: int, stated: str) -> None:
    me, of = rented(typed)
    Tenancy.objects.filter(pk=of.pk).update(lease_holders=delivered, furnished=not of.furnished)
    made.campaign()
    assert ready_to_submit(me.actor, YEAR).count == 1
    made.sent(me)
    said = Declaration.objects.get(tenancy=of).details
    assert (said["amount_is"], said["lease_holders"], said["furnished"]) == (stated, typed, of.furnished)
    assert made.counts_are_true()


def test_typed_again_it_is_judged_by_what_is_known_now() -> None:
    me, of = rented(1)
    Tenancy.objects.filter(pk=of.pk).update(lease_holders=2)
    assert [warning.code for warning in made.typed(me, of, "526").row.assessment.pending] == ["share_or_whole"]
    assert made.state_of(of) == "to_confirm"
