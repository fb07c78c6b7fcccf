"""The grid of July rents of a landlord with four tenants, and somebody who sits before it."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from parvis.tenancies.models import Tenancy
from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.person import Person
from tests.factories import declarations
from tests.factories.landlords import Owner
from tests.factories.tenancies import july_rent, tenancy

Four = tuple[Owner, list[Tenancy]]


@pytest.fixture
def four(watch: Watch, folders: Settings) -> Four:
    """Four rents to declare; the July before of the second is not known."""
    watch.set_to(office.MORNING)
    me = steps.regular()
    made = [tenancy(me.landlord, last_name=name) for name in ("Arnaud", "Bertin", "Colin", "Duval")]
    for of in (made[0], *made[2:]):
        july_rent(of, declarations.YEAR - 1, 52_400)
    declarations.campaign()
    return me, made


@pytest.fixture
def person(someone: OpensABrowser, four: Four, watch: Watch) -> Person:
    """The landlord, signed in, at the grid."""
    me, _ = four
    person = someone()
    steps.signs_in(person, watch, me)
    person.goes(grid_of(me))
    return person


def grid_of(me: Owner) -> str:
    """Where the grid of an account is."""
    return f"/c/{me.account.reference}/bailleur/loyers/"


def rents() -> dict[str, int | None]:
    """What is kept, by the tenant's name."""
    return {draft.tenancy.last_name: draft.cents for draft in declarations.drafts_of()}
