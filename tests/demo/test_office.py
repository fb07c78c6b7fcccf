"""The agents of the demonstration."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from parvis.agents.models import Agent
from parvis.agents.posts import Role
from parvis.agents.services import demonstration
from parvis.demo import office
from parvis.kit import clock

NOW = datetime(2026, 7, 21, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_every_role_is_played_and_those_that_agree_in_pairs_twice() -> None:
    office.staff(at=NOW)
    office.staff(at=NOW)
    assert Agent.objects.count() == len(office.AGENTS)
    held = [role for played in office.AGENTS for role, _ in played.posts]
    assert set(held) == set(Role)
    assert held.count(Role.RIGHTS_OFFICER) == held.count(Role.NATIONAL_ADMINISTRATOR) == 2


def test_one_click_enters_where_all_are_invented(monkeypatch: Any) -> None:
    office.staff(at=NOW)
    monkeypatch.setattr(clock, "MAY_LIVE_ELSEWHEN", True)
    client = Client()
    assert "Entrer comme Sarah Lemoine" in client.get("/demonstration/").content.decode()
    assert client.post("/demonstration/agents/sarah.lemoine/").headers["Location"] == "/agents/"
    assert "Bonjour Sarah Lemoine" in client.get("/agents/").content.decode()
    assert client.post("/demonstration/agents/personne/").headers["Location"] == "/demonstration/"


def test_it_enters_nowhere_else() -> None:
    office.staff(at=NOW)
    assert Client().post("/demonstration/agents/sarah.lemoine/").status_code == 404
    with pytest.raises(clock.OneDateOnly):
        demonstration.enter("sarah.lemoine", browser="x", at=NOW)
