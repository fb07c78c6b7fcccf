"""What landlords call about once they are in: a July rent that does not go through, tenants that are not in the list."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from parvis.declarations.models import Declaration
from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.desk import Desk
from tests.browser.person import Person
from tests.factories import declarations
from tests.factories.landlords import Owner, landlord, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ANSWER = 5
"""Clicks from the search to the answer, which stands among the tenants."""


@pytest.fixture
def me(watch: Watch, folders: Settings) -> Owner:
    """A landlord with two tenants; last July's rent of the second is not known."""
    watch.set_to(office.MORNING)
    me = steps.regular()
    july_rent(tenancy(me.landlord, last_name="Arnaud"), declarations.YEAR - 1, 52_400)
    tenancy(me.landlord, last_name="Bertin")
    declarations.campaign()
    return me


@pytest.fixture
def agent(someone: OpensABrowser, watch: Watch, me: Owner) -> Desk:
    """The one who answers the telephone."""
    return Desk(someone(width=320, theme="dark", script=False), watch)


@pytest.fixture
def caller(someone: OpensABrowser, watch: Watch, me: Owner) -> Person:
    """The one who calls, signed in. Their pages are looked at in other stories."""
    person = someone(hurries=True)
    steps.signs_in(person, watch, me)
    return person


def _goes_to_the_rents(caller: Person, me: Owner) -> None:
    caller.goes(f"/c/{me.account.reference}/bailleur/loyers/")


def _types(caller: Person, year: int, tenant: str, amount: str) -> None:
    caller.types(f"Loyer hors charges de juillet {year}, Lina {tenant}", amount)
    caller.page.keyboard.press("Tab")


def _sends(caller: Person) -> None:
    caller.presses("Vérifier et transmettre")
    caller.presses("Transmettre à")
    caller.arrives("/accuses/*/")


def _sent() -> dict[str, int]:
    """What left, by the tenant's name and the year."""
    sent = Declaration.objects.filter(kind__in=["july_rent", "previous_july_rent"]).exclude(state="draft")
    return {f"{one.tenancy.last_name} {one.year}": one.details["rent_cents"] for one in sent.select_related("tenancy")}


def test_9_the_july_rent_cannot_be_entered(agent: Desk, caller: Person, me: Owner) -> None:
    """The July before is not known: both amounts are typed on one line, where a paper was asked for once."""
    agent.finds("alliance")
    agent.follows("Chercher un locataire")
    agent.reads("Juillet 2025 inconnu : les deux montants se tapent sur la même ligne", clicks=ANSWER)
    assert agent.person.words.count("inconnu :") == 1
    _goes_to_the_rents(caller, me)
    _types(caller, 2025, "Bertin", "515")
    _types(caller, 2026, "Bertin", "520")
    caller.page.locator("tbody", has_text="Bertin").get_by_text("Saisi", exact=True).wait_for()
    _sends(caller)
    assert _sent() == {"Bertin 2026": 52_000, "Bertin 2025": 51_500}


def test_10_the_amount_is_not_accepted(agent: Desk, caller: Person, me: Owner) -> None:
    """The agent reads what was typed and what the page said of it; the landlord types what they are told, and sends."""
    _goes_to_the_rents(caller, me)
    _types(caller, 2026, "Arnaud", "5.25.00 euros")
    caller.page.locator("tbody", has_text="Arnaud").get_by_text("À corriger", exact=True).wait_for()
    agent.finds(me.account.login_id)
    agent.follows("Chercher un locataire")
    agent.reads("À corriger", "Tapé : « 5.25.00 euros ».", clicks=ANSWER)
    _types(caller, 2026, "Arnaud", "525.00 euros")
    caller.page.locator("tbody", has_text="Arnaud").get_by_text("Saisi", exact=True).wait_for()
    _sends(caller)
    assert _sent() == {"Arnaud 2026": 52_500}


def test_11_some_tenants_are_in_another_account(agent: Desk, caller: Person, me: Owner) -> None:
    """Two portfolios under one mailbox: no need to sign out, the other is one click on the account's name away."""
    other = owner(landlord(company_name="Habitat du Rivage"), credential=me.account.credential)
    tenancy(other.landlord, last_name="Colin")
    agent.finds(steps.mailbox(me), name="Alliance")
    agent.reads("Rapproché de 1 autre compte", clicks=ANSWER - 1)
    caller.goes(f"/c/{me.account.reference}/bailleur/locataires/")
    assert "Colin" not in caller.words
    caller.follows("Changer de compte", within="header")
    caller.follows("Habitat du Rivage")
    caller.reads("Vous travaillez maintenant sur Habitat du Rivage")
    caller.goes(f"/c/{other.account.reference}/bailleur/locataires/")
    assert "Colin" in caller.words
