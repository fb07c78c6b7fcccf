"""The texts anybody may read: rules and terms with their former versions, and what the law asks every site to say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from parvis.identity.kinds import TextKind
from parvis.identity.models import TextVersion
from parvis.identity.selectors.texts import versions
from parvis.kit.actors import system
from parvis.parameters.services import change

pytestmark = pytest.mark.django_db
KINDS = [(TextKind.USAGE_RULES, "public-usage-rules"), (TextKind.SERVICE_TERMS, "public-service-terms")]
LIGHTEST = 60_000


def publish(kind: TextKind, version: int, at: datetime, title: str) -> None:
    TextVersion.objects.create(
        kind=kind,
        version=version,
        published_at=at,
        summary=["en deux mots"],
        body=[{"title": title, "paragraphs": ["Un paragraphe."]}],
    )


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_the_version_in_force_is_read_without_signing_in(kind: TextKind, name: str) -> None:
    page = Client().get(reverse(name)).content.decode()
    assert "Version 1 du" in page
    assert "en vigueur" in page
    assert versions(kind, at=datetime.now(UTC))[0].body[0]["title"].replace("'", "&#39;") in page
    assert "Il n’y a pas de version plus ancienne." in page


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_a_former_version_says_that_it_is_one(kind: TextKind, name: str) -> None:
    now = datetime.now(UTC)
    publish(kind, 2, now - timedelta(days=1), "Une règle neuve")
    publish(kind, 3, now + timedelta(days=1), "Une règle de demain")
    page = Client().get(reverse(name)).content.decode()
    assert "Une règle neuve" in page
    assert reverse(f"{name}-version", args=[1]) in page
    former = Client().get(reverse(f"{name}-version", args=[1])).content.decode()
    assert "Cette version n’est plus en vigueur." in former
    assert "Une règle neuve" not in former
    assert Client().get(reverse(f"{name}-version", args=[2])).status_code == 200
    for unknown in (0, 3, 4, 99_999_999_999_999_999_999):
        assert Client().get(reverse(f"{name}-version", args=[unknown])).status_code == 404, unknown


@pytest.mark.parametrize("name", ["accessibility", "personal-data", "legal-notice"])
def test_texts_of_law_are_light_printable_pages_with_one_title(name: str) -> None:
    answer = Client().get(reverse(name))
    page = answer.content.decode()
    assert page.count("<h1") == 1
    assert "data-print" in page
    assert len(answer.content) <= LIGHTEST


def test_the_accessibility_statement_has_the_parts_the_law_asks_for() -> None:
    page = Client().get(reverse("accessibility")).content.decode()
    for words in ("Déclaration d’accessibilité", "<b>non conforme</b>", "Résultats des tests", "Contenus non accessibles",
                  "Dérogations pour charge disproportionnée", "Technologies utilisées", "Voies de recours",
                  "Retour d’information et contact", "Défenseur des droits"):  # fmt: skip
        assert words in page, words


def test_personal_data_says_how_long_a_browser_is_known_here() -> None:
    change("browser_remembered", 90, by=system("tests"), at=datetime.now(UTC))
    page = Client().get(reverse("personal-data")).content.decode().replace("\u00a0", " ")
    assert ">90 jours<" in page
    assert ">30 jours<" not in page


def test_personal_data_says_why_who_and_how_long() -> None:
    page = Client().get(reverse("personal-data")).content.decode()
    for words in ("Base légale", "Qui la voit", "Combien de temps", "Vos droits", "Cnil", "délégué à la protection"):
        assert words in page, words
