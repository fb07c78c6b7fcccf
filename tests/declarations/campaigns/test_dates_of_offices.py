"""A campaign has its dates office by office: one with a later day neither hides nor hurries the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from parvis.declarations.selectors import campaign, campaign_card
from parvis.declarations.selectors.campaign import Suspended, suspended_campaigns
from parvis.declarations.services import campaigns
from parvis.kit.clock import day_in_paris
from parvis.tenancies.models import Tenancy
from parvis.web.landlord.home.sources import _until
from parvis.web.landlord.words import campaign_words
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, OPENING, YEAR, typed
from tests.factories.landlords import office, owner
from tests.factories.tenancies import tenancy
from tests.factories.two_offices import HERE, THERE, send, two_offices

pytestmark = pytest.mark.django_db
FEBRUARY = datetime(2027, 2, 3, 9, 0, tzinfo=UTC)


def own_dates(code: str, *, deadline_on: date, suspension_on: date, opens_on: date = date(2026, 7, 1)) -> None:
    """The campaign of the year, at one office."""
    campaigns.open_campaign(
        YEAR, opens_on=opens_on, deadline_on=deadline_on, suspension_on=suspension_on, office=office(code), by=CLOCK, at=OPENING
    )  # fmt: skip


def test_another_offices_later_day_keeps_no_aid_of_this_one() -> None:
    me = owner()
    tenancy(me.landlord)
    office("751", "Caf de Paris")
    made.campaign()
    assert suspended_campaigns(me.actor, at=FEBRUARY) == [Suspended(2026, 1)]
    own_dates("751", deadline_on=date(2026, 12, 1), suspension_on=date(2027, 3, 15))
    assert suspended_campaigns(me.actor, at=FEBRUARY) == [Suspended(2026, 1)]


def test_only_the_tenants_of_the_offices_whose_day_has_come_are_suspended() -> None:
    world = two_offices()
    own_dates(THERE, deadline_on=date(2026, 12, 1), suspension_on=date(2027, 3, 15))
    assert suspended_campaigns(world.chief.actor, at=FEBRUARY) == [Suspended(2026, 2)]
    april = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
    assert suspended_campaigns(world.chief.actor, at=april) == [Suspended(2026, 4)]


def test_the_card_has_the_earliest_day_where_something_is_left_and_tells_each_office() -> None:
    world = two_offices()
    own_dates(THERE, deadline_on=date(2026, 8, 31), suspension_on=date(2027, 3, 15))
    card = campaign_card(world.chief.actor, at=NOW)
    assert card is not None
    assert (card.deadline_on, card.suspension_on) == (date(2026, 8, 31), date(2027, 1, 15))
    assert [(one.code, one.name, one.deadline_on, one.remaining) for one in card.offices] == [
        (THERE, "Caf de Paris", date(2026, 8, 31), 2),
        (HERE, "Caf de la Loire-Atlantique", date(2026, 9, 30), 2),
    ]
    assert (card.deadline_of(HERE), card.deadline_of(THERE)) == (date(2026, 9, 30), date(2026, 8, 31))
    assert (card.late(date(2026, 9, 15)), card.suspended(day_in_paris(FEBRUARY))) == (2, 2)
    assert card.is_suspended(day_in_paris(FEBRUARY), HERE)
    assert not card.is_suspended(day_in_paris(FEBRUARY), THERE)
    for of in world.there:
        if of.end_on is None:
            typed(world.chief, of, "525")
    send(world.chief.actor)
    card = campaign_card(world.chief.actor, at=NOW)
    assert card is not None
    assert card.deadline_on == date(2026, 9, 30)
    assert [(one.code, one.remaining) for one in card.offices] == [(THERE, 0), (HERE, 2)], "one still corrects there"
    assert card.deadline_of(THERE) == date(2026, 8, 31)
    assert card.owing_offices == ()


def test_what_is_said_of_a_late_office_is_of_its_own_days() -> None:
    world = two_offices()
    own_dates(THERE, deadline_on=date(2026, 8, 31), suspension_on=date(2027, 3, 15))
    card = campaign_card(world.chief.actor, at=NOW)
    assert card is not None
    september = date(2026, 9, 10)
    assert (card.next_deadline(september), card.next_suspension(september)) == (date(2026, 9, 30), date(2027, 3, 15))
    said = campaign_words(card, september)
    assert "15 mars" in said.sentence.replace("\u00a0", " ")
    assert (said.pill, len(said.offices), said.missing) == ("En retard", 2, 2)
    assert "Caf de Paris" in _until(card, september)
    assert "avant le 30 septembre" in _until(card, september).replace("\u00a0", " ")
    assert _until(card, date(2026, 10, 1)) == "La date conseillée est passée."
    assert card.next_deadline(date(2026, 10, 1)) is None
    assert card.next_suspension(date(2026, 10, 1)) == date(2027, 1, 15)


def test_an_office_without_tenants_gives_no_date() -> None:
    world = two_offices()
    own_dates(THERE, deadline_on=date(2026, 8, 31), suspension_on=date(2027, 3, 15))
    limited = campaign_card(replace(world.chief.actor, offices=frozenset({HERE})), at=NOW)
    assert limited is not None
    assert (limited.deadline_on, limited.offices, limited.remaining) == (date(2026, 9, 30), (), 2)


def test_the_national_day_is_not_that_of_an_office_that_has_its_own() -> None:
    me = owner()
    tenancy(me.landlord)
    own_dates(HERE, opens_on=date(2026, 9, 1), deadline_on=date(2026, 10, 30), suspension_on=date(2027, 2, 1))
    made.campaign()
    card = campaign_card(me.actor, at=NOW)
    assert card is not None
    assert (card.opens_on, card.deadline_on) == (date(2026, 9, 1), date(2026, 10, 30))


@pytest.mark.parametrize("read", [0, 2_000])
def test_who_left_is_suspended_of_nothing_however_many_rents_are_missing(
    monkeypatch: pytest.MonkeyPatch, read: int
) -> None:
    monkeypatch.setattr(campaign, "READ_AT_MOST", read)
    me = owner()
    stays, left, leaves, gone = (tenancy(me.landlord) for _ in range(4))
    tenancy(me.landlord, end_on=date(2025, 1, 31))
    tenancy(owner().landlord)
    made.campaign()
    Tenancy.objects.filter(pk=left.pk).update(end_on=day_in_paris(FEBRUARY) - timedelta(days=1))
    Tenancy.objects.filter(pk=leaves.pk).update(end_on=day_in_paris(FEBRUARY))
    Tenancy.objects.filter(pk=gone.pk).update(absent_since=date(2027, 1, 2))
    assert suspended_campaigns(me.actor, at=FEBRUARY) == [Suspended(2026, 2)]
    Tenancy.objects.filter(pk__in=[stays.pk, leaves.pk]).update(end_on=date(2026, 12, 1))
    assert suspended_campaigns(me.actor, at=FEBRUARY) == []
