"""« Au téléphone »: the twelve usual calls, for every agent, as the office has written them."""

from __future__ import annotations

import pytest
from django.test import Client

from parvis.agents.posts import Role
from parvis.parameters import kept
from parvis.web.backoffice.desk.calls import calls
from tests.factories.agents import SQUARE, colleague

pytestmark = pytest.mark.django_db
LIST = "/agents/aide/"


def test_there_are_twelve_and_each_says_where_to_look_and_what_to_do() -> None:
    found = calls()
    assert len(found) == 12
    assert len({call.slug for call in found}) == 12
    for call in found:
        assert all((call.title, call.who, call.says, call.look, call.do, call.tell))


@pytest.mark.parametrize(("role", "place"), SQUARE)
def test_every_agent_reads_them(role: Role, place: str) -> None:
    browser = colleague((role, place)).browser()
    page = browser.get(LIST).content.decode()
    for call in calls():
        assert f"{LIST}{call.slug}/" in page
    one = browser.get(f"{LIST}mot-de-passe-refuse/").content.decode()
    assert "Son mot de passe est refusé" in one
    assert "Débloquer" in one
    assert ("Modifier ce texte" in one) == (role is Role.NATIONAL_ADMINISTRATOR)
    assert LIST in browser.get("/agents/").content.decode()


def test_what_the_office_writes_is_read_at_once() -> None:
    browser = colleague().browser()
    address = "/agents/textes/calls/montant-refuse/"
    written = {
        "title": "Le montant coince", "who": "Tout le monde", "says": "Bonjour.", "look": "Ici.", "do": "Ceci.",
        "tell": "Cela.", "reason": "Plus court",
    }  # fmt: skip
    assert browser.get(address).status_code == 200
    assert browser.post(address, {**written, "publier": "1"}).status_code == 302
    kept.forget()
    assert "Le montant coince" in browser.get(LIST).content.decode()


@pytest.mark.parametrize("name", ["rien", "x" * 300, "..", "a%00b"])
def test_what_nobody_wrote_is_not_found(name: str) -> None:
    assert colleague().browser().get(f"{LIST}{name}/").status_code == 404


def test_they_are_for_agents() -> None:
    assert Client().get(LIST).status_code == 302
    assert Client().get(f"{LIST}montant-refuse/").status_code == 302
