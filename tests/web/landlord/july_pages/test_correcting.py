"""Another rent in place of the one sent: looked at twice, sent once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.services import exchange
from parvis.identity.models import Session
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW, typed
from tests.factories.landlords import Owner, owner
from tests.web.landlord.july import address, fields, five, live_at, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def one_sent() -> tuple[Owner, Tenancy, str]:
    """A rent of 525,00 € with the office, and the page that corrects it."""
    me, (of, *_) = five()
    typed(me, of, "525")
    made.sent(me)
    return me, of, address(me, "july-rent-correct", of.reference)


def said(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def test_old_and_new_are_shown_before_anything_is_sent() -> None:
    me, _, url = one_sent()
    browser = me.browser()
    assert url in text(browser, address(me) + "?etat=tous")
    page = said(browser.post(url, fields(text(browser, url)) | {"rent": "529,5"}))
    for words in ("Vérifiez avant de transmettre", "525,00 €", "529,50 €", "Transmettre la correction", "Modifier"):
        assert words in page, words
    assert Receipt.objects.count() == 1
    answer = browser.post(url, fields(page))
    newer = Receipt.objects.latest("id")
    assert answer.headers["Location"] == address(me, "receipt", newer.number)
    assert "529,50 €" in text(browser, answer.headers["Location"])
    older = Receipt.objects.earliest("id")
    assert "Remplacé" in text(browser, address(me, "receipt", older.number))


def test_a_correction_sent_meanwhile_is_told_and_not_replaced_unseen() -> None:
    me, of, url = one_sent()
    them = owner(me.landlord)
    browser, colleague, there = me.browser(), them.browser(), address(them, "july-rent-correct", of.reference)
    shown = text(browser, url)
    looked_at = said(browser.post(url, fields(shown) | {"rent": "529,50"}))
    other = said(colleague.post(there, fields(text(colleague, there)) | {"rent": "528"}))
    assert colleague.post(there, fields(other)).status_code == 302
    newer = Receipt.objects.latest("id")
    for page in (
        said(browser.post(url, fields(looked_at))),
        said(browser.post(url, fields(shown) | {"rent": "529,50"})),
    ):
        assert f"Ce loyer vient d’être corrigé (accusé {newer.number})" in page
        assert "528,00 €" in page
    assert Receipt.objects.count() == 2
    again = said(browser.post(url, fields(page) | {"rent": "529,50"}))
    assert browser.post(url, fields(again)).status_code == 302
    assert Receipt.objects.count() == 3


def test_both_versions_stand_in_the_history() -> None:
    me, of, url = one_sent()
    browser = me.browser()
    browser.post(url, fields(said(browser.post(url, fields(text(browser, url)) | {"rent": "529,50"}))))
    page = text(browser, address(me, "declarations"))
    assert "Corrigé" in page
    assert "Transmis" in page
    newer = Declaration.objects.get(tenancy=of, corrects__isnull=False)
    assert newer.corrects is not None
    assert "529,50 €" in text(browser, address(me, "declaration", newer.opaque))
    assert str(newer.opaque) in text(browser, address(me, "declaration", newer.corrects.opaque))


def test_an_unusual_amount_is_confirmed_on_the_check_page_with_its_reason() -> None:
    me, of, url = one_sent()
    browser = me.browser()
    page = said(browser.post(url, fields(text(browser, url)) | {"rent": "679"}))
    assert "+29,6 % par rapport à juillet 2025." in page
    assert "Confirmer 679,00 €" in page
    form = {name: value for name, value in fields(page).items() if name != "sure"}
    page = said(browser.post(url, form))
    assert "Confirmez ce montant, ou modifiez-le." in page
    assert Receipt.objects.count() == 1
    answer = browser.post(url, form | {"sure": "on", "reason": "Travaux"})
    assert answer.status_code == 302
    corrected = Declaration.objects.get(tenancy=of, corrects__isnull=False)
    assert (corrected.details["rent_cents"], corrected.confirmed, corrected.confirmed_reason) == (
        67_900, ["increase_above_index"], "Travaux",
    )  # fmt: skip


def test_only_the_amount_that_was_looked_at_is_sent() -> None:
    me, _, url = one_sent()
    browser = me.browser()
    form = fields(said(browser.post(url, fields(text(browser, url)) | {"rent": "530"})))
    page = said(browser.post(url, form | {"rent": "531,00"}))
    assert "531,00 €" in page
    assert "Vérifiez avant de transmettre" in page
    assert Receipt.objects.count() == 1


def test_modifier_gives_the_amount_back() -> None:
    me, _, url = one_sent()
    browser = me.browser()
    form = fields(said(browser.post(url, fields(text(browser, url)) | {"rent": "530"})))
    page = said(browser.post(url, form | {"suite": "modifier"}))
    assert "Corriger un loyer" in page
    assert 'value="530,00"' in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("", "Il y a un point à corriger"),
        ("abc", "n’est pas un montant"),
        ("525", "C’est déjà le montant que vous avez transmis."),
        ("1.050", "1 050,00 € ou 1,05 €"),
        ("9" * 70, ""),
        ("<b>&'\x00", ""),
    ],
)
def test_what_cannot_be_sent_is_said_beside_the_field(wrong: str, sentence: str) -> None:
    me, _, url = one_sent()
    browser = me.browser()
    page = said(browser.post(url, fields(text(browser, url)) | {"rent": wrong}))
    assert sentence in page
    assert "Corriger un loyer" in page
    assert Receipt.objects.count() == 1


def test_two_clicks_send_one_correction() -> None:
    me, _, url = one_sent()
    browser = me.browser()
    form = fields(said(browser.post(url, fields(text(browser, url)) | {"rent": "530"})))
    answers = [browser.post(url, form) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Receipt.objects.count() == 2


def test_a_correction_that_comes_too_late_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    me, _, url = one_sent()
    live_at(monkeypatch, NOW + timedelta(days=80))
    assert "jusqu’au 30 septembre 2026" in said(me.browser().get(url, follow=True))


def test_what_was_declared_late_is_corrected_until_the_office_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    me, (of, *_) = five()
    late = NOW + timedelta(days=80)
    live_at(monkeypatch, late)
    typed(me, of, "525", at=late)
    made.sent(me, at=late)
    browser, url = me.browser(), address(me, "july-rent-correct", of.reference)
    browser.post(url, fields(said(browser.post(url, fields(text(browser, url)) | {"rent": "530"}))))
    assert Declaration.objects.get(tenancy=of, corrects__isnull=False).details["rent_cents"] == 53_000


def test_it_is_not_a_strangers_nor_theirs_who_may_not_declare() -> None:
    me, _, url = one_sent()
    assert Client().get(url).status_code == 404
    assert owner().browser().get(url).status_code == 404
    colleague = owner(me.landlord, rights=frozenset({Right.CONSULT}))
    own = url.replace(me.account.reference, colleague.account.reference)
    assert colleague.browser().get(own).status_code == 403


def test_correcting_is_offered_as_long_as_it_is_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    me, of, url = one_sent()
    sent = Declaration.objects.get(tenancy=of)
    pages = (address(me) + "?etat=tous", address(me, "declaration", sent.opaque))
    browser = me.browser()
    Session.objects.update(ends_at=NOW + timedelta(days=365))
    for on, is_offered in ((datetime(2026, 9, 30, 9, tzinfo=UTC), True), (datetime(2026, 10, 5, 9, tzinfo=UTC), False)):
        live_at(monkeypatch, on)
        for page in pages:
            assert (f'href="{url}?annee=2026"' in text(browser, page)) is is_offered, (on, page)
    assert "pouvaient être corrigés jusqu’au 30 septembre 2026" in text(browser, pages[1])


def test_a_rent_sent_late_is_corrected_from_the_grid_too(monkeypatch: pytest.MonkeyPatch) -> None:
    me, (of, *_) = five()
    late = datetime(2026, 10, 5, 9, tzinfo=UTC)
    live_at(monkeypatch, late)
    typed(me, of, "525", at=late)
    made.sent(me, at=late)
    browser = me.browser()
    Session.objects.update(ends_at=late + timedelta(days=1))
    assert address(me, "july-rent-correct", of.reference) in text(browser, address(me) + "?etat=tous")


def test_the_grid_says_that_the_office_may_decide_before_the_last_day() -> None:
    me, *_ = one_sent()
    page = text(me.browser(), address(me))
    assert "corriger un loyer jusqu’au 30 septembre, tant que la caisse n’a pas décidé." in page


def taken_in() -> tuple[Owner, Tenancy, str]:
    """The same, which the office took in."""
    me, of, url = one_sent()
    sent = Declaration.objects.get(tenancy=of)
    exchange.mark_sent([sent.pk], by=made.CLOCK, at=NOW)
    exchange.record_outcomes(made.stage_outcomes((sent.reference or "", "integrated", "", NOW)), by=made.CLOCK, at=NOW)
    return me, of, url


def test_a_correction_of_what_the_office_took_in_is_asked_wherever_it_is_shown() -> None:
    me, of, url = taken_in()
    sent, receipt = Declaration.objects.get(tenancy=of), Receipt.objects.get()
    browser, link = me.browser(), f'href="{url}?annee=2026"'
    pages = [
        address(me, "declaration", sent.opaque),
        address(me, "receipt", receipt.number),
        address(me, "tenant", of.reference),
        address(me) + "?etat=tous",
    ]
    for page in pages:
        told = text(browser, page)
        assert link in told, page
        assert "Demander une correction" in told, page
    colleague = owner(me.landlord, rights=frozenset({Right.CONSULT}))
    for page in [address(colleague, "declaration", sent.opaque), address(colleague, "receipt", receipt.number),
                 address(colleague, "tenant", of.reference)]:  # fmt: skip
        assert "Demander une correction" not in text(colleague.browser(), page)
    assert colleague.browser().get(address(colleague, "july-rent-correct", of.reference)).status_code == 403


def test_it_is_asked_with_its_reason_and_stands_beside_the_former() -> None:
    me, of, url = taken_in()
    browser = me.browser()
    form = text(browser, url)
    for words in ("Demander une correction", "Pris en compte", "525,00", "Pourquoi corriger"):
        assert words in form, words
    refused = said(browser.post(url, fields(form) | {"rent": "520", "reason": ""}))
    assert "Dites pourquoi c’est à corriger" in refused
    page = said(browser.post(url, fields(refused) | {"rent": "520", "reason": "Charges <b>comprises</b>"}))
    for words in (
        "Vérifiez avant de transmettre",
        "525,00",
        "520,00",
        "Charges &lt;b&gt;comprises",
        "Votre caisse décide.",
    ):
        assert words in page, words
    assert Receipt.objects.count() == 1
    answer = browser.post(url, fields(page))
    newer = Receipt.objects.latest("id")
    assert answer.headers["Location"] == address(me, "receipt", newer.number)
    told = text(browser, answer.headers["Location"])
    assert "Correction du loyer de juillet 2026" in told
    assert "reste valable" in told
    older, asked = Declaration.objects.filter(tenancy=of).order_by("pk")
    page = text(browser, address(me, "declaration", older.opaque))
    assert address(me, "declaration", asked.opaque) in page
    assert "Pris en compte" in page
    assert "Demander une correction" not in page
    assert "Demander une correction" not in text(browser, address(me, "tenant", of.reference))
    assert "Remplacé" not in text(browser, address(me, "receipt", Receipt.objects.earliest("id").number))
    again = text(browser, url)
    assert "Une correction est déjà demandée" in again
    assert browser.get(address(me, "receipt-pdf", newer.number)).content.startswith(b"%PDF")


def test_a_page_printed_says_when_and_by_whom() -> None:
    me, *_ = one_sent()
    page = text(me.browser(), address(me))
    assert '<p class="printed">Imprimé le 21/07/2026 à 10 h 26 par ' in page
