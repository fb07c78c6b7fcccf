"""« Préparer un courrier » : a letter to those who never signed in, once a month, by who runs the campaign."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from parvis.agents.posts import DUTIES, Role
from parvis.audit.models import Entry
from parvis.correspondence.models import Channel, Message
from parvis.declarations.refusals import LettersNotPossible
from parvis.declarations.services import campaigns
from parvis.declarations.services.campaigns import figures
from parvis.declarations.services.reminders import by_post, writing
from parvis.identity.models import Account
from parvis.kit.actors import Duty, system
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import DutyMissing
from parvis.tenancies.models import Tenancy
from tests.factories.agents import SQUARE, colleague
from tests.factories.landlords import Owner, landlord, office, owner
from tests.factories.tenancies import many_tenancies
from tests.identity.test_races import at_once

_LIMITS = by_post.never_signed_in.__kwdefaults__ or {}
PAGE = "/agents/campagne/courrier/"
pytestmark = pytest.mark.django_db


def _stage() -> tuple[int, Owner]:
    """An open campaign; a landlord with two rents left, who has never come in, beside one who has."""
    now = datetime.now(UTC)
    today = day_in_paris(now)
    year = today.year if today > date(today.year, 7, 2) else today.year - 1
    never, came = owner(landlord(company_name="Le Bail & Fils")), owner()
    for one in (never, came):
        many_tenancies(one.landlord, 2, name=one.landlord.company_name)
        one.landlord.third_party_numbers.update(channel="portal")
    Tenancy.objects.update(start_on=date(year - 1, 9, 1))
    Account.objects.filter(pk=never.account.pk).update(opened_at=None)
    campaigns.open_campaign(
        year, opens_on=date(year, 7, 1), deadline_on=date(year, 9, 30), suspension_on=date(year + 1, 1, 15),
        by=system("tests"), at=now,
    )  # fmt: skip
    campaigns.refresh_entries(by=system("tests"), at=now)
    figures.count(at=now)
    return year, never


@pytest.fixture
def stage() -> tuple[int, Owner]:
    return _stage()


def _letters() -> list[Message]:
    return list(Message.objects.filter(channel=Channel.LETTER))


def test_from_the_dashboard_to_the_letters(stage: tuple[int, Owner]) -> None:
    year, never = stage
    browser = colleague().browser()
    assert "Préparer un courrier" in browser.get("/agents/campagne/").content.decode()
    page = browser.get(PAGE).content.decode()
    assert "Bailleurs jamais connectés" in page
    assert "1,10" in page
    done = browser.post(f"{PAGE}?annee={year}", follow=True)
    assert done.redirect_chain[-1][0] == "/agents/courriers/"
    assert "1 lettre est écrite" in done.content.decode().replace("\u00a0", " ")
    (letter,) = _letters()
    assert letter.partner_id == never.landlord.pk
    assert letter.context["count"] == 2
    noted = Entry.objects.get(event="declarations.letters_asked")
    assert noted.details == {"letters": 1}


def test_beyond_what_one_click_writes_it_says_that_some_are_left(
    stage: tuple[int, Owner], monkeypatch: pytest.MonkeyPatch
) -> None:
    year, _ = stage
    other = owner(landlord(company_name="Les Glycines"))
    many_tenancies(other.landlord, 2, name="Glycine")
    other.landlord.third_party_numbers.update(channel="portal")
    Tenancy.objects.update(start_on=date(year - 1, 9, 1))
    Account.objects.filter(pk=other.account.pk).update(opened_at=None)
    campaigns.refresh_entries(by=system("tests"), at=datetime.now(UTC))
    monkeypatch.setattr(writing, "MOST_ASKED", 1)
    monkeypatch.setattr(by_post.never_signed_in, "__kwdefaults__", {**_LIMITS, "limit": 1})
    browser = colleague().browser()
    first = browser.post(f"{PAGE}?annee={year}", follow=True)
    assert first.redirect_chain[-1][0].startswith(PAGE)
    assert "1 lettre est écrite, mais il en reste à écrire" in first.content.decode().replace("\u00a0", " ")
    last = browser.post(f"{PAGE}?annee={year}", follow=True)
    assert "C’est fait. 1 lettre est écrite." in last.content.decode().replace("\u00a0", " ")
    assert len(_letters()) == 2


def test_a_second_click_writes_nothing(stage: tuple[int, Owner]) -> None:
    browser = colleague().browser()
    browser.post(PAGE)
    again = browser.post(PAGE, follow=True).content.decode()
    assert "Aucune lettre à écrire" in again
    assert len(_letters()) == 1


def test_a_month_later_it_may_be_said_again(stage: tuple[int, Owner]) -> None:
    year, _ = stage
    by, now = colleague().actor, datetime.now(UTC)
    assert writing.write_to_never_signed_in(year, "", by=by, at=now) == 1
    assert writing.write_to_never_signed_in(year, "", by=by, at=now + timedelta(days=20)) == 0
    assert writing.write_to_never_signed_in(year, "", by=by, at=now + timedelta(days=32)) == 1


def test_a_letter_of_a_wave_counts_too(stage: tuple[int, Owner]) -> None:
    year, _ = stage
    opening = datetime(year, 7, 1, 9, 0, tzinfo=UTC)
    writing.remind(by=system("clock"), at=opening)
    written = len(_letters())
    assert written == 1
    assert writing.write_to_never_signed_in(year, "", by=colleague().actor, at=opening + timedelta(days=10)) == 0


def test_another_office_is_not_written_to(stage: tuple[int, Owner]) -> None:
    year, _ = stage
    office("751", "Caf de Paris")
    by, now = colleague().actor, datetime.now(UTC)
    assert writing.write_to_never_signed_in(year, "751", by=by, at=now) == 0
    assert writing.write_to_never_signed_in(year, "441", by=by, at=now) == 1


def test_without_an_open_campaign_nothing_is_written(stage: tuple[int, Owner]) -> None:
    with pytest.raises(LettersNotPossible):
        writing.write_to_never_signed_in(1999, "", by=colleague().actor, at=datetime.now(UTC))
    assert not _letters()


@pytest.mark.parametrize(("role", "place"), SQUARE)
def test_by_who_runs_the_campaign(stage: tuple[int, Owner], role: Role, place: str) -> None:
    office("751", "Caf de Paris")
    who, allowed = colleague((role, place)), Duty.RUN_CAMPAIGN in DUTIES[role]
    answer = who.browser().post(PAGE)
    assert answer.status_code == (302 if allowed else 403)
    assert len(_letters()) == int(allowed)
    assert ("Préparer un courrier" in who.browser().get("/agents/campagne/").content.decode()) == allowed
    if not allowed:
        with pytest.raises(DutyMissing):
            writing.write_to_never_signed_in(stage[0], "", by=who.actor, at=datetime.now(UTC))


@pytest.mark.parametrize("query", ["caisse=999", "annee=1999", "annee=x"])
def test_what_an_address_makes_up_is_not_found(stage: tuple[int, Owner], query: str) -> None:
    assert colleague().browser().get(f"{PAGE}?{query}").status_code == 404
    assert colleague().browser().post(f"{PAGE}?{query}").status_code == 404


def test_the_page_is_for_agents(stage: tuple[int, Owner]) -> None:
    assert Client().get(PAGE).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_write_once() -> None:
    year, _ = _stage()
    by, now = colleague().actor, datetime.now(UTC)
    counts = at_once(2, lambda _: writing.write_to_never_signed_in(year, "", by=by, at=now))
    assert sorted(counts) == [0, 1]
    assert len(_letters()) == 1
