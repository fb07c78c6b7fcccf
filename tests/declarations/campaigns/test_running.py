"""How a campaign runs: dates with bounds, waves held back, figures counted, who has not declared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from parvis.agents.posts import Role, duties_of
from parvis.audit.models import Entry
from parvis.correspondence.models import Channel, Message
from parvis.declarations.models import (
    CampaignDay,
    CampaignFigure,
    CampaignReminder,
    CampaignWave,
    Declaration,
    RentCampaign,
)
from parvis.declarations.refusals import DatesNotPossible, WaveNotPossible
from parvis.declarations.rules import Dates, change_in_words, median_class
from parvis.declarations.selectors.campaign import board, owing
from parvis.declarations.services import campaigns, july
from parvis.declarations.services.campaigns import dates, figures
from parvis.declarations.services.reminders import by_post, writing
from parvis.declarations.services.reminders import running as waves_running
from parvis.identity.models import Account, Credential
from parvis.kit.actors import Actor, system
from parvis.kit.clock import PARIS
from parvis.kit.refusals import ChangedMeanwhile, DutyMissing, NotFound
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.agents import colleague
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import Owner, office, owner
from tests.factories.tenancies import july_rent, many_tenancies, tenancy
from tests.factories.two_offices import HERE, THERE, two_offices

pytestmark = pytest.mark.django_db
NOW_SET = Dates(date(2026, 7, 1), date(2026, 9, 30), date(2027, 1, 15))
LATER = NOW_SET._replace(deadline_on=date(2026, 10, 15))
REASON = "Retard des courriers en juillet."
BY = system("worker")


def at(month: int, day: int, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, 8, 0, tzinfo=PARIS)


def one_owing(count: int = 2) -> Owner:
    me = owner()
    many_tenancies(me.landlord, count)
    Tenancy.objects.update(start_on="2025-09-01")
    made.campaign()
    return me


def change(new: Dates = LATER, *, office: str = "", seen: Dates | None = NOW_SET, reason: str = REASON) -> None:
    who = colleague().actor
    dates.set_dates(YEAR, office, new, seen=seen, reason=reason, by=who, at=NOW)


def test_the_deadline_is_put_off_and_the_journal_keeps_both_and_why() -> None:
    made.campaign()
    change()
    assert RentCampaign.objects.get().deadline_on == date(2026, 10, 15)
    entry = Entry.objects.get(event="declarations.dates_changed")
    assert (entry.details["before"][1], entry.details["after"][1]) == ("2026-09-30", "2026-10-15")
    assert entry.details["reason"] == REASON


@pytest.mark.parametrize(
    "new",
    [
        NOW_SET,
        NOW_SET._replace(opens_on=date(2026, 7, 2)),
        NOW_SET._replace(deadline_on=date(2026, 7, 20)),
        NOW_SET._replace(deadline_on=date(2027, 1, 2), suspension_on=date(2027, 3, 1)),
        NOW_SET._replace(suspension_on=date(2026, 10, 10)),
        NOW_SET._replace(suspension_on=date(2027, 7, 1)),
    ],
)
def test_dates_that_contradict_each_other_or_the_past_are_refused(new: Dates) -> None:
    made.campaign()
    with pytest.raises(DatesNotPossible):
        change(new)
    assert dates.dates_of(YEAR, "") == NOW_SET
    assert not Entry.objects.filter(event="declarations.dates_changed").exists()


def test_a_reason_is_asked_and_two_agents_do_not_undo_each_other() -> None:
    made.campaign()
    with pytest.raises(DatesNotPossible):
        change(reason="  ")
    change()
    with pytest.raises(ChangedMeanwhile):
        change(LATER._replace(deadline_on=date(2026, 10, 20)), seen=NOW_SET)


def test_an_office_gets_dates_of_its_own_once() -> None:
    office()
    made.campaign()
    change(office=HERE, seen=None)
    assert dates.dates_of(YEAR, HERE) == LATER
    assert dates.dates_of(YEAR, "") == NOW_SET
    with pytest.raises(ChangedMeanwhile):
        change(LATER._replace(deadline_on=date(2026, 10, 20)), office=HERE, seen=None)
    with pytest.raises(NotFound):
        change(office="999", seen=None)


def holding(role: Role, post: str) -> Actor:
    """An agent of a role at an office, or everywhere; the duties of national administrators are tried at one office too."""
    return replace(colleague((Role.RECEPTION, "")).actor, duties=duties_of([(role, post)]))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("post", [HERE, THERE, ""])
@pytest.mark.parametrize("where", [HERE, ""])
def test_only_who_runs_the_campaign_there_changes_it(role: Role, post: str, where: str) -> None:
    office()
    office(THERE, "Caf de Paris")
    made.campaign()
    by, seen = holding(role, post), None if where else NOW_SET

    def act() -> None:
        dates.set_dates(YEAR, where, LATER, seen=seen, reason=REASON, by=by, at=NOW)

    if role is Role.NATIONAL_ADMINISTRATOR and post in ("", where) and (where or not post):
        act()
        assert dates.dates_of(YEAR, where) == LATER
        return
    with pytest.raises(NotFound if role is Role.NATIONAL_ADMINISTRATOR else DutyMissing):
        act()
    assert dates.dates_of(YEAR, "") == NOW_SET


def test_what_changes_is_said_in_words() -> None:
    told = change_in_words("Toutes les caisses", LATER, NOW_SET, today=date(2026, 10, 3))
    assert told[0].endswith("jusqu’au 15 octobre 2026 est à l’heure (au lieu du 30 septembre 2026).")
    assert told[1] == "Les loyers en retard aujourd’hui ne le seront plus."


def test_a_wave_counts_what_it_writes() -> None:
    one_owing()
    writing.remind(by=BY, at=at(7, 31))
    row = CampaignWave.objects.get(wave="remaining", channel="email")
    assert (row.written, row.first_at) == (1, at(7, 31))
    writing.remind(by=BY, at=at(8, 1))
    row.refresh_from_db()
    assert row.written == 1


def test_a_paused_wave_leaves_nothing_and_goes_on_when_it_is_taken_up() -> None:
    one_owing()
    by = colleague().actor
    waves_running.pause(YEAR, "", "remaining", Channel.EMAIL, by=by, at=at(7, 30))
    assert writing.remind(by=BY, at=at(7, 31)) == 0
    assert not CampaignReminder.objects.exists()
    assert not Message.objects.filter(template=writing.TEMPLATE).exists()
    with pytest.raises(ChangedMeanwhile):
        waves_running.pause(YEAR, "", "remaining", Channel.EMAIL, by=by, at=at(7, 30))
    waves_running.resume(YEAR, "", "remaining", Channel.EMAIL, by=by, at=at(8, 1))
    with pytest.raises(ChangedMeanwhile):
        waves_running.resume(YEAR, "", "remaining", Channel.EMAIL, by=by, at=at(8, 1))
    assert writing.remind(by=BY, at=at(8, 2)) == 1
    assert list(Entry.objects.filter(event__startswith="declarations.wave").values_list("event", flat=True)) == [
        "declarations.wave_paused", "declarations.wave_resumed",
    ]  # fmt: skip


def test_a_wave_that_is_over_or_unknown_is_not_paused() -> None:
    one_owing()
    by = colleague().actor
    with pytest.raises(WaveNotPossible):
        waves_running.pause(YEAR, "", "remaining", Channel.EMAIL, by=by, at=at(9, 1))
    for wave, channel in (("nothing", Channel.EMAIL), ("closing", Channel.LETTER)):
        with pytest.raises(NotFound):
            waves_running.pause(YEAR, "", wave, channel, by=by, at=at(7, 30))
    other = colleague((Role.RECEPTION, "")).actor
    with pytest.raises(DutyMissing):
        waves_running.pause(YEAR, "", "remaining", Channel.EMAIL, by=other, at=at(7, 30))


def test_whom_no_mail_reaches_is_reminded_by_post_from_august_to_december_and_only_while_rents_are_left() -> None:
    me = one_owing()
    Account.objects.update(opened_at=None)
    moments = [at(7, 31), at(8, 30), at(9, 20), at(10, 30), at(11, 29), at(12, 29)]
    for moment in moments:
        writing.remind(by=BY, at=moment)
        writing.remind(by=BY, at=moment + timedelta(days=1))
    letters = list(Message.objects.filter(template=by_post.TEMPLATE).order_by("id"))
    assert [letter.context["kind"] for letter in letters] == [
        "remaining",
        "remaining",
        "last_days",
        "late",
        "late",
        "late",
    ]
    assert CampaignWave.objects.filter(channel="letter", written=1).count() == 6
    Message.objects.all().delete()
    CampaignReminder.objects.all().delete()
    july.prefill(me.actor, YEAR, at=NOW)
    made.sent(me)
    writing.remind(by=BY, at=at(10, 30))
    assert not Message.objects.filter(template=by_post.TEMPLATE).exists()


def test_the_figures_say_what_was_sent_when_and_how() -> None:
    me = owner()
    first, second = tenancy(me.landlord, last_name="Abadie"), tenancy(me.landlord, last_name="Benali")
    for of in (first, second):
        july_rent(of, YEAR - 1, 52_400)
    made.campaign()
    made.typed(me, first, "525", at=NOW - timedelta(hours=2))
    made.sent(me)
    figures.count(at=NOW)
    figure = CampaignFigure.objects.get(year=YEAR)
    assert (figure.submitted, figure.to_declare, figure.landlords, figure.owing) == (1, 1, 1, 1)
    day = CampaignDay.objects.get()
    assert (day.sent_on, day.way, day.sent, day.corrected) == (date(2026, 7, 21), "grid", 1, 0)
    assert median_class(day.delays) == "De 1 à 4\u00a0heures"
    made.typed(me, second, "525")
    made.sent(me, at=NOW + timedelta(days=1))
    assert figures.count_due(at=NOW + timedelta(minutes=5)) == 0
    assert figures.count_due(at=NOW + timedelta(minutes=16)) == 1
    assert sorted(CampaignDay.objects.values_list("sent_on", "sent")) == [
        (date(2026, 7, 21), 1),
        (date(2026, 7, 22), 1),
    ]


def test_whose_mailbox_nobody_has_counts_among_those_no_mail_reaches() -> None:
    me = one_owing()
    figures.count(at=NOW)
    assert CampaignFigure.objects.get().owing_by_post == 0
    Credential.objects.filter(accounts=me.account).update(email_refused_at=NOW)
    figures.count(at=NOW)
    assert CampaignFigure.objects.get().owing_by_post == 1


def test_the_dashboard_adds_up_the_offices_the_agent_follows() -> None:
    two = two_offices()
    made.campaign()
    july.prefill(two.chief.actor, YEAR, at=NOW)
    made.sent(two.chief)
    figures.count(at=NOW)
    everywhere = board.dashboard(colleague((Role.RECEPTION, "")).actor, YEAR, at=NOW)
    here = board.dashboard(colleague((Role.RECEPTION, HERE)).actor, YEAR, at=NOW)
    assert (everywhere.sent, here.sent) == (4, 2)
    assert [share.code for share in here.offices] == [HERE]
    assert [(bar.label, bar.value) for bar in here.days if bar.value] == [("21/07", 2)]
    lines = board.office_lines(colleague((Role.RECEPTION, "")).actor, YEAR, at=NOW)
    assert sorted((line.share.code, line.share.sent) for line in lines) == sorted([(HERE, 2), (THERE, 2)])
    assert sum(bar.value for bar in everywhere.weeks) == Declaration.objects.filter(kind="july_rent").count()
    with pytest.raises(NotFound):
        board.dashboard(colleague((Role.RECEPTION, HERE)).actor, YEAR, office=THERE, at=NOW)


def test_a_year_ago_is_compared_until_the_same_day() -> None:
    me = one_owing()
    campaigns.open_campaign(
        YEAR - 1,
        opens_on=date(2025, 7, 1),
        deadline_on=date(2025, 9, 30),
        suspension_on=date(2026, 1, 15),
        by=BY,
        at=NOW,
    )
    blank = {"caf_code": HERE, "way": "grid", "confirmed": 0, "corrected": 0, "delays": [0] * 8}
    for day, sent in ((date(2025, 7, 10), 5), (date(2025, 8, 20), 7)):
        CampaignDay.objects.create(year=YEAR - 1, sent_on=day, sent=sent, **blank)
    shown = board.dashboard(colleague().actor, YEAR, at=NOW)
    assert shown.before is not None
    assert (shown.before.sent, shown.before.percent, shown.before.median) == (5, None, "")
    assert shown.weeks[1].before == 5
    assert [(bar.label, bar.before) for bar in shown.days if bar.before] == [("10/07", 5)]
    lines = list(board.day_lines(colleague().actor, YEAR, at=NOW))
    assert [line.on for line in (lines[0], lines[-1])] == [date(2026, 7, 1), NOW.date()]
    assert (lines[9].before, lines[-1].before_so_far, lines[-1].so_far) == (5, 5, 0)
    assert me.landlord.pk


def test_the_landlords_who_owe_most_come_first_page_by_page() -> None:
    for count in (1, 3, 2):
        many_tenancies(owner().landlord, count)
    Tenancy.objects.update(start_on="2025-09-01")
    made.campaign()
    who = colleague((Role.RECEPTION, HERE)).actor
    first = owing.owing_at(who, YEAR, HERE, limit=2)
    assert [line.left for line in first] == [3, 2]
    rest = owing.owing_at(who, YEAR, HERE, after=(first[-1].left, first[-1].partner_id))
    assert [line.left for line in rest] == [1]
    assert sorted(line.left for line in owing.all_owing(who, YEAR)) == [1, 2, 3]
    with pytest.raises(NotFound):
        owing.owing_at(who, YEAR, THERE)
