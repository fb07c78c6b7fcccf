"""The dashboard beside last year's: as many days after the opening, office by office and way by way, from sums of the database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.agents.posts import Role
from parvis.declarations.models import CampaignDay, CampaignFigure
from parvis.declarations.rules import DELAY_CLASSES
from parvis.declarations.selectors.campaign import board, pace
from parvis.declarations.services import campaigns
from parvis.kit.actors import system
from tests.factories import declarations as made
from tests.factories.agents import colleague
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import office
from tests.factories.two_offices import HERE, THERE

pytestmark = pytest.mark.django_db
LAST = YEAR - 1
FAST = [6, 0, 0, 0, 0, 0, 0, 0]


def day(year: int, on: date, sent: int, *, code: str = HERE, way: str = "grid", confirmed: int = 0) -> None:
    CampaignDay.objects.create(
        year=year, caf_code=code, sent_on=on, way=way, sent=sent, confirmed=confirmed, corrected=1, delays=FAST
    )


def figure(year: int, code: str, *, left: int, sent: int) -> None:
    blank = dict.fromkeys(("drafted", "to_confirm", "to_correct", "integrated", "rejected", "owing_by_post"), 0)
    CampaignFigure.objects.create(
        year=year, caf_code=code, to_declare=left, submitted=sent, landlords=1, owing=1, never_signed_in=0,
        counted_at=NOW, **blank,
    )  # fmt: skip


@pytest.fixture
def two_years() -> None:
    """Two campaigns at two offices; NOW is the twentieth day of this one."""
    office(HERE), office(THERE, "Caf de Paris")
    made.campaign()
    campaigns.open_campaign(
        LAST, opens_on=date(LAST, 7, 3), deadline_on=date(LAST, 9, 30), suspension_on=date(YEAR, 1, 15),
        by=system("tests"), at=NOW,
    )  # fmt: skip
    CampaignFigure.objects.all().delete()
    for code, sent in ((HERE, 40), (THERE, 90)):
        figure(YEAR, code, left=100 - sent, sent=sent)
        figure(LAST, code, left=0, sent=200)
    same_day = date(LAST, 7, 3) + (NOW.date() - date(YEAR, 7, 1))
    day(LAST, same_day, 50, confirmed=3)
    day(LAST, same_day + timedelta(days=1), 150, way="file", confirmed=5)
    day(LAST, date(LAST, 7, 4), 20, code=THERE, way="file")
    day(YEAR, date(YEAR, 7, 5), 40, way="grid", confirmed=2)
    day(YEAR, date(YEAR, 7, 6), 90, code=THERE, way="api")


@pytest.mark.usefixtures("two_years")
def test_offices_and_ways_stand_beside_the_same_day_a_year_ago() -> None:
    shown = board.dashboard(colleague((Role.RECEPTION, "")).actor, YEAR, at=NOW)
    assert [(share.code, share.percent, share.before) for share in shown.offices] == [(HERE, 40, 25), (THERE, 90, 10)]
    assert [(bar.label, bar.value, bar.before) for bar in shown.ways] == [
        ("API", 90, 0), ("Tableau", 40, 50), ("Fichier", 0, 20), ("Fiche", 0, 0), ("Papier", 0, 0),
    ]  # fmt: skip
    assert shown.before == board.Before(70, 17, 3, 2, DELAY_CLASSES[0])
    assert (shown.confirmed, shown.corrected, shown.median) == (2, 2, DELAY_CLASSES[0])


@pytest.mark.usefixtures("two_years")
def test_an_agent_of_one_office_compares_that_one_alone() -> None:
    shown = board.dashboard(colleague((Role.RECEPTION, HERE)).actor, YEAR, at=NOW)
    assert [(share.code, share.before) for share in shown.offices] == [(HERE, 25)]
    assert shown.before == board.Before(50, 25, 3, 1, DELAY_CLASSES[0])


@pytest.mark.usefixtures("two_years")
def test_what_is_read_does_not_grow_with_the_offices() -> None:
    few = len(pace.day_totals([HERE], YEAR))
    for number in range(300, 340):
        office(str(number), f"Caf {number}")
        day(YEAR, date(YEAR, 7, 5), 1, code=str(number))
    codes = [HERE, *(str(number) for number in range(300, 340))]
    found = pace.day_totals(codes, YEAR)
    assert len(found) == few
    assert pace.added_up(row.totals for row in found if row.year == YEAR).sent == 80
    actor = colleague((Role.RECEPTION, "")).actor
    with CaptureQueriesContext(connection) as queries:
        board.dashboard(actor, YEAR, at=NOW)
    assert len(queries) <= 8


@pytest.mark.usefixtures("two_years")
def test_the_page_says_both_years_and_so_do_the_tables() -> None:
    # The page reads the clock: last year, all was sent on the first day.
    CampaignDay.objects.filter(year=LAST).delete()
    day(LAST, date(LAST, 7, 3), 50, confirmed=3)
    day(LAST, date(LAST, 7, 3), 20, code=THERE, way="file")
    page = colleague((Role.RECEPTION, "")).browser().get(f"/agents/campagne/?annee={YEAR}").content.decode()
    text = page.replace("\u00a0", " ").replace("\u202f", " ")
    assert f"<small>{LAST} : 25 %</small>" in text
    assert "<dd>17 % <small>70 loyers</small></dd>" in text
    assert text.count(f'<th scope="col">{LAST}, à la même date</th>') == 2
    assert f"{LAST} : 3</small>" in text
    assert text.count("Afficher les données") == 3
    assert text.count('class="then-part"') == 7
