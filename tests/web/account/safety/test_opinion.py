"""« Était-ce simple ? » stands on the last page of a journey, once a quarter; it blocks nothing, and answers count."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from parvis.opinions import services
from parvis.opinions.models import Asked, OpinionFigure, Remark
from tests.factories import declarations
from tests.factories.declarations import NOW, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy

pytestmark = pytest.mark.django_db
QUESTION = "Était-ce simple\u00a0?"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parvis.kit.clock.now", lambda: NOW)


@pytest.fixture
def me() -> Owner:
    return owner()


def sent(me: Owner, browser: Client) -> str:
    """Send a July rent as the pages do; the page one is led to."""
    flat = tenancy(me.landlord)
    july_rent(flat, NOW.year - 1, 52_400)
    declarations.campaign()
    typed(me, flat, "525")
    check = reverse("july-rents-check", args=[me.account.reference])
    shown = browser.get(check).content.decode()
    mark = shown.split('name="vu" value="')[1].split('"')[0]
    posted = {"cle": str(uuid4()), "annee": str(declarations.YEAR), "vu": mark}
    answer = browser.post(reverse("july-rents-submit", args=[me.account.reference]), posted, follow=True)
    return str(answer.content.decode())


def test_who_sent_july_is_asked_on_the_receipt_and_not_again(me: Owner) -> None:
    browser = me.browser()
    first = sent(me, browser)
    assert 'name="parcours" value="juillet"' in first
    assert QUESTION in first
    assert 'class="notice' not in first.split(QUESTION)[0], "the question is no notice"
    assert QUESTION not in browser.get(reverse("landlord-home", args=[me.account.reference])).content.decode()
    assert QUESTION not in sent(me, browser)


def test_an_answer_counts_and_leads_back(me: Owner) -> None:
    services.may_ask(me.account.credential_id or 0, at=NOW)
    browser, back = me.browser(), reverse("tenants", args=[me.account.reference])
    posted = {"parcours": "juillet", "retour": back, "score": "2", "remark": "<b>Trop</b> de pages"}
    answer = browser.post(reverse("opinion", args=[me.account.reference]), posted, follow=True)
    assert answer.redirect_chain[0][0] == back
    assert "Merci. Votre avis est compté" in answer.content.decode()
    assert OpinionFigure.objects.get().score == 2
    assert Remark.objects.get().words == "<b>Trop</b> de pages"
    again = browser.post(reverse("opinion", args=[me.account.reference]), posted, follow=True)
    assert "déjà compté" in again.content.decode()
    assert OpinionFigure.objects.get().answers == 1


def test_without_a_score_it_is_asked_again_with_what_was_typed(me: Owner) -> None:
    services.may_ask(me.account.credential_id or 0, at=NOW)
    for score in ("", "6", "x", "\x00"):
        posted = {"parcours": "fichier", "retour": "/", "score": score, "remark": "Des raccourcis"}
        answer = me.browser().post(reverse("opinion", args=[me.account.reference]), posted)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Choisissez une note, de 1 à 5." in page
        assert "Des raccourcis" in page
    assert not OpinionFigure.objects.exists()


@pytest.mark.parametrize(
    "back", ["https://ailleurs.example/", "//ailleurs.example/", "/c/../agents/", "javascript:1", ""]
)
def test_it_leads_nowhere_else(me: Owner, back: str) -> None:
    services.may_ask(me.account.credential_id or 0, at=NOW)
    posted = {"parcours": "juillet", "retour": back, "score": "5"}
    answer = me.browser().post(reverse("opinion", args=[me.account.reference]), posted)
    assert answer.headers["Location"] == reverse("landlord-home", args=[me.account.reference])


def test_a_word_that_names_no_journey_asks_and_counts_nothing(me: Owner) -> None:
    services.may_ask(me.account.credential_id or 0, at=NOW)
    posted = {"parcours": "autre", "score": "5"}
    assert me.browser().post(reverse("opinion", args=[me.account.reference]), posted).status_code == 302
    assert not OpinionFigure.objects.exists()
    assert not Asked.objects.get().is_answered
