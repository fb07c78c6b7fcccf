"""The journal, as those who answer for it read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from parvis.agents.posts import Role
from parvis.audit.journal import Event, record
from parvis.audit.models import Entry
from parvis.kit.actors import Actor, ActorKind
from tests.factories.agents import colleague
from tests.factories.landlords import landlord, office

pytestmark = pytest.mark.django_db
NOTED = Event("tests.noted", "Chose notée pour l’essai")
NOW = datetime.now(UTC)


def _note(subject: str, *, at: datetime = NOW, by: Actor | None = None) -> None:
    with transaction.atomic():
        record(NOTED, subject=subject, by=by or Actor(ActorKind.SYSTEM, "essai"), at=at, why="pour voir")


def test_today_is_shown_first_and_older_days_when_asked() -> None:
    _note("AUJOURDHUI")
    _note("AVANT-HIER", at=NOW - timedelta(days=2))
    browser = colleague().browser()
    page = browser.get("/agents/journal/").content.decode()
    assert "AUJOURDHUI" in page
    assert "Chose notée pour l’essai" in page
    assert "AVANT-HIER" not in page
    since = (NOW - timedelta(days=3)).strftime("%d/%m/%Y")
    assert "AVANT-HIER" in browser.get("/agents/journal/", {"since": since}).content.decode()


def test_it_is_narrowed_by_who_what_and_which() -> None:
    _note("UN")
    _note("DEUX", by=Actor(ActorKind.SYSTEM, "autre"))
    browser = colleague().browser()
    for asked, found, left in (
        ({"subject": "UN"}, "UN</span>", "DEUX"),
        ({"label": "autre"}, "DEUX", "UN</span>"),
    ):
        page = browser.get("/agents/journal/", asked).content.decode()
        assert found in page
        assert left not in page
    assert "Rien pour cette recherche" in browser.get("/agents/journal/", {"event": "agents.closed"}).content.decode()


def test_a_search_that_names_nobody_holds_in_a_month() -> None:
    browser = colleague().browser()
    wide = {"since": "01/01/2024", "until": "31/12/2025"}
    assert "Un mois au plus" in browser.get("/agents/journal/", wide).content.decode()
    assert "Un mois au plus" not in browser.get("/agents/journal/", {**wide, "label": "x"}).content.decode()
    turned = {"since": "02/02/2026", "until": "01/02/2026"}
    assert "Le premier jour vient avant le dernier." in browser.get("/agents/journal/", turned).content.decode()


def test_pages_follow_each_other_without_a_gap() -> None:
    for number in range(60):
        _note(f"N-{number:02d}")
    browser = colleague().browser()
    first = browser.get("/agents/journal/", {"label": "essai"}).content.decode()
    assert "N-59" in first
    assert "N-09" not in first
    oldest = Entry.objects.get(subject="N-10").pk
    second = browser.get("/agents/journal/", {"label": "essai", "avant": str(oldest)}).content.decode()
    assert "N-09" in second
    assert "N-10" not in second


def test_an_office_reads_of_its_own_landlords_only() -> None:
    office("261", "Caf de la Drôme")
    here, there = landlord(), landlord(office_code="261")
    _note("ICI", by=Actor(ActorKind.SYSTEM, "essai", partner_id=here.pk))
    _note("LA-BAS", by=Actor(ActorKind.SYSTEM, "essai", partner_id=there.pk))
    _note("PERSONNE")
    page = colleague((Role.RIGHTS_OFFICER, "441")).browser().get("/agents/journal/").content.decode()
    assert "ICI" in page
    assert "LA-BAS" not in page
    assert "PERSONNE" not in page


def test_what_leaves_as_a_file_is_noted() -> None:
    _note("UN")
    browser = colleague().browser()
    answer = browser.post("/agents/journal/telecharger/?label=essai")
    assert "journal-" in answer.headers["Content-Disposition"]
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert content.splitlines()[1].split(";")[3] == "Chose notée pour l’essai"
    assert Entry.objects.get(event="agents.journal_exported").details["label"] == "essai"
    assert browser.get("/agents/journal/telecharger/?label=essai").status_code == 302


@pytest.mark.parametrize(
    "asked", [{"since": "31/12/9999", "until": "31/12/9999"}, {"since": "01/01/0001", "label": "x"}]
)
def test_days_nobody_lived_are_refused_in_words(asked: dict[str, str]) -> None:
    answer = colleague().browser().get("/agents/journal/", asked)
    assert answer.status_code == 200
    assert "Choisissez des jours passés." in answer.content.decode()


@pytest.mark.parametrize("address", ["/agents/coordonnees-bancaires/a%00b/", "/agents/courriers/lots/a%00b/"])
def test_a_null_character_finds_nothing(address: str) -> None:
    both = colleague((Role.CASEWORKER, ""), (Role.NATIONAL_ADMINISTRATOR, "")).browser()
    assert both.get(address).status_code == 404


def test_a_null_character_that_is_asked_for_is_left_out() -> None:
    both = colleague((Role.CASEWORKER, ""), (Role.NATIONAL_ADMINISTRATOR, "")).browser()
    for address in ("/agents/coordonnees-bancaires/", "/agents/declarations/", "/agents/journal/"):
        assert both.get(address, {"apres": "\0", "subject": "a\0b"}).status_code == 200


def test_details_are_told_in_french() -> None:
    with transaction.atomic():
        by = Actor(ActorKind.SYSTEM, "essai")
        record(NOTED, subject="UN", by=by, at=NOW, reason="appel", by_post=False, posts=["a", "b"], note="")
    page = colleague().browser().get("/agents/journal/").content.decode()
    for told in ("motif\u00a0: appel", "par courrier\u00a0: non", "rôles\u00a0: a, b"):
        assert told in page
    assert "note\u00a0:" not in page
