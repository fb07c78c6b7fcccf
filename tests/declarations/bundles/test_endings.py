"""What the office takes in ends a tenancy: on the day of the decision, or on the day that was declared."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command

from parvis.audit.models import Entry
from parvis.declarations.models import CampaignEntry, Declaration
from parvis.declarations.services import bundles, campaigns, exchange
from parvis.declarations.services.exchange import endings
from parvis.declarations.services.reminders import writing
from parvis.tenancies.models import PortfolioCount, Tenancy
from tests.declarations.bundles.test_bundles import answered, chosen, departure_sent, let, sent
from tests.declarations.bundles.test_following import WORKER, announced, on
from tests.declarations.kinds.test_kinds import CHANGED, DIED, ENDED, LEFT
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW
from tests.factories.landlords import Owner, owner

pytestmark = pytest.mark.django_db


def taken_in(told: Declaration, at: datetime) -> None:
    """The office takes it in."""
    exchange.mark_sent([told.pk], by=CLOCK, at=at)
    exchange.record_outcomes(made.stage_outcomes((told.reference or "", "integrated", "", at)), by=CLOCK, at=at)


def test_a_tenant_whose_departure_is_taken_in_is_a_former_one() -> None:
    _, rented, receipt = departure_sent()
    taken_in(receipt.declarations.get(), NOW)
    rented.refresh_from_db()
    assert rented.end_on == date(2026, 7, 31)
    assert PortfolioCount.objects.get(landlord=rented.landlord).former == 1


def test_a_departure_to_come_ends_the_tenancy_once_it_is_confirmed() -> None:
    me, rented, told = announced()
    taken_in(told, NOW)
    rented.refresh_from_db()
    assert rented.end_on is None
    bundles.confirm_departure(me.actor, told.opaque, at=on(date(2026, 8, 31)))
    rented.refresh_from_db()
    assert rented.end_on == date(2026, 8, 31)


@pytest.mark.parametrize(
    ("kind", "answers", "ends_on"),
    [
        ("death", {**DIED, "on": "02/07/2026"}, date(2026, 7, 31)),
        ("death", {**DIED, "on": "02/07/2026", "stays": "yes"}, None),
        ("death", {**DIED, "on": "02/07/2026", "who": "spouse"}, None),
        ("death", DIED, date(2026, 7, 31)),
        ("death", {**DIED, "on": "02/06/2026", "stays": "unknown"}, date(2026, 6, 30)),
        ("death", {**DIED, "stays": "unknown"}, date(2026, 7, 31)),
        ("move_out", {**LEFT, "notice": "no", "last_month_paid": "no"}, date(2026, 7, 10)),
        ("end_of_management", {**ENDED, "on": "15/07/2026"}, date(2026, 7, 15)),
        ("end_of_management", ENDED, None),
        ("lease_holders", CHANGED, None),
    ],
)
def test_the_last_day_is_that_of_what_was_declared(kind: str, answers: dict[str, str], ends_on: date | None) -> None:
    me, rented = let()
    chosen(me, rented, kind)
    assert answered(me, rented, kind, answers)
    taken_in(sent(me, rented).declarations.get(), NOW)
    rented.refresh_from_db()
    assert rented.end_on == ends_on


def managed_no_more(when: str) -> tuple[Owner, Tenancy]:
    """An end of management to come, taken in."""
    me, rented = let()
    chosen(me, rented, "end_of_management")
    assert answered(me, rented, "end_of_management", {**ENDED, "on": when})
    taken_in(sent(me, rented).declarations.get(), NOW)
    return me, rented


def test_an_end_of_management_taken_in_before_its_day_takes_effect_on_that_day_and_once() -> None:
    _, rented = managed_no_more("31/08/2026")
    day = date(2026, 8, 31)
    assert endings.end_due(by=WORKER, at=on(day) - timedelta(days=1)) == 0
    rented.refresh_from_db()
    assert rented.end_on is None
    assert endings.end_due(by=WORKER, at=on(day)) == 1
    rented.refresh_from_db()
    assert rented.end_on == day
    assert PortfolioCount.objects.get(landlord=rented.landlord).former == 1
    assert Entry.objects.filter(event="declarations.ended").count() == 1
    Tenancy.objects.update(end_on=None)
    assert endings.end_due(by=WORKER, at=on(day) + timedelta(days=1)) == 0, "the office’s later file wins"


def test_a_dwelling_not_managed_in_july_any_more_is_asked_no_july_rent() -> None:
    me, rented = let()
    chosen(me, rented, "end_of_management")
    assert answered(me, rented, "end_of_management", {**ENDED, "on": "30/06/2026"})
    told = sent(me, rented).declarations.get()
    taken_in(told, NOW)
    Tenancy.objects.update(end_on=None)
    Declaration.objects.update(effect_on=date(2026, 6, 30))
    assert endings.end_due(by=WORKER, at=NOW) == 1
    assert CampaignEntry.objects.get(tenancy=rented).state == "out"
    assert made.counts_are_true()


def test_the_daily_work_ends_before_it_reminds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dwelling whose management ends that day is reminded of nothing."""
    done: list[str] = []
    monkeypatch.setattr(endings, "end_due", lambda **_: done.append("ended"))
    monkeypatch.setattr(writing, "remind", lambda **_: done.append("reminded"))
    call_command("worker", "--once")
    assert done == ["ended", "reminded"]


def test_campaigns_are_looked_at_again_only_where_one_still_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    managed_no_more("31/08/2026")
    monkeypatch.setattr(campaigns, "refresh_entries", lambda **_: pytest.fail("the whole country was looked at"))
    assert endings.end_due(by=WORKER, at=on(date(2026, 8, 31))) == 1


def test_the_last_day_told_is_the_one_that_counts_and_a_tenancy_handed_over_stays() -> None:
    me, rented = managed_no_more("31/08/2026")
    chosen(me, rented, "end_of_management")
    assert answered(me, rented, "end_of_management", {**ENDED, "on": "30/09/2026"})
    taken_in(sent(me, rented).declarations.get(), NOW)
    assert endings.end_due(by=WORKER, at=on(date(2026, 8, 31))) == 0
    Tenancy.objects.update(landlord=owner().landlord)
    assert endings.end_due(by=WORKER, at=on(date(2026, 9, 30))) == 0
    rented.refresh_from_db()
    assert rented.end_on is None
