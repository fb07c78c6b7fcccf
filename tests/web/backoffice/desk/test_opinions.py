"""« Avis »: what agents read of what people think."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.opinions import services
from parvis.opinions.rules import Journey
from tests.factories.agents import colleague

pytestmark = pytest.mark.django_db


def said(url: str) -> str:
    answer = colleague().browser().get(url)
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\u00a0", " ")


def test_scores_and_remarks_of_a_journey() -> None:
    for number in range(30):
        services.may_ask(number, at=timezone.now())
        services.answer(number, Journey.FILE, "2" if number else "5", f"<i>Idée</i> {number:02}", at=timezone.now())
    page = said(reverse("agent-opinions") + "?parcours=fichier")
    assert "Confirmer un fichier de loyers" in page
    assert "<b>2,1</b>" in page
    assert "&lt;i&gt;Idée&lt;/i&gt; 29" in page
    assert "Idée&lt;/i&gt; 04" not in page
    following = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&").split("#")[0]
    older = said(reverse("agent-opinions") + following)
    assert "Idée&lt;/i&gt; 04" in older
    assert "Idée&lt;/i&gt; 29" not in older


@pytest.mark.parametrize(
    "query", ["", "?parcours=autre", "?avant=x", "?avant=-1", "?avant=²", "?avant=9999999999999999999999"]
)
def test_nothing_said_yet_and_addresses_that_mean_nothing(query: str) -> None:
    page = said(reverse("agent-opinions") + query)
    assert "Aucun avis sur ces douze mois." in page
    assert "Aucune remarque." in page


def test_articles_of_help_by_month() -> None:
    now = timezone.now()
    services.help_answered("code-non-recu", helped=False, at=now)
    services.help_answered("nexiste-plus", helped=True, at=now)
    earlier = now.replace(day=1) - timedelta(days=3)
    services.help_answered("quel-loyer-declarer", helped=True, at=earlier)
    page = said(reverse("agent-help-opinions"))
    assert reverse("help-article", args=["code-non-recu"]) in page
    assert "(retiré)" in page
    assert "quel-loyer-declarer" not in page
    before = said(reverse("agent-help-opinions") + f"?mois={earlier:%Y-%m}")
    assert "quel-loyer-declarer" in before
    assert "100 %" in before
    for wrong in ("?mois=2026-13", "?mois=x", "?mois=1999-01"):
        assert "code-non-recu" in said(reverse("agent-help-opinions") + wrong)


def test_an_answer_on_an_article_reaches_the_page() -> None:
    Client().post(reverse("help-article", args=["quel-loyer-declarer"]), {"avis": "non"})
    assert "quel-loyer-declarer" in said(reverse("agent-help-opinions"))
