"""Drafts of former campaigns: they go long after the end, with true counts, and what was typed lately or sent stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from parvis.audit.models import Entry
from parvis.declarations.models import CampaignCount, Declaration
from parvis.declarations.services import campaigns
from parvis.declarations.services.campaigns import forgetting
from parvis.declarations.services.reminders import due
from parvis.kit.actors import system
from parvis.parameters.services import change as set_parameter
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, YEAR, counts_are_true, drafts_of, state_of, typed
from tests.factories.landlords import Owner, landlord, office, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db
OVER = datetime(2027, 1, 15, 3, tzinfo=UTC) + timedelta(days=90)
"""The first night on which the drafts of the campaign of 2026, suspended on 15 January 2027, are past their time."""


def let(who: Owner, **fields: str) -> Tenancy:
    """A tenancy whose last July is known."""
    rented = tenancy(who.landlord, **fields)
    july_rent(rented, YEAR - 1, 52_400)
    return rented


def forgotten(at: datetime = OVER) -> int:
    """How many drafts go at a moment."""
    return forgetting.forget_unsent(by=CLOCK, at=at)


def test_each_sort_of_draft_goes_with_true_counts_and_an_entry() -> None:
    who = owner()
    ready, doubtful, wrong, sent_one, untouched = (let(who) for _ in range(5))
    made.campaign()
    typed(who, sent_one, "530")
    made.sent(who)
    for rented, words in ((ready, "525"), (doubtful, "700"), (wrong, "abc")):
        typed(who, rented, words)
    states = [state_of(rented) for rented in (ready, doubtful, wrong)]
    assert states == ["drafted", "to_confirm", "to_correct"]
    assert forgotten(OVER - timedelta(days=1)) == 0
    assert len(drafts_of()) == 3
    assert forgetting.first_past(at=OVER) is not None
    assert forgotten() == 3
    assert forgetting.first_past(at=OVER) is None
    assert drafts_of() == []
    assert {state_of(rented) for rented in (ready, doubtful, wrong, untouched)} == {"to_declare"}
    assert state_of(sent_one) == "submitted"
    assert Declaration.objects.filter(kind="july_rent").count() == 1
    assert counts_are_true()
    count = CampaignCount.objects.get()
    assert (count.to_declare, count.submitted, count.drafted) == (4, 1, 0)
    entry = Entry.objects.get(event="declarations.drafts_forgotten")
    assert (entry.subject, entry.details["count"]) == (f"campaign:{YEAR}", 3)
    assert forgotten() == 0
    assert Entry.objects.filter(event="declarations.drafts_forgotten").count() == 1


def test_what_was_typed_after_the_end_waits_its_days() -> None:
    who = owner()
    early, late = let(who), let(who)
    made.campaign()
    typed(who, early, "525")
    typed(who, late, "526", at=OVER - timedelta(days=20))
    assert forgotten() == 1
    assert [draft.typed for draft in drafts_of()] == ["526"]
    assert forgotten(OVER + timedelta(days=70)) == 1


def test_a_refused_rent_is_refused_again_once_its_draft_is_gone() -> None:
    who = owner()
    rented = let(who)
    made.campaign()
    typed(who, rented, "525")
    made.sent(who)
    Declaration.objects.filter(tenancy=rented).update(state="rejected")
    campaigns.rebuild_counts(YEAR, by=CLOCK, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE declarations_campaignentry SET state = 'rejected'")
    campaigns.rebuild_counts(YEAR, by=CLOCK, at=NOW)
    typed(who, rented, "526")
    assert state_of(rented) == "drafted"
    assert forgotten() == 1
    assert state_of(rented) == "rejected"
    assert counts_are_true()


def test_the_dates_of_the_office_count_and_the_days_are_the_offices_to_choose() -> None:
    drome = office("261", "Caf de la Drôme")
    here, there = owner(), owner(landlord(office_code="261"))
    rents = [let(here), let(there, caf_code="261")]
    made.campaign()
    campaigns.open_campaign(
        YEAR, opens_on=date(YEAR, 7, 1), deadline_on=date(YEAR, 10, 31), suspension_on=date(YEAR + 1, 3, 1), office=drome,
        by=CLOCK, at=NOW,
    )  # fmt: skip
    for who, rented in zip((here, there), rents, strict=True):
        typed(who, rented, "525")
    assert forgotten() == 1
    assert [draft.tenancy for draft in drafts_of()] == [rents[1]]
    set_parameter("keep_july_drafts", 30, by=system("test"), at=NOW)
    assert forgotten(datetime(2027, 3, 31, 3, tzinfo=UTC)) == 1


def test_more_than_a_block_goes_landlord_by_landlord(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "BLOCK", 2)
    people = [owner(), owner()]
    rents = [(who, let(who)) for who in people for _ in range(3)]
    made.campaign()
    for who, rented in rents:
        typed(who, rented, "525")
    assert forgotten() == 6
    assert drafts_of() == []
    assert counts_are_true()


def test_what_is_typed_stays_within_its_page() -> None:
    """The first amount, one to confirm, and back to nothing: no index holds what they change."""
    who = owner()
    rented = let(who)
    made.campaign()
    before = _updates()
    for minute, amount in enumerate(("525", "526", "750", "")):
        typed(who, rented, amount, at=NOW + timedelta(minutes=minute))
    every, within = (now - then for now, then in zip(_updates(), before, strict=True))
    assert (every, within) == (4, 4)


def _updates() -> tuple[int, int]:
    """Changed lines of the campaign in this transaction, and those of them that no index was written for."""
    table = "'declarations_campaignentry'::regclass"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_stat_get_xact_tuples_updated({table}), pg_stat_get_xact_tuples_hot_updated({table})")
        row = cursor.fetchone()
    assert row is not None
    every, within = row
    return int(every), int(within)


def test_the_reminder_of_unsent_rents_finds_them_by_the_counts() -> None:
    who, other = owner(), owner()
    rented, sent_one = let(who), let(other)
    made.campaign()
    typed(who, rented, "525")
    typed(other, sent_one, "525")
    later = NOW + timedelta(days=4)
    assert {told.account_id for told in due.unsent_for(YEAR, 3, at=later)} == {who.account.pk, other.account.pk}
    made.sent(other)
    assert [(told.account_id, told.rents) for told in due.unsent_for(YEAR, 3, at=later)] == [(who.account.pk, 1)]
