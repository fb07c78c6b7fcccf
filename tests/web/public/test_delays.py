"""« Délais de traitement »: twelve months of them, and when a request of a day is likely to be answered."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.kit.actors import operator
from parvis.kit.clock import day_in_paris
from parvis.kit.days import months_later
from parvis.kit.periods import day, month, months_back
from parvis.landlords.models import ProcessingTime
from parvis.landlords.selectors.offices import delays_by_month
from parvis.parameters.catalogue import KEEP_DELAYS
from parvis.upkeep import retention
from tests.factories.landlords import office

pytestmark = pytest.mark.django_db
TODAY = day_in_paris(datetime.now(UTC))


def measured(on: date, low: int, high: int, *, topic: str = "mail", by: str = "") -> None:
    at = datetime.now(UTC) if by else None
    ProcessingTime.objects.create(
        office_id="441", topic=topic, min_weeks=low, max_weeks=high, measured_on=on, changed_by=by, changed_at=at
    )


def read(**asked: str) -> str:
    answer = Client().get(reverse("processing-times"), {"caisse": "441", **asked})
    assert answer.status_code == 200
    return answer.content.decode()


def test_twelve_months_are_drawn_and_told_with_a_gap_where_nothing_was_measured() -> None:
    office()
    months = months_back(TODAY, 12)
    for rank, first in enumerate(months):
        if rank != 4:
            measured(first, rank, rank + 1)
    measured(months_later(months[0], -1), 77, 78)
    page = read()
    rows = re.findall(r'<th scope="row">([^<]+)</th><td>([^<]+)</td>', page)
    assert [words.lower() for words, _ in rows] == [month(first) for first in months]
    assert rows[4][1] == "—"
    assert rows[11][1] == "11 à 12\u00a0semaines"
    assert "77" not in page
    assert page.count("Afficher les données") == 1
    assert page.count('class="aid soft"') == 2, "a month without measure parts the band"
    title = re.search(r"<title id=\"delais-441-mail-t\">([^<]+)</title>", page)
    assert title is not None
    assert f"11 à 12\u00a0semaines en {month(months[11])}" in title[1]


def test_a_lone_month_is_drawn_from_its_shortest_to_its_longest_delay_and_said() -> None:
    office()
    months = months_back(TODAY, 12)
    for rank, low, high in ((0, 2, 2), (1, 2, 3), (4, 5, 8), (8, 3, 3), (10, 4, 5), (11, 4, 6)):
        measured(months[rank], low, high)
    page = read()
    assert page.count('<path class="aid soft"') == 2, "two runs of months are bands"
    (bar,) = re.findall(r'<rect class="aid soft" x="([\d.]+)" y="([\d.]+)" width="12" height="([\d.]+)"/>', page)
    assert [float(sign) for sign in bar] == [128.0, 26.0, 40.5], "eight weeks to five, of eight that fill the height"
    assert 'd="M128.0 26.0h12M128.0 66.5h12"' in page
    assert page.count('class="dot"') == 5, "the ends of both bands, and the lone month of one delay"
    title = re.search(r"<title id=\"delais-441-mail-t\">([^<]+)</title>", page)
    assert title is not None
    told = [f"2\u00a0semaines en {month(months[0])}", f"5 à 8\u00a0semaines en {month(months[4])}"]
    told += [f"3\u00a0semaines en {month(months[8])}", f"4 à 6\u00a0semaines en {month(months[11])}"]
    assert title[1].partition("\u00a0: ")[2] == ", ".join(told)


def test_one_measure_alone_is_said_as_such() -> None:
    office()
    measured(TODAY, 4, 5)
    page = read()
    assert "une seule mesure, 4 à 5\u00a0semaines" in page
    assert (page.count('<rect class="aid soft"'), page.count('class="dot"')) == (1, 0)


def test_of_a_month_the_last_measure_counts_and_of_a_day_what_an_agent_typed() -> None:
    office()
    measured(date(2026, 5, 2), 9, 9)
    measured(date(2026, 5, 20), 3, 4)
    measured(date(2026, 5, 20), 5, 6, by="Élise Morvan")
    found = delays_by_month(["441"], since=date(2026, 1, 1))
    assert [(one.month, one.min_weeks, one.max_weeks) for one in found["441", "mail"]] == [(date(2026, 5, 1), 5, 6)]


def test_a_request_of_a_day_is_told_between_which_days_an_answer_is_likely() -> None:
    office()
    measured(TODAY, 4, 5)
    measured(TODAY, 2, 2, topic="bank_details")
    assert "Votre demande" not in read()
    asked = TODAY - timedelta(days=7)
    page = read(jour=day(asked))
    first, last = (day(asked + timedelta(weeks=count)) for count in (4, 5))
    assert f"Votre demande du {day(asked)}\u00a0: réponse probable entre le {first} et le {last}." in page
    assert f"réponse probable vers le {day(asked + timedelta(weeks=2))}." in page
    assert "Contacter cette caisse" not in page
    late = TODAY - timedelta(weeks=6)
    page = read(jour=day(late))
    assert f"la réponse était probable avant le {day(late + timedelta(weeks=5))}." in page
    assert "Contacter cette caisse" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("demain", "Écrivez une date"),
        ("31/02/2026", "jour"),
        ("<script>alert(1)</script>", "Écrivez une date"),
        ("01/01/2199", "Ce jour n’est pas encore venu."),
        ("01/01/1999", "Cette demande a plus de deux ans"),
    ],
)
def test_a_day_that_cannot_be_is_told_beside_its_field(typed: str, sentence: str) -> None:
    office()
    measured(TODAY, 4, 5)
    page = read(jour=typed)
    assert sentence in page
    assert 'href="#jour"' in page
    assert "Votre demande du" not in page
    assert "<script>alert" not in page


def test_a_day_without_an_office_asks_for_the_office() -> None:
    office()
    office("751", "Caf de Paris")
    assert "Choisissez votre caisse." in read(caisse="", jour="01/06/2026")


def test_the_page_asks_as_many_questions_after_years_of_measures_and_for_any_topics() -> None:
    office()
    measured(TODAY, 4, 5)
    with CaptureQueriesContext(connection) as before:
        read()
    for days in range(1, 200):
        measured(TODAY - timedelta(days=days * 10), 1, 2)
        measured(TODAY - timedelta(days=days * 10), 1, 2, topic="arrears")
    with CaptureQueriesContext(connection) as after:
        read()
    assert len(after) == len(before)


def test_old_measures_are_erased_and_the_last_of_each_topic_stays() -> None:
    office()
    now = datetime.now(UTC)
    old, kept = TODAY - timedelta(days=KEEP_DELAYS.default + 40), TODAY - timedelta(days=KEEP_DELAYS.default - 5)
    for on in (old, kept, TODAY):
        measured(on, 1, 2)
    measured(old, 3, 4, topic="arrears")
    retention.purge(operator("test"), now)
    found = ProcessingTime.objects.order_by("topic", "measured_on").values_list("topic", "measured_on")
    assert list(found) == [("arrears", old), ("mail", kept), ("mail", TODAY)]
