"""A wave that has left does not leave again: not when its day moves, not when an office gets dates of its own."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, migrations

from parvis.correspondence.models import Message
from parvis.declarations.models import CampaignReminder
from parvis.declarations.rules import Dates
from parvis.declarations.services.campaigns import dates
from parvis.declarations.services.reminders import by_post, writing
from parvis.identity.models import Account, Credential
from parvis.kit.actors import system
from parvis.kit.clock import PARIS
from parvis.parameters import selectors as parameters
from parvis.parameters import services as setting
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.landlords import Owner, office, owner
from tests.factories.tenancies import many_tenancies
from tests.factories.two_offices import HERE, THERE, two_offices

pytestmark = pytest.mark.django_db
BY = system("worker")
REASON = "Retard des courriers en juillet."
AS_SET = Dates(date(2026, 7, 1), date(2026, 9, 30), date(2027, 1, 15))


def at(month: int, day: int, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, 8, 0, tzinfo=PARIS)


@pytest.fixture
def me() -> Owner:
    """Somebody with two rents left, in the campaign of all offices."""
    me = owner()
    many_tenancies(me.landlord, 2)
    Tenancy.objects.update(start_on="2025-09-01")
    made.campaign()
    return me


@pytest.fixture(autouse=True)
def _as_delivered() -> Iterator[None]:
    yield
    parameters.forget()


def set_dates(new: Dates, *, of: str = "", on: datetime) -> None:
    seen = dates.dates_of(2026, of)
    dates.set_dates(2026, of, new, seen=seen, reason=REASON, by=BY, at=on)


def set_pace(name: str, days: int, *, on: datetime) -> None:
    setting.change(name, days, by=BY, at=on)
    parameters.forget()


def letters() -> int:
    return Message.objects.filter(template=by_post.TEMPLATE).count()


def test_an_office_that_gets_its_own_dates_after_a_wave_does_not_write_it_again(me: Owner) -> None:
    assert writing.remind(by=BY, at=at(9, 20)) == 1
    set_dates(AS_SET._replace(suspension_on=date(2027, 3, 15)), of=HERE, on=at(9, 20))
    assert writing.remind(by=BY, at=at(9, 21)) == 0
    assert writing.remind(by=BY, at=at(10, 30)) == 1, "the next one, of the office itself"
    assert CampaignReminder.objects.latest("at").wave == f"{HERE}:late"


def test_an_office_whose_dates_were_its_own_before_the_wave_tells_of_its_rents_beside_the_others() -> None:
    two_offices()
    writing.remind(by=BY, at=at(7, 1))
    set_dates(AS_SET._replace(suspension_on=date(2027, 3, 15)), of=THERE, on=at(7, 2))
    before = Message.objects.filter(template=writing.TEMPLATE).count()
    assert writing.remind(by=BY, at=at(7, 31)) == 3, "who sees both offices is told of each campaign"
    assert Message.objects.filter(template=writing.TEMPLATE).count() == before + 3


def test_a_deadline_put_off_after_a_late_reminder_does_not_remind_again(me: Owner) -> None:
    set_dates(AS_SET._replace(deadline_on=date(2026, 10, 15), suspension_on=date(2027, 2, 15)), on=at(9, 15))
    assert writing.remind(by=BY, at=at(11, 14)) == 1
    set_dates(AS_SET._replace(deadline_on=date(2026, 12, 1), suspension_on=date(2027, 4, 15)), on=at(11, 14))
    assert [writing.remind(by=BY, at=at(12, 31) + timedelta(days=day)) for day in range(8)] == [0] * 8
    assert writing.remind(by=BY, at=at(1, 30, year=2027)) == 1


@pytest.mark.parametrize("days", [31, 29, 15])
def test_another_pace_does_not_remind_again_of_what_was_told_the_day_before(me: Owner, days: int) -> None:
    assert writing.remind(by=BY, at=at(10, 30)) == 1
    set_pace("reminder_late_every", days, on=at(10, 30))
    assert [writing.remind(by=BY, at=at(10, 31) + timedelta(days=day)) for day in range(8)] == [0] * 8
    second = at(9, 30) + timedelta(days=2 * days if days > 15 else 45)
    assert writing.remind(by=BY, at=second) == 1


def test_a_letter_does_not_leave_again_either(me: Owner) -> None:
    Credential.objects.filter(pk=me.account.credential_id).update(email=None, email_proved_at=None)
    Account.objects.filter(pk=me.account.pk).update(letters="paper")
    writing.remind(by=BY, at=at(10, 30))
    assert letters() == 1
    set_pace("reminder_late_every", 15, on=at(10, 30))
    set_dates(AS_SET._replace(suspension_on=date(2027, 3, 15)), of=HERE, on=at(10, 30))
    writing.remind(by=BY, at=at(10, 31))
    assert letters() == 1
    writing.remind(by=BY, at=at(11, 14))
    assert letters() == 2


def test_waves_named_by_their_day_before_the_change_keep_their_place(me: Owner) -> None:
    office(THERE, "Caf de Paris")
    names = {
        "remaining": "remaining", "remaining:2026-08-30": "remaining:2", "late:2026-10-30": "late", "late:2026-11-29": "late:2",
        "441:late:2026-10-30:post": "441:late:post", "441:late:2026-11-29:post": "441:late:2:post",
        "751:late:2026-11-15": "751:late", "unsent:2026-08-30": "unsent:2026-08-30", "opening_by_post": "opening_by_post",
    }  # fmt: skip
    for name in names:
        CampaignReminder.objects.create(account=me.account, year=2026, wave=name, at=at(11, 29))
    changed = importlib.import_module("parvis.declarations.migrations.0028_waves_by_rank").Migration.operations
    with connection.cursor() as cursor:
        for operation in changed:
            if isinstance(operation, migrations.RunSQL):
                cursor.execute(str(operation.sql))
    assert set(CampaignReminder.objects.values_list("wave", flat=True)) == set(names.values())
