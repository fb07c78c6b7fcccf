from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from parvis.declarations.models import CampaignCount, CampaignEntry, Declaration, RentCampaign
from parvis.declarations.selectors import campaign_card
from parvis.declarations.services import campaigns, exchange
from parvis.kit.clock import PARIS
from parvis.landlords.models import ThirdPartyNumber
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, OPENING, YEAR, typed
from tests.factories.landlords import landlord, office, owner
from tests.factories.tenancies import july_rent, many_tenancies, tenancy

pytestmark = pytest.mark.django_db


def refresh() -> int:
    return campaigns.refresh_entries(by=CLOCK, at=NOW)


@pytest.mark.parametrize(
    ("fields", "is_in"),
    [
        ({}, True),
        ({"start_on": date(2026, 7, 31)}, True),
        ({"start_on": date(2026, 8, 1)}, False),
        ({"end_on": date(2026, 6, 30)}, False),
        ({"end_on": date(2026, 7, 1)}, True),
        ({"absent_since": date(2026, 7, 2)}, False),
    ],
)
def test_tenancies_active_in_july_are_in(fields: dict[str, Any], is_in: bool) -> None:
    who = owner()
    tenancy(who.landlord, **fields)
    made.campaign()
    assert CampaignEntry.objects.exists() is is_in
    assert made.counts_are_true()


@pytest.mark.parametrize(("channel", "is_in"), [("portal", True), ("paper", True), ("exchange", False)])
def test_those_who_declare_by_computer_exchange_are_not(channel: str, is_in: bool) -> None:
    who = owner()
    tenancy(who.landlord)
    ThirdPartyNumber.objects.update(channel=channel)
    made.campaign()
    assert CampaignEntry.objects.exists() is is_in


def test_a_rent_the_office_knows_is_taken_in() -> None:
    who = owner()
    of = tenancy(who.landlord)
    made.campaign()
    typed(who, of, "525")
    july_rent(of, 2026, 52_500, "tenant")
    refresh()
    assert made.state_of(of) == "integrated"
    assert not made.drafts_of()
    assert made.counts_are_true()


def test_what_was_typed_or_sent_stays() -> None:
    who = owner()
    drafted, sent = tenancy(who.landlord, last_name="Abadie"), tenancy(who.landlord, last_name="Benali")
    for of in (drafted, sent):
        july_rent(of, 2025, 52_400)
    made.campaign()
    typed(who, sent, "525")
    made.sent(who)
    typed(who, drafted, "526")
    Tenancy.objects.filter(pk=drafted.pk).update(last_name="Zidane")
    july_rent_changed = refresh()
    assert july_rent_changed == 1
    assert (made.state_of(drafted), made.state_of(sent)) == ("drafted", "submitted")
    assert CampaignEntry.objects.get(tenancy=drafted).sort_name == "zidane lina"
    assert refresh() == 0


def test_an_ended_tenancy_is_out_and_comes_back_when_that_was_wrong() -> None:
    who = owner()
    of = tenancy(who.landlord)
    july_rent(of, 2025, 52_400)
    made.campaign()
    typed(who, of, "525")
    Tenancy.objects.filter(pk=of.pk).update(end_on=date(2026, 6, 15))
    refresh()
    assert made.state_of(of) == "out"
    assert not made.drafts_of()
    assert made.counts_are_true()
    Tenancy.objects.filter(pk=of.pk).update(end_on=None)
    refresh()
    assert made.state_of(of) == "to_declare"
    assert made.counts_are_true()


def test_what_is_sent_of_a_tenancy_that_ends_stays() -> None:
    who = owner()
    of = tenancy(who.landlord)
    july_rent(of, 2025, 52_400)
    made.campaign()
    typed(who, of, "525")
    made.sent(who)
    Tenancy.objects.filter(pk=of.pk).update(end_on=date(2026, 6, 15))
    refresh()
    assert made.state_of(of) == "submitted"


def test_a_tenancy_that_changes_landlord_begins_anew() -> None:
    who, buyer = owner(), owner(landlord(company_name="Repreneur"))
    of = tenancy(who.landlord)
    july_rent(of, 2025, 52_400)
    made.campaign()
    typed(who, of, "525")
    Tenancy.objects.filter(pk=of.pk).update(landlord=buyer.landlord, third_party_number=buyer.third_party_number)
    refresh()
    assert made.state_of(of) == "to_declare"
    assert not made.drafts_of()
    assert made.counts_are_true()
    assert typed(buyer, of, "530").row.state == "drafted"
    assert CampaignCount.objects.get(landlord=who.landlord).drafted == 0


def test_nothing_opens_before_its_day() -> None:
    who = owner()
    tenancy(who.landlord)
    made.campaign(at=OPENING - timedelta(days=1))
    assert not CampaignEntry.objects.exists()
    card = campaign_card(who.actor, at=OPENING - timedelta(days=1))
    assert card is not None
    assert (card.opens_on, card.total) == (date(2026, 7, 1), 0)
    assert refresh() == 1


def test_an_office_may_have_its_own_dates() -> None:
    who = owner()
    tenancy(who.landlord)
    campaigns.open_campaign(
        YEAR, opens_on=date(2026, 9, 1), deadline_on=date(2026, 10, 30), suspension_on=date(2027, 2, 1),
        office=office(), by=CLOCK, at=OPENING,
    )  # fmt: skip
    made.campaign()
    assert not CampaignEntry.objects.exists()
    later = NOW + timedelta(days=60)
    campaigns.refresh_entries(by=CLOCK, at=later)
    assert CampaignEntry.objects.count() == 1
    card = campaign_card(who.actor, at=later)
    assert card is not None
    assert card.deadline_on == date(2026, 10, 30)


def test_the_newest_campaign_is_the_open_one() -> None:
    who = owner()
    of = tenancy(who.landlord)
    made.campaign(2025, at=NOW - timedelta(days=365))
    made.campaign(2026)
    assert (made.state_of(of, 2025), made.state_of(of, 2026)) == ("to_declare", "to_declare")
    card = campaign_card(who.actor, at=NOW)
    assert card is not None
    assert (card.year, card.remaining) == (2026, 1)
    assert campaign_card(who.actor, at=NOW - timedelta(days=365)).year == 2025  # type: ignore[union-attr]


def test_the_card_is_one_statement(django_assert_num_queries: object) -> None:
    who = owner()
    many_tenancies(who.landlord, 30)
    made.campaign()
    with django_assert_num_queries(1):  # type: ignore[operator]
        card = campaign_card(who.actor, at=NOW)
    assert card is not None
    assert (card.total, card.done, card.remaining) == (30, 0, 30)


def test_opening_again_changes_the_dates() -> None:
    made.campaign()
    campaigns.open_campaign(
        YEAR,
        opens_on=date(2026, 7, 2),
        deadline_on=date(2026, 10, 31),
        suspension_on=date(2027, 1, 15),
        by=CLOCK,
        at=NOW,
    )
    assert RentCampaign.objects.get().deadline_on == date(2026, 10, 31)


def test_counts_are_mended_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    who = owner()
    many_tenancies(who.landlord, 5)
    made.campaign()
    CampaignCount.objects.update(to_declare=99, submitted=4)
    CampaignEntry.objects.filter(pk=CampaignEntry.objects.order_by("pk")[0].pk).delete()
    call_command("rebuild_counts")
    assert made.counts_are_true()


def test_the_command_opens(capsys: pytest.CaptureFixture[str]) -> None:
    tenancy(owner().landlord)
    dates = ["--opens", "2026-07-01", "--deadline", "2026-09-30", "--suspension", "2027-01-15"]
    call_command("open_campaign", "2026", *dates)
    call_command("open_campaign", "2026", *dates)
    assert "Campagne 2026" in capsys.readouterr().out
    assert CampaignEntry.objects.count() == 1
    with pytest.raises(CommandError, match="vient avant"):
        call_command("open_campaign", "2026", *["--opens", "2026-12-01"], *dates[2:])
    with pytest.raises(CommandError, match="Aucune caisse"):
        call_command("open_campaign", "2026", *dates, "--office", "999")


def test_a_campaign_entered_ahead_opens_on_its_day_by_itself() -> None:
    who = owner()
    of = tenancy(who.landlord)
    june = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
    campaigns.open_campaign(
        2026,
        opens_on=date(2026, 7, 1),
        deadline_on=date(2026, 9, 30),
        suspension_on=date(2027, 1, 15),
        by=CLOCK,
        at=june,
    )
    assert campaigns.begin_due(by=CLOCK, at=june) == 0
    assert not CampaignEntry.objects.filter(tenancy=of).exists()
    opening = datetime(2026, 7, 1, 0, 30, tzinfo=PARIS)
    assert campaigns.begin_due(by=CLOCK, at=opening) == 1
    assert campaigns.begin_due(by=CLOCK, at=opening) == 0
    card = campaign_card(who.actor, at=opening)
    assert card is not None
    assert card.remaining == 1


def test_a_rejection_after_the_hand_over_opens_the_rent_to_the_new_landlord() -> None:
    before, after = owner(), owner()
    of = tenancy(before.landlord)
    july_rent(of, 2025, 52_400)
    made.campaign()
    typed(before, of, "525")
    made.sent(before)
    sent = Declaration.objects.get()
    exchange.mark_sent([sent.pk], by=CLOCK, at=NOW)
    Tenancy.objects.filter(pk=of.pk).update(landlord=after.landlord, third_party_number=after.third_party_number)
    campaigns.refresh_entries(by=CLOCK, at=NOW)
    with transaction.atomic():
        staged = made.stage_outcomes((sent.reference or "", "rejected", "other", NOW))
        exchange.record_outcomes(staged, by=CLOCK, at=NOW)
    entry = CampaignEntry.objects.get(tenancy=of)
    assert entry.landlord_id == after.landlord.pk
    assert entry.state in ("rejected", "to_declare")
    assert made.counts_are_true()
