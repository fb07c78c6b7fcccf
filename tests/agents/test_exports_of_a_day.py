"""What an agent takes alone counts together over a day, and a file that takes two is read no further than the limit (security.md T64)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict
from django.test import Client

from parvis.agents.models import ExportRequest
from parvis.agents.selectors.exports import left_alone, taken_alone
from parvis.agents.services import exports
from parvis.audit.models import Entry
from parvis.kit.actors import system
from parvis.kit.clock import PARIS, day_in_paris
from parvis.kit.periods import day
from parvis.parameters.services import change
from parvis.sheets.writing import TYPES, Cell
from parvis.web.backoffice.downloads import PersonalTable, personal_file
from parvis.web.backoffice.views.journal import table
from tests.factories.agents import Colleague, colleague

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
TODAY = day(day_in_paris(NOW))
LIST = "/agents/fichiers/"
JOURNAL = "/agents/journal/telecharger/"
MORNING = datetime(2026, 7, 8, 0, 1, tzinfo=PARIS)


@pytest.fixture
def asker() -> Colleague:
    """Five entries of two dossiers in the journal; four lines are the most an agent takes alone in a day."""
    change("export_alone", 4, by=system("tests"), at=NOW)
    for subject in ("un", "un", "un", "deux", "deux"):
        Entry.objects.create(at=NOW, event="x", actor_kind="system", actor_label="tests", subject=subject)
    return colleague()


def take(browser: Client, subject: str) -> bool:
    """Whether the entries about something leave at once; if not, the way leads to the request."""
    answer = browser.post(f"{JOURNAL}?since={TODAY}&until={TODAY}&subject={subject}")
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith(f"{LIST}demander/?liste=journal&")
    return answer.status_code == 200


def a_table(who: Colleague, rows: Iterator[list[Cell]], ending: str = "csv") -> PersonalTable:
    """A file of any lines."""
    asked = QueryDict(f"since={TODAY}&until={TODAY}&subject=un")
    return replace(table(who.actor, asked, at=NOW), rows=rows, ending=ending)


def test_short_files_of_a_day_count_together(asker: Colleague) -> None:
    browser = asker.browser()
    assert take(browser, "un")
    told = Entry.objects.get(event="agents.export_alone")
    assert (told.actor_label, told.details["rows"]) == (asker.agent.login, 3)
    assert not take(browser, "deux")
    assert Entry.objects.filter(event="agents.journal_exported").count() == 1
    assert Entry.objects.filter(event="agents.export_alone").count() == 1
    other = colleague()
    assert take(other.browser(), "deux"), "what one takes is not counted with another"


def test_the_same_file_again_counts_once(asker: Colleague) -> None:
    browser = asker.browser()
    assert [take(browser, "un") for _ in range(3)] == [True] * 3
    assert taken_alone(asker.actor, at=NOW) == 3
    assert Entry.objects.filter(event="agents.journal_exported").count() == 3
    one, same = (
        replace(a_table(asker, iter([])), query={"since": TODAY, "format": ending})
        for ending in TYPES
        if ending != "ods"
    )
    assert one.which == same.which != a_table(asker, iter([])).which


def test_a_file_that_grew_counts_as_long_as_it_was(asker: Colleague) -> None:
    for rows in (1, 4, 2):
        exports.take_alone("Liste", "a", rows=rows, by=asker.actor, at=NOW)
    assert (taken_alone(asker.actor, at=NOW), left_alone(asker.actor, "b", at=NOW)) == (4, 0)
    assert left_alone(asker.actor, "a", at=NOW) == 4
    change("export_alone", 3, by=system("tests"), at=NOW)
    assert left_alone(asker.actor, "b", at=NOW) == 0


def test_the_count_begins_anew_with_the_day_in_paris(asker: Colleague) -> None:
    before = MORNING - timedelta(minutes=2)
    exports.take_alone("Liste", "a", rows=4, by=asker.actor, at=before)
    assert left_alone(asker.actor, "b", at=before) == 0
    assert left_alone(asker.actor, "b", at=MORNING) == 4


def test_what_another_agent_agreed_to_is_not_counted(asker: Colleague) -> None:
    change("export_alone", 2, by=system("tests"), at=NOW)
    browser, other = asker.browser(), colleague()
    assert not take(browser, "un")
    there = f"{LIST}demander/?liste=journal&since={TODAY}&until={TODAY}&subject=un"
    browser.post(there, {"reason": "Contrôle de la semaine"})
    asked = ExportRequest.objects.get()
    exports.agree(asked.reference, by=other.actor, at=NOW)
    assert browser.post(f"{LIST}{asked.reference}/prendre/").status_code == 200
    assert take(browser, "deux")


def test_the_agent_reads_why(asker: Colleague) -> None:
    browser, there = asker.browser(), f"{LIST}demander/?liste=journal&since={TODAY}&until={TODAY}&subject=deux"
    most = "Un agent prend seul 4\u00a0lignes par jour au plus, tous fichiers de personnes ensemble."
    assert f"{most} Vous n’en avez pris aucune aujourd’hui." in browser.get(LIST).content.decode()
    assert take(browser, "un")
    for address in (there, LIST):
        assert f"{most} Vous en avez pris 3\u00a0lignes aujourd’hui." in browser.get(address).content.decode()
    change("export_alone", 0, by=system("tests"), at=NOW)
    assert "Aucun fichier qui nomme des personnes ne se prend seul." in browser.get(there).content.decode()


@pytest.mark.parametrize("ending", list(TYPES))
def test_nothing_is_read_beyond_the_limit(asker: Colleague, ending: str) -> None:
    read = []

    def endless() -> Iterator[list[Cell]]:
        for number in range(1_000):
            read.append(number)
            yield [number]

    answer = personal_file(a_table(asker, endless(), ending), by=asker.actor, at=NOW)
    assert (answer.status_code, len(read)) == (302, 5)
    assert not Entry.objects.filter(event__in=["agents.export_alone", "agents.journal_exported"]).exists()


def test_of_two_files_at_once_the_second_is_refused(asker: Colleague) -> None:
    """The other one leaves while this one is written, after what is left was first read."""

    def meanwhile() -> Iterator[list[Cell]]:
        exports.take_alone("Autre", "autre", rows=3, by=asker.actor, at=NOW)
        yield ["une"]
        yield ["deux"]

    answer = personal_file(a_table(asker, meanwhile()), by=asker.actor, at=NOW)
    assert answer.status_code == 302
    assert not Entry.objects.filter(event="agents.journal_exported").exists()
