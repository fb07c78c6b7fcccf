"""The form to fill in by hand, and the recapitulation of what was sent."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from django.test import Client

from parvis.declarations.services import july
from parvis.kit import clock
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, typed
from tests.factories.landlords import owner
from tests.factories.tenancies import many_tenancies, tenancy
from tests.factories.two_offices import two_offices
from tests.web.landlord.july import address, five, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def words_of(answer: Any) -> str:
    assert answer.headers["Content-Type"] == "application/pdf"
    read = pypdf.PdfReader(io.BytesIO(answer.content))
    assert read.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]
    return " ".join(" ".join(page.extract_text() for page in read.pages).split()).replace("\u00a0", " ")


def test_the_form_names_the_tenants_left_the_landlord_and_where_it_goes() -> None:
    me, (first, second, *_) = five()
    typed(me, first, "525")
    made.sent(me)
    browser = me.browser()
    assert address(me, "july-rents-paper") in text(browser, address(me))
    page = text(browser, address(me, "july-rents-paper"))
    assert "4 locataires, loyers de juillet 2026" in page
    assert "avant le 30 septembre 2026" in page
    words = words_of(browser.get(address(me, "july-rents-paper-pdf")))
    for said in (
        "Loyers de juillet 2026", "Caf de la Loire-Atlantique", "44000 NANTES", "Alliance Familiale", me.account.user_number,
        second.name, "524,00 €", "30 septembre 2026", "Signature",
    ):  # fmt: skip
        assert said in words, said
    assert first.name not in words


def test_three_hundred_tenants_are_on_it_and_others_by_a_search() -> None:
    me = owner()
    many_tenancies(me.landlord, 301)
    lonely = tenancy(me.landlord, last_name="Zzyx", address_1="1 impasse du Phare")
    made.campaign()
    browser = me.browser()
    page = text(browser, address(me, "july-rents-paper"))
    assert "Le formulaire tient 300 locataires." in page
    page = text(browser, address(me, "july-rents-paper") + "?q=phare")
    assert "1 locataire, loyers" in page
    words = words_of(browser.get(address(me, "july-rents-paper-pdf") + "?q=phare"))
    assert lonely.name in words
    assert "Nom000001" not in words
    answer = browser.get(address(me, "july-rents-paper-pdf") + "?q=personne")
    assert answer.status_code == 302
    assert "Aucun locataire ne correspond." in text(browser, answer.headers["Location"])


def test_all_that_was_sent_is_told_on_paper_once_everything_is() -> None:
    me = owner()
    many_tenancies(me.landlord, 30)
    Tenancy.objects.update(start_on="2025-09-01")
    made.campaign()
    browser = me.browser()
    assert browser.get(address(me, "july-rents-recap")).status_code == 404
    july.prefill(me.actor, 2026, at=NOW)
    (receipt,) = made.sent(me)
    page = text(browser, address(me, "landlord-home"))
    assert "Tous vos loyers sont transmis." in page
    assert address(me, "july-rents-recap") in page
    words = words_of(browser.get(address(me, "july-rents-recap")))
    for said in ("30 loyers transmis sur 30", receipt.number, "Nom000030", "Total"):
        assert said in words, said


def test_they_are_ones_own() -> None:
    me, (first, *_) = five()
    typed(me, first, "525")
    made.sent(me)
    for name in ("july-rents-paper", "july-rents-paper-pdf", "july-rents-recap"):
        assert Client().get(address(me, name)).status_code == 404
        assert owner().browser().get(address(me, name)).status_code == 404
        assert me.browser().get(address(me, name)).status_code == 200


def test_a_right_limited_to_an_office_sees_that_office_alone() -> None:
    two = two_offices()
    made.campaign()
    page = text(two.limited.browser(), address(two.limited, "july-rents-paper"))
    assert page.count("À renvoyer à") == 1
