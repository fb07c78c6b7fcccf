"""« Reprendre plus tard »: what is ready is offered to be sent, and the reminder is told."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from parvis.identity.models import Account, Session
from parvis.kit import clock
from tests.factories.declarations import NOW, typed
from tests.factories.landlords import owner
from tests.web.landlord.july import address, fields, five, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_who_leaves_with_ready_rents_is_asked_and_told_when_the_reminder_comes() -> None:
    me, (first, second, *_) = five()
    typed(me, first, "525")
    browser = me.browser()
    form = fields(text(browser, address(me))) | {f"rent-{second.reference}": "530", "suite": "plus-tard"}
    answer = browser.post(address(me), form, follow=True)
    page = answer.content.decode().replace("\u00a0", " ")
    assert "2 loyers saisis ne sont pas transmis" in page
    assert f'href="{address(me, "july-rents-check")}"' in page
    answer = browser.post(address(me, "july-rents-later"), {"annee": "2026"}, follow=True)
    assert answer.redirect_chain[-1][0] == address(me, "landlord-home")
    assert "D’accord. Nous vous le rappellerons par mail le 24 juillet 2026." in answer.content.decode()


def test_who_wants_no_reminder_is_promised_none() -> None:
    me, (first, *_) = five()
    typed(me, first, "525")
    Account.objects.filter(pk=me.account.pk).update(campaign_reminders=False)
    answer = me.browser().post(address(me, "july-rents-later"), follow=True)
    page = answer.content.decode()
    assert "par mail le" not in page
    assert "Vos loyers vous attendent dans la grille." in page


def test_who_has_nothing_ready_is_not_asked() -> None:
    me, _ = five()
    answer = me.browser().get(address(me, "july-rents-later"), follow=True)
    assert answer.redirect_chain[-1][0] == address(me, "landlord-home")
    assert "Votre saisie est enregistrée." in answer.content.decode()


def test_it_is_ones_own() -> None:
    me, _ = five()
    assert Client().get(address(me, "july-rents-later")).status_code == 404
    assert owner().browser().get(address(me, "july-rents-later")).status_code == 404


def test_signing_out_says_what_was_not_sent_and_leads_back_to_it() -> None:
    me, (first, second, *_) = five()
    typed(me, first, "525")
    typed(me, second, "530")
    browser = me.browser()
    answer = browser.post(reverse("sign-out"), follow=True)
    page = answer.content.decode().replace("\u00a0", " ")
    assert "2 loyers saisis ne sont pas transmis. Reconnectez-vous pour les transmettre maintenant." in page
    assert "Nous vous le rappellerons par mail le 24 juillet 2026." in page
    assert answer.redirect_chain[-1][0].endswith(quote(address(me, "july-rents-check"), safe=""))
    assert browser.get(address(me)).status_code == 404


def test_who_was_away_for_too_long_is_told_what_was_not_sent_with_the_way_back() -> None:
    me, (first, second, *_) = five()
    typed(me, first, "525")
    typed(me, second, "530")
    idle, other = me.browser(), owner().browser()
    Session.objects.update(ends_at=NOW - timedelta(minutes=1))
    answer = idle.get(address(me), follow=True)
    page = answer.content.decode().replace("\u00a0", " ")
    assert "2 loyers saisis ne sont pas transmis. Reconnectez-vous pour les transmettre maintenant." in page
    assert quote(address(me), safe="") in answer.redirect_chain[-1][0]
    assert "ne sont pas transmis" not in other.get(address(me), follow=True).content.decode()


def test_signing_out_with_nothing_left_says_no_more() -> None:
    me, _ = five()
    answer = me.browser().post(reverse("sign-out"), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("sign-in")
    assert "transmis" not in answer.content.decode().split("<h2>Connexion")[0]


def test_before_a_session_ends_by_itself_what_is_not_sent_is_told() -> None:
    me, (first, *_) = five()
    assert "n’est pas transmis" not in text(me.browser(), address(me, "tenants"))
    typed(me, first, "525")
    page = text(me.browser(), address(me, "tenants")).split('id="session-end"')[1]
    assert "1 loyer saisi n’est pas transmis" in page
    assert f'href="{address(me, "july-rents-check")}"' in page
