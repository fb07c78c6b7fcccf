"""The own value of an office, over that of all: where it counts, who sets it, how it is taken away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from parvis.audit.models import Entry
from parvis.contact.selectors.own import answer_days
from parvis.declarations.models import RentCampaign
from parvis.declarations.services.reminders import running, waves
from parvis.exchange.formats import FORMATS
from parvis.exchange.formats.format import Absence
from parvis.exchange.inbound.loading import Held, check_limit
from parvis.kit.actors import Actor, ActorKind, Duty, operator
from parvis.kit.refusals import ChangedMeanwhile, DutyMissing
from parvis.parameters import selectors, services
from parvis.parameters.catalogue import FEED_MOST_ENDED, PARAMETERS
from parvis.parameters.models import ParameterValue
from tests.factories.agents import colleague
from tests.factories.landlords import office

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 21, 8, 26, tzinfo=UTC)
BOSS = operator("office")
NAMED = "feed_most_ended"


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    selectors.forget()
    yield
    selectors.forget()


def given(value: int, of: str = "", name: str = NAMED) -> None:
    services.change(name, value, office=of, by=BOSS, at=NOW, reason="Essai")


def of_office(code: str) -> int:
    return selectors.value(FEED_MOST_ENDED, office=code)


def test_an_office_follows_all_until_it_has_its_own_and_again_afterwards() -> None:
    given(20, "441")
    assert (of_office("441"), of_office("751"), selectors.value(FEED_MOST_ENDED)) == (20, 5, 5)
    given(9)
    assert (of_office("441"), of_office("751")) == (20, 9)
    services.follow_all(NAMED, office="441", by=BOSS, at=NOW, reason="Fini")
    services.follow_all(NAMED, office="441", by=BOSS, at=NOW, reason="Fini")
    assert of_office("441") == 9
    told = Entry.objects.filter(event="parameters.changed", details__office="441").order_by("id")
    assert [(entry.details["before"], entry.details["after"]) for entry in told] == [
        ("toutes les caisses", 20), (20, "toutes les caisses"),
    ]  # fmt: skip
    assert [line.own for line in selectors.all_parameters() if line.own] == []


def test_the_same_number_as_all_is_still_one_s_own() -> None:
    given(5, "441")
    given(9)
    assert (of_office("441"), of_office("751")) == (5, 9)


@pytest.mark.parametrize(
    ("duties", "of", "may"),
    [
        ({(Duty.SET_PARAMETERS, "441")}, "441", True),
        ({(Duty.SET_PARAMETERS, "441")}, "751", False),
        ({(Duty.SET_PARAMETERS, "441")}, "", False),
        ({(Duty.SET_PARAMETERS, "")}, "751", True),
        ({(Duty.SET_PARAMETERS, "")}, "", True),
        ({(Duty.EDIT_TEXTS, ""), (Duty.RUN_CAMPAIGN, "441")}, "441", False),
    ],
)
def test_whoever_sets_parameters_of_one_office_sets_those_of_no_other(
    duties: set[tuple[Duty, str]], of: str, may: bool
) -> None:
    by = replace(Actor(ActorKind.AGENT, "a.b"), duties=frozenset(duties))
    with nullcontext() if may else pytest.raises(DutyMissing):
        services.change(NAMED, 20, office=of, by=by, at=NOW, reason="x")
    with nullcontext() if may else pytest.raises(DutyMissing):
        services.follow_all(NAMED, office=of, by=by, at=NOW, reason="x")
    assert ParameterValue.objects.exists() is may


def test_what_is_the_same_everywhere_and_what_is_out_of_bounds_is_refused() -> None:
    with pytest.raises(services.NotAParameter, match="même pour toutes"):
        given(60, "441", "code_delay")
    with pytest.raises(services.NotAParameter, match="va de 1 à 50"):
        given(51, "441")
    assert selectors.value(PARAMETERS["code_delay"], office="441") == 1_440


def test_a_change_made_meanwhile_is_told_for_each_office_apart() -> None:
    given(20, "441")
    services.change(NAMED, 7, office="751", by=BOSS, at=NOW, reason="x", seen=0)
    with pytest.raises(ChangedMeanwhile, match="a mis 20"):
        services.change(NAMED, 8, office="441", by=BOSS, at=NOW, reason="x", seen=0)


def test_a_full_file_is_held_by_the_limit_of_each_office() -> None:
    given(20, "441")
    landlords = FORMATS["landlords"]
    check_limit(landlords, [Absence("441", 100, 20)])
    with pytest.raises(Held, match="caisse 751") as held:
        check_limit(landlords, [Absence("441", 100, 20), Absence("751", 100, 6)])
    assert "caisse 441" not in held.value.sentence
    assert "plus de 5" in held.value.sentence


def test_the_pace_of_an_office_counts_for_its_own_campaign() -> None:
    office("751", "Caf de Paris")
    dates = {
        "opens_on": date(2026, 7, 1),
        "deadline_on": date(2026, 9, 30),
        "suspension_on": date(2027, 1, 15),
        "year": 2026,
    }
    of_all, own = RentCampaign(**dates), RentCampaign(**dates, office_id="751")
    given(20, "751", "reminder_before_deadline")
    given(0, "751", "reminder_letters")
    last = [next(one.on for one in running.waves_of(each) if one.kind == waves.LAST_DAYS) for each in (of_all, own)]
    assert last == [date(2026, 9, 20), date(2026, 9, 10)]
    assert [waves.goes_by_post(waves.REMAINING, each) for each in (None, "441", "751")] == [True, True, False]
    assert waves.goes_by_post(waves.OPENING, "751")


def test_the_answer_announced_is_that_of_the_office() -> None:
    given(7, "441", "message_answered_in")
    days = answer_days({"441": "Ici", "751": "Paris"}, at=NOW)
    assert days == {"441": date(2026, 7, 28), "751": date(2026, 8, 18)}


def test_the_page_sets_it_for_one_office_and_takes_it_away() -> None:
    office("441", "Caf de Loire-Atlantique")
    office("751", "Caf de Paris")
    browser, address = colleague().browser(), f"/agents/reglages/{NAMED}/"
    assert "Aucune caisse n’a la sienne." in browser.get(address).content.decode()
    here = f"{address}?caisse=751"
    done = browser.post(here, {"value": "12", "reason": "Fusion", "seen": "0"}, follow=True).content.decode()
    assert "Valeur propre à Caf de Paris" in done
    assert "Comme partout" in done, "what was before"
    assert (of_office("751"), of_office("441")) == (12, 5)
    assert "La nouvelle valeur compte pour Caf de Paris" in done
    own = r'<a href="\?caisse=751">Caf de Paris</a></th><td class="r" data-l="Valeur">\s*12\s'
    assert re.search(own, browser.get(address).content.decode())
    assert "1 caisse a la sienne" in browser.get("/agents/reglages/").content.decode().replace("\u00a0", " ")
    again = browser.post(here, {"comme-partout": "1"}, follow=True).content.decode()
    assert "y compte de nouveau" in again
    assert of_office("751") == 5
    assert "Aucune caisse n’a la sienne." in browser.get(address).content.decode()


def test_the_command_lists_own_values_and_takes_one_away() -> None:
    office("751", "Caf de Paris")
    out = StringIO()
    given(9)
    given(20, "751")
    call_command("parameters", stdout=out)
    told = "    751 : 20 % (donné par"
    assert out.getvalue().count(told) == 1
    assert out.getvalue().index("feed_most_ended = 9") < out.getvalue().index(told)
    call_command("parameters", NAMED, "--office", "751", "--withdraw", stdout=out)
    assert "feed_most_ended = 9 (751, comme partout)" in out.getvalue()
    assert of_office("751") == 9
    after = StringIO()
    call_command("parameters", stdout=after)
    assert told not in after.getvalue()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([NAMED, "--withdraw"], "Indiquez la caisse"),
        ([NAMED, "7", "--office", "751", "--withdraw"], "aucune valeur"),
        ([NAMED, "--office", "751", "--withdraw"], "n’a pas de valeur propre"),
        (["rien", "--office", "751", "--withdraw"], "n’a pas de valeur propre"),
    ],
)
def test_the_command_withdraws_nothing_else(said: list[str], why: str) -> None:
    given(20, "441")
    with pytest.raises(CommandError, match=why):
        call_command("parameters", *said)
    assert of_office("441") == 20


@pytest.mark.parametrize(
    "asked", ["feed_most_ended/?caisse=999", "code_delay/?caisse=441", "feed_most_ended/?caisse=4412"]
)
def test_an_office_there_is_none_of_or_a_parameter_of_all_is_not_found(asked: str) -> None:
    office("441", "Caf de Loire-Atlantique")
    assert colleague().browser().get(f"/agents/reglages/{asked}").status_code == 404
