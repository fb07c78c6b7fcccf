"""Processing times: typed by agents beside what the feed brings; the newest measure counts, the others are its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from parvis.agents.posts import DUTIES, Role
from parvis.audit.models import Entry
from parvis.declarations.selectors import receipt_of
from parvis.kit.actors import Duty
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import ChangedMeanwhile, DutyMissing, NotFound
from parvis.landlords.models import ProcessingTime
from parvis.landlords.selectors import delays_of
from parvis.landlords.services.offices.measures import Measure, measure
from tests.factories import declarations
from tests.factories.agents import colleague
from tests.factories.landlords import office, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
TODAY = day_in_paris(NOW)
PAGE = "/agents/delais/441/mail/"


@pytest.fixture(autouse=True)
def by_feed() -> ProcessingTime:
    """What the feed brought ten days ago."""
    office("441", "Caf de la Loire-Atlantique")
    return ProcessingTime.objects.create(
        office_id="441", topic="mail", min_weeks=1, max_weeks=2, measured_on=TODAY - timedelta(days=10)
    )


def typed(now: ProcessingTime | None, **more: str) -> dict[str, str]:
    form = {"min_weeks": "3", "max_weeks": "5", "measured_on": f"{TODAY:%d/%m/%Y}", "reason": "Retard du courrier"}
    return {**form, "seen": str(now.pk) if now else "", **more}


def in_force() -> tuple[int, int]:
    (found,) = [line for line in delays_of(["441"])["441"] if line.topic == "mail"]
    return found.min_weeks, found.max_weeks


@pytest.mark.parametrize("page", ["/agents/delais/", PAGE])
@pytest.mark.parametrize("role", list(Role))
def test_the_pages_are_for_those_who_edit_what_is_said(page: str, role: Role) -> None:
    assert Client().get(page).status_code == 302
    answer = colleague((role, "" if role is Role.NATIONAL_ADMINISTRATOR else "441")).browser().get(page)
    assert answer.status_code == (200 if Duty.EDIT_TEXTS in DUTIES[role] else 403)


def test_what_an_agent_types_is_read_by_landlords_at_once(by_feed: ProcessingTime) -> None:
    boss = colleague()
    browser = boss.browser()
    assert "Flux de la caisse" in browser.get("/agents/delais/?caisse=441").content.decode()
    done = browser.post(PAGE, typed(by_feed), follow=True).content.decode()
    assert "3 à 5\u00a0semaines" in done
    assert boss.agent.login in done
    assert "3 à 5\u00a0semaines" in Client().get("/delais/?caisse=441").content.decode()
    history = browser.get(PAGE).content.decode()
    assert "Retard du courrier" in history
    assert "1 à 2\u00a0semaines" in history
    entry = Entry.objects.get(event="landlords.processing_time_set")
    assert (entry.subject, entry.details["before"][:2], entry.details["after"][:2]) == (
        "processing_time:441:mail", [1, 2], [3, 5],
    )  # fmt: skip


def test_a_second_click_is_not_a_second_measure(by_feed: ProcessingTime) -> None:
    browser = colleague().browser()
    for _ in range(2):
        assert browser.post(PAGE, typed(by_feed)).status_code == 302
    assert ProcessingTime.objects.count() == 2


def test_a_page_that_is_out_of_date_changes_nothing(by_feed: ProcessingTime) -> None:
    boss = colleague()
    boss.browser().post(PAGE, typed(by_feed))
    with pytest.raises(ChangedMeanwhile):
        measure("441", "mail", Measure(4, 6, TODAY), seen=by_feed.pk, reason="Essai", by=boss.actor, at=NOW)
    assert in_force() == (3, 5)


def test_a_later_measure_of_the_feed_replaces_it(by_feed: ProcessingTime) -> None:
    colleague().browser().post(PAGE, typed(by_feed, measured_on=f"{TODAY - timedelta(days=3):%d/%m/%Y}"))
    assert in_force() == (3, 5)
    ProcessingTime.objects.create(office_id="441", topic="mail", min_weeks=0, max_weeks=1, measured_on=TODAY)
    assert in_force() == (0, 1)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"min_weeks": ""}, "Indiquez un nombre de semaines."),
        ({"min_weeks": "-1"}, "de 0 à 104"),
        ({"max_weeks": "2"}, "du plus court délai à 104"),
        ({"max_weeks": "9" * 40}, "du plus court délai à 104"),
        ({"max_weeks": "x\x00"}, "Écrivez un nombre entier de semaines."),
        ({"measured_on": "demain"}, "Écrivez une date"),
        ({"measured_on": f"{TODAY + timedelta(days=1):%d/%m/%Y}"}, "Ce jour n’est pas encore venu."),
        ({"measured_on": f"{TODAY - timedelta(days=20):%d/%m/%Y}"}, "écrivez ce jour ou un jour suivant"),
        ({"measured_on": f"{date(1999, 1, 1):%d/%m/%Y}"}, "plus d’un an"),
        ({"reason": " "}, "Dites en quelques mots pourquoi."),
        ({"seen": "0"}, "a changé entre-temps"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(
    bad: dict[str, str], sentence: str, by_feed: ProcessingTime
) -> None:
    page = colleague().browser().post(PAGE, typed(by_feed, **bad)).content.decode()
    assert sentence in page
    assert ProcessingTime.objects.count() == 1


def test_what_an_address_makes_up_is_not_found() -> None:
    for made_up in ("999/mail/", "441/rien/", "?caisse=999"):
        assert colleague().browser().get(f"/agents/delais/{made_up}").status_code == 404


def test_the_service_asks_for_the_duty_and_the_office_too(by_feed: ProcessingTime) -> None:
    boss, desk = colleague().actor, colleague((Role.RECEPTION, "")).actor
    elsewhere = replace(boss, duties=frozenset({(Duty.EDIT_TEXTS, "751")}))
    for who, refusal in ((elsewhere, NotFound), (desk, DutyMissing)):
        with pytest.raises(refusal):
            measure("441", "mail", Measure(3, 5, TODAY), seen=by_feed.pk, reason="x", by=who, at=NOW)
    assert in_force() == (1, 2)


def test_whoever_asks_the_database_reads_the_measure_in_force_alone(by_feed: ProcessingTime) -> None:
    colleague().browser().post(PAGE, typed(by_feed))
    with connection.cursor() as cursor:
        cursor.execute("SELECT topic, min_weeks, max_weeks FROM landlords_delay WHERE office_id = '441'")
        assert cursor.fetchall() == [("mail", 3, 5)]


def test_a_receipt_is_one_however_often_its_office_was_measured() -> None:
    me = owner()
    for back, low in ((10, 1), (0, 3)):
        ProcessingTime.objects.create(
            office_id="441", topic="july_rent", min_weeks=low, max_weeks=4, measured_on=TODAY - timedelta(days=back)
        )
    rented = tenancy(me.landlord)
    july_rent(rented, declarations.YEAR - 1, 52_400)
    declarations.campaign()
    declarations.typed(me, rented, "525")
    (receipt,) = declarations.sent(me)
    assert receipt_of(me.actor, receipt.number).weeks == (3, 4)
