"""Reminders: to those who have rents left, once a wave, one mail a person, and to no one else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from django.db import connection

from parvis.correspondence.models import Message
from parvis.correspondence.rendering.texts import words_of
from parvis.declarations.services import campaigns, july
from parvis.declarations.services.reminders import due, writing
from parvis.declarations.services.reminders.models import CampaignReminder
from parvis.declarations.services.reminders.waves import Pace, wave_due, waves
from parvis.identity.models import Account
from parvis.kit.actors import Right, system
from parvis.kit.clock import PARIS
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, typed
from tests.factories.landlords import Owner, landlord, office, owner
from tests.factories.tenancies import july_rent, many_tenancies, tenancy

pytestmark = pytest.mark.django_db
BY = system("worker")
DATES = (date(2026, 7, 1), date(2026, 9, 30), date(2027, 1, 15))
PACE = Pace(30, 10, 30)


def at(month: int, day: int, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, 8, 0, tzinfo=PARIS)


def mails() -> list[Message]:
    return list(Message.objects.filter(template=writing.TEMPLATE).order_by("id"))


def one_owing(count: int = 2) -> Owner:
    me = owner()
    many_tenancies(me.landlord, count)
    Tenancy.objects.update(start_on="2025-09-01")
    made.campaign()
    return me


def test_the_waves_follow_from_the_dates_of_the_campaign() -> None:
    found = waves(*DATES, PACE)
    assert [(wave.name.split(":")[0], wave.on) for wave in found] == [
        ("opening", date(2026, 7, 1)), ("remaining", date(2026, 7, 31)), ("remaining", date(2026, 8, 30)),
        ("last_days", date(2026, 9, 20)), ("closing", date(2026, 10, 1)), ("late", date(2026, 10, 30)),
        ("late", date(2026, 11, 29)), ("late", date(2026, 12, 29)),
    ]  # fmt: skip
    assert all(before.on < after.on for before, after in pairwise(found))
    assert [wave.kind for wave in waves(date(2026, 9, 1), *DATES[1:], PACE)][:2] == ["opening", "last_days"]


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 6, 30), None),
        (date(2026, 7, 1), "opening"),
        (date(2026, 7, 8), "opening"),
        (date(2026, 7, 30), None),
        (date(2026, 7, 31), "remaining"),
        (date(2026, 8, 7), "remaining"),
        (date(2026, 8, 8), None),
        (date(2026, 8, 30), "remaining"),
        (date(2026, 9, 20), "last_days"),
        (date(2026, 9, 30), None),
        (date(2026, 10, 1), "closing"),
        (date(2026, 10, 9), None),
        (date(2026, 10, 30), "late"),
        (date(2027, 1, 20), None),
    ],
)
def test_a_wave_is_due_on_its_day_and_the_week_after(day: date, kind: str | None) -> None:
    found = wave_due(*DATES, PACE, on=day)
    assert (found.kind if found else None) == kind


def test_who_has_rents_left_is_told_once() -> None:
    me = one_owing()
    assert writing.remind(by=BY, at=at(7, 30)) == 0
    assert writing.remind(by=BY, at=at(7, 31)) == 1
    assert writing.remind(by=BY, at=at(7, 31)) == 0
    assert writing.remind(by=BY, at=at(8, 2)) == 0
    (mail,) = mails()
    assert mail.to_email == me.account.credential.email
    assert (mail.context["kind"], mail.context["count"], mail.context["done"]) == ("remaining", 2, 0)
    assert CampaignReminder.objects.get().wave == "remaining"
    assert writing.remind(by=BY, at=at(9, 20)) == 1


def test_it_stops_as_soon_as_everything_is_declared() -> None:
    me = one_owing()
    july.prefill(me.actor, 2026, at=NOW)
    made.sent(me)
    assert writing.remind(by=BY, at=at(7, 31)) == 0


def test_those_who_do_not_want_it_may_not_declare_or_have_no_mailbox_are_not_told() -> None:
    me = one_owing()
    owner(me.landlord, rights=frozenset({Right.CONSULT}))
    Account.objects.filter(pk=me.account.pk).update(campaign_reminders=False)
    unproved = owner(me.landlord)
    unproved.account.credential.email = unproved.account.credential.email_proved_at = None
    unproved.account.credential.save()
    closed = owner(me.landlord)
    Account.objects.filter(pk=closed.account.pk).update(state="disabled")
    assert writing.remind(by=BY, at=at(7, 31)) == 0
    willing = owner(me.landlord)
    assert writing.remind(by=BY, at=at(7, 31)) == 1
    assert mails()[0].to_email == willing.account.credential.email


def test_the_opening_is_announced_to_those_too_who_want_no_reminders() -> None:
    me = one_owing()
    Account.objects.filter(pk=me.account.pk).update(campaign_reminders=False)
    owner(me.landlord, rights=frozenset({Right.CONSULT}))
    assert writing.remind(by=BY, at=at(7, 1)) == 1
    (mail,) = mails()
    assert (mail.to_email, mail.context["kind"]) == (me.account.credential.email, "opening")
    assert "ces rappels" not in words_of(writing.TEMPLATE, mail.context)
    assert writing.remind(by=BY, at=at(7, 31)) == 0


def test_one_who_holds_several_accounts_gets_one_mail_of_all_of_them() -> None:
    me = one_owing()
    other = owner(landlord(company_name="Autre bailleur"), credential=me.account.credential)
    tenancy(other.landlord)
    made.campaign()
    assert writing.remind(by=BY, at=at(7, 31)) == 1
    (mail,) = mails()
    assert sorted(mail.context["accounts"]) == [["Alliance Familiale", 2], ["Autre bailleur", 1]]
    assert mail.context["count"] == 3
    assert CampaignReminder.objects.count() == 2


def test_each_office_of_a_landlord_is_counted_in_its_own_campaign() -> None:
    me = one_owing()
    far = office("312", "Caf de la Haute-Garonne")
    for _ in range(3):
        tenancy(me.landlord, caf_code=far.caf_code)
    campaigns.open_campaign(
        2026,
        office=far,
        opens_on=date(2026, 7, 1),
        deadline_on=date(2026, 10, 15),
        suspension_on=date(2027, 1, 15),
        by=made.CLOCK,
        at=made.OPENING,
    )
    campaigns.refresh_entries(by=made.CLOCK, at=NOW)
    assert writing.remind(by=BY, at=at(7, 31)) == 2
    assert sorted(mail.context["count"] for mail in mails()) == [2, 3]
    assert writing.remind(by=BY, at=at(9, 20)) == 1, "only the national one nears its deadline"


def test_rents_typed_and_forgotten_are_recalled_after_three_days_and_again_only_if_touched() -> None:
    me = owner()
    of = tenancy(me.landlord)
    july_rent(of, 2025, 52_400)
    tenancy(me.landlord)
    made.campaign()
    typed(me, of, "525", at=at(7, 2))
    assert writing.remind(by=BY, at=at(7, 4)) == 1, "the opening"
    Message.objects.all().delete()
    assert writing.remind(by=BY, at=at(7, 4)) == 0
    assert writing.remind(by=BY, at=at(7, 5) + timedelta(hours=1)) == 1
    assert writing.remind(by=BY, at=at(7, 7)) == 0
    assert mails()[0].context["kind"] == "unsent"
    typed(me, of, "526", at=at(7, 10))
    assert writing.remind(by=BY, at=at(7, 14)) == 1
    assert writing.promised_on(me.account.pk, at=at(7, 10)) == date(2026, 7, 13)


@pytest.mark.parametrize(
    "moment",
    [at(1, 13, year=2027), at(2, 1, year=2027), at(7, 20, year=2027)],
    ids=["last days", "suspended", "former"],
)
def test_the_reminder_that_was_promised_is_written_however_late_the_rent_is(moment: datetime) -> None:
    me = owner()
    of = tenancy(me.landlord)
    july_rent(of, 2025, 52_400)
    made.campaign()
    made.campaign(2027, at=at(7, 1, year=2027))
    Message.objects.all().delete()
    typed(me, of, "525", at=moment)
    promised = writing.promised_on(me.account.pk, at=moment)
    assert promised is not None
    on = datetime.combine(promised, time(12), UTC)
    writing.remind(by=BY, at=on)
    writing.remind(by=BY, at=on)
    (mail,) = [mail for mail in mails() if mail.context["kind"] == "unsent"]
    assert mail.context["year"] == 2026
    assert "/loyers/verifier/?annee=2026" in str(words_of(mail.template, mail.context))


def test_blocks_are_cut_between_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    me = one_owing()
    for _ in range(3):
        owner(me.landlord)
    other = owner(landlord(company_name="Autre"), credential=me.account.credential)
    tenancy(other.landlord)
    made.campaign()
    monkeypatch.setattr(due.due_for, "__kwdefaults__", {"beyond": 0, "limit": 2})
    monkeypatch.setattr(writing, "BLOCK", 2)
    assert writing.remind(by=BY, at=at(7, 31)) == 4
    assert CampaignReminder.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_nobody_twice() -> None:
    one_owing()
    together = Barrier(2)

    def work(_: int) -> int:
        together.wait()
        try:
            return writing.remind(by=BY, at=at(7, 31))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, range(2))) == [0, 1]
    assert len(mails()) == 1


@pytest.mark.parametrize("kind", ["opening", "remaining", "last_days", "closing", "late", "unsent"])
@pytest.mark.parametrize("several", [False, True])
def test_every_text_is_whole_and_its_subject_short(kind: str, several: bool) -> None:
    context = {
        "account_name": "Alliance", "login_id": "LOG000001A", "user_number": "44100000000001", "kind": kind, "year": 2026,
        "count": 16, "done": 41, "deadline": "2026-09-30", "suspension": "2027-01-15", "more": 2 if several else 0,
        "accounts": [["Alliance", 15], ["Autre", 1]] if several else [], "account_reference": "ABCD1234", "consults": True,
    }  # fmt: skip
    words = words_of(writing.TEMPLATE, context)
    assert len(words.splitlines()[0]) <= 60
    assert "16\u00a0loyers" in words
    assert ("| Autre | 1" in words) is several
    assert ("ces rappels" in words) is (kind != "opening")
    where = "/comptes/loyers-a-declarer/" if several else "/c/ABCD1234/bailleur/loyers/"
    where = "/comptes/" if several and kind == "closing" else where
    assert f"| {where}" in words.replace("/connexion/?suite=", "")
