"""« Espace Partenaires » and the map of the site: the ways in, and what everybody should know today."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from parvis.kit import clock
from parvis.web.public.views.home import open_campaign
from tests.factories import declarations
from tests.factories.landlords import office, owner
from tests.house.routes import every_route

pytestmark = pytest.mark.django_db
NOT_PAGES = {"health", "ready", "metrics"}


def page_at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> str:
    monkeypatch.setattr(clock, "now", lambda: moment)
    return Client().get(reverse("home")).content.decode()


def test_a_visitor_finds_the_ways_in() -> None:
    page = Client().get(reverse("home")).content.decode()
    for words in ("Se connecter", "C’est ma première connexion", "Problème de connexion", "n° d’utilisateur",
                  "Vérifier un accusé", "Ma Caf", "Sécurité"):  # fmt: skip
        assert words in page, words
    for name in ("sign-in", "first-door", "sign-in-trouble", "user-number"):
        assert f'href="{reverse(name)}"' in page, name
    assert f'action="{reverse("my-office")}"' in page


def test_somebody_signed_in_resumes() -> None:
    page = owner().browser().get(reverse("home")).content.decode()
    assert "Reprendre" in page
    assert "C’est ma première connexion" not in page


def test_an_open_campaign_is_announced_with_its_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    office()
    declarations.campaign()
    page = page_at(monkeypatch, datetime(2026, 7, 21, 8, tzinfo=UTC))
    assert "Loyers de juillet 2026" in page
    assert "30\u00a0septembre 2026" in page.replace("30 septembre", "30\u00a0septembre")


def test_after_the_deadline_it_says_what_is_at_stake(monkeypatch: pytest.MonkeyPatch) -> None:
    declarations.campaign()
    page = page_at(monkeypatch, datetime(2026, 10, 5, 8, tzinfo=UTC))
    assert "est passée" in page
    assert "15 janvier 2027" in page.replace("\u00a0", " ")


@pytest.mark.parametrize("moment", [datetime(2026, 6, 30, 21, tzinfo=UTC), datetime(2027, 1, 15, 8, tzinfo=UTC)])
def test_no_campaign_is_announced_before_it_opens_nor_after_payments_stop(moment: datetime) -> None:
    declarations.campaign()
    assert open_campaign(moment) is None


def test_it_opens_at_midnight_in_paris() -> None:
    declarations.campaign()
    assert open_campaign(datetime(2026, 6, 30, 22, tzinfo=UTC)) is not None


def test_no_campaign_at_all_shows_nothing() -> None:
    assert "À savoir" not in Client().get(reverse("home")).content.decode()


def test_the_map_shows_every_public_page() -> None:
    page = Client().get(reverse("site-map")).content.decode()
    missing = [
        route.name
        for route in every_route()
        if route.view.__module__.startswith("parvis.web.public")
        and not route.needs
        and route.name not in NOT_PAGES
        and f'href="{reverse(route.name)}"' not in page
    ]
    assert missing == []


def test_every_link_of_the_home_and_the_map_leads_somewhere() -> None:
    for name in ("home", "site-map"):
        page = Client().get(reverse(name)).content.decode()
        for address in set(re.findall(r'href="(/[^"#?]*)', page.split("<main")[1])):
            assert Client().get(address).status_code in (200, 302), address


def test_the_foot_of_every_page_leads_to_the_texts_the_law_asks_for() -> None:
    foot = Client().get(reverse("help")).content.decode().split("<footer")[1]
    for name in ("accessibility", "personal-data", "legal-notice", "site-map", "processing-times", "contact"):
        assert f'href="{reverse(name)}"' in foot, name
    assert "Accessibilité\u00a0: non conforme" in foot
