"""Pages anybody may read, and what machines ask."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse

from parvis.correspondence.models import Message
from parvis.landlords.models import Office
from parvis.landlords.selectors import department_of, offices
from tests.factories.landlords import office

pytestmark = pytest.mark.django_db
PAGES = ["home", "help", "accessibility", "personal-data", "legal-notice", "contact"]
ANCHORS = [
    "premiere-connexion", "probleme-de-connexion", "numero-utilisateur", "code", "loyer", "enregistre-transmis", "contact",
]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_anybody_may_read_them(name: str) -> None:
    answer = Client().get(reverse(name))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count("<h1") == 1
    assert "style=" not in page
    assert len(re.findall(r'id="([^"]+)"', page)) == len(set(re.findall(r'id="([^"]+)"', page)))


@pytest.mark.parametrize("anchor", ANCHORS)
def test_help_answers_under_the_anchors_other_pages_point_to(anchor: str) -> None:
    assert f'id="{anchor}"' in Client().get(reverse("help")).content.decode()


def test_links_inside_help_lead_somewhere() -> None:
    page = Client().get(reverse("help")).content.decode()
    for anchor in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{anchor}"' in page, anchor


def test_contact_finds_the_office_of_a_postcode() -> None:
    office()
    Office.objects.create(caf_code="751", name="Caf de Paris", departments=["75"], email="contact@caf75.example")
    page = Client().get(reverse("contact"), {"cp": "44 220"}).content.decode()
    assert "bailleurs@caf44.example" in page
    assert "contact@caf75.example" not in page
    assert "Aucune caisse trouvée" in Client().get(reverse("contact"), {"cp": "33000"}).content.decode()
    assert [found.email for found in offices()] == ["bailleurs@caf44.example", "contact@caf75.example"]


@pytest.mark.parametrize("postcode", ["\x00", "é", "%", "1" * 500, "'"])
def test_any_postcode_gets_an_answer(postcode: str) -> None:
    assert Client().get(reverse("contact"), {"cp": postcode}).status_code == 200


@pytest.mark.parametrize(
    ("postcode", "department"),
    [("44220", "44"), ("97400", "974"), ("20000", "2A"), ("20200", "2B"), ("20600", "2B"), ("01 000", "01")],
)
def test_departments_of_postcodes(postcode: str, department: str) -> None:
    assert department_of(postcode) == department


def test_the_process_says_that_it_lives() -> None:
    assert Client().get(reverse("health")).content == b"ok\n"


def test_a_ready_instance_says_how_late_its_messages_are() -> None:
    now = datetime.now(UTC)
    Message.objects.create(
        reference="A",
        channel="email",
        template="x",
        to_email="a@parvis.example",
        due_at=now - timedelta(minutes=5),
        created_at=now,
    )
    Message.objects.create(
        reference="B",
        channel="email",
        template="x",
        to_email="a@parvis.example",
        due_at=now + timedelta(days=3),
        created_at=now,
    )
    answer = Client().get(reverse("ready"))
    assert answer.status_code == 200
    found = json.loads(answer.content)
    assert (found["ready"], found["database"], found["migrations"]) == (True, True, True)
    assert 300 <= found["oldest_due_message_seconds"] < 400


def test_an_instance_whose_migrations_are_not_applied_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: ["one"])
    answer = Client().get(reverse("ready"))
    assert (answer.status_code, json.loads(answer.content)["migrations"]) == (503, False)
