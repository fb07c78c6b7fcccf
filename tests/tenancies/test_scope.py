"""Rights limited to some offices: the tenancies of another office are neither seen nor counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.kit.refusals import NotFound
from parvis.landlords.models import Membership
from parvis.landlords.selectors.standing import standing_of
from parvis.tenancies.models import PortfolioOfficeCount
from parvis.tenancies.selectors.figures import rent_and_aid
from parvis.tenancies.selectors.portfolio import portfolio_of, transfers_of
from parvis.tenancies.selectors.sheet import neighbours, tenancy_of
from parvis.tenancies.services import counts, feeds_absences
from parvis.web.frame import cookies
from tests.factories.tenancies import payment
from tests.factories.two_offices import HERE, THERE, two_offices

TODAY = date(2026, 12, 31)
pytestmark = pytest.mark.django_db
AUGUST = date(2026, 8, 1)


def test_an_account_acts_within_the_offices_it_is_limited_to() -> None:
    world = two_offices()
    at = datetime.now(UTC)
    limited = standing_of(
        world.limited.browser().cookies[cookies.SESSION].value, world.limited.account.reference, at=at
    )
    chief = standing_of(world.chief.browser().cookies[cookies.SESSION].value, world.chief.account.reference, at=at)
    assert limited is not None
    assert chief is not None
    assert limited.actor.offices == {HERE}
    assert chief.actor.offices == frozenset()


def test_the_office_shown_is_one_of_those_they_are_limited_to() -> None:
    world = two_offices()
    Membership.objects.update(offices=[THERE])
    cookie = world.limited.browser().cookies[cookies.SESSION].value
    found = standing_of(cookie, world.limited.account.reference, at=datetime.now(UTC))
    assert found is not None
    assert found.office_code == THERE


def test_the_sheet_of_another_office_is_not_found() -> None:
    world = two_offices()
    for of in world.there:
        with pytest.raises(NotFound):
            tenancy_of(world.actor, of.reference)
        with pytest.raises(NotFound):
            rent_and_aid(world.actor, of.pk, AUGUST)
        assert tenancy_of(world.chief.actor, of.reference).id == of.pk
    for of in world.here:
        assert tenancy_of(world.actor, of.reference).id == of.pk
        assert len(rent_and_aid(world.actor, of.pk, AUGUST)) == 12


def test_the_arrows_skip_the_other_office() -> None:
    world = two_offices()
    sheet = tenancy_of(world.actor, world.here[0].reference)
    found = neighbours(world.actor, sheet)
    assert found.previous is None
    assert found.next is not None
    assert found.next.reference == world.here[1].reference
    assert (found.position, found.total) == (1, 2)
    whole = neighbours(world.chief.actor, sheet)
    assert whole.next is not None
    assert whole.next.reference == world.there[0].reference
    assert (whole.position, whole.total) == (1, 4)


def test_the_portfolio_counts_the_offices_seen_only() -> None:
    world = two_offices()
    limited = portfolio_of(world.actor, user_number="")
    assert (limited.current, limited.former, limited.office_name) == (2, 1, "Caf de la Loire-Atlantique")
    elsewhere = portfolio_of(replace(world.actor, offices=frozenset({THERE})), user_number="")
    assert (elsewhere.office_name, elsewhere.address[-1]) == ("Caf de Paris", "75013 PARIS")
    both = portfolio_of(replace(world.actor, offices=frozenset({HERE, THERE})), user_number="")
    whole = portfolio_of(world.chief.actor, user_number="")
    assert (both.current, both.former) == (whole.current, whole.former) == (4, 2)
    nowhere = portfolio_of(replace(world.actor, offices=frozenset({"999"})), user_number="")
    assert (nowhere.current, nowhere.former, nowhere.office_name) == (0, 0, "")


def test_transfers_are_those_of_the_offices_seen() -> None:
    world = two_offices()
    payment(world.here[0], date(2026, 6, 1), 10_000)
    payment(world.there[0], date(2026, 6, 1), 700)
    payment(world.there[0], date(2026, 7, 1), 90_000)
    limited = transfers_of(world.actor, today=TODAY)
    assert limited is not None
    assert (limited.last_paid_on, limited.last_cents, limited.tenancies) == (date(2026, 7, 5), 10_000, 1)
    whole = transfers_of(world.chief.actor, today=TODAY)
    assert whole is not None
    assert (whole.last_paid_on, whole.last_cents) == (date(2026, 8, 5), 90_000)
    nowhere = replace(world.actor, offices=frozenset({"999"}))
    assert transfers_of(nowhere, today=TODAY) is None


def test_a_home_reads_no_payment_to_say_what_was_received() -> None:
    """Of a landlord with 300,000 tenancies, somebody limited to one office would wait for all the payments of the others."""
    world = two_offices()
    payment(world.here[0], date(2026, 6, 1), 10_000)
    payment(world.there[0], date(2026, 6, 1), 700)
    with CaptureQueriesContext(connection) as read:
        found = transfers_of(world.actor, today=TODAY)
    assert found is not None
    assert (found.last_cents, found.tenancies) == (10_000, 1)
    assert not any("tenancies_payment" in query["sql"] for query in read)


def test_the_counts_of_each_office_follow_the_writes_and_are_rebuilt() -> None:
    world = two_offices()
    shares = PortfolioOfficeCount.objects.filter(landlord=world.chief.landlord).order_by("caf_code")
    assert list(shares.values_list("caf_code", "current", "former")) == [(HERE, 2, 1), (THERE, 2, 1)]
    shares.filter(caf_code=THERE).update(current=77)
    assert counts.rebuild() == 1
    assert counts.rebuild() == 0


def test_a_full_file_without_an_office_s_tenancies_changes_the_share_of_that_office() -> None:
    world = two_offices()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE feed_full ON COMMIT DROP AS SELECT caf_code, claimant_number, tenancy_ref,"
            " NULL::text AS former_claimant_number FROM tenancies_tenancy WHERE caf_code = '441'"
        )
    feeds_absences.note_absent_tenancies("feed_full")
    assert feeds_absences.end_absent_tenancies(AUGUST) == 2
    shares = PortfolioOfficeCount.objects.filter(landlord=world.chief.landlord).order_by("caf_code")
    assert list(shares.values_list("caf_code", "current", "former")) == [(HERE, 2, 1), (THERE, 0, 3)]
