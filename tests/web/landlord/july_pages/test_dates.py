"""The days a landlord reads are those of the office concerned, and those of the receipt's own campaign."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdf
import pytest
from django.db import transaction
from django.test import Client

from parvis.declarations.services import campaigns, exchange
from parvis.identity.models import Session
from parvis.landlords.models import ProcessingTime
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, OPENING, YEAR, typed
from tests.factories.landlords import Owner, office
from tests.factories.two_offices import THERE, TwoOffices, two_offices
from tests.web.landlord.july import address, five, live_at, text

pytestmark = pytest.mark.django_db
NEXT_JULY = datetime(2027, 7, 10, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    live_at(monkeypatch, NOW)


def printed(content: bytes) -> str:
    """The words of a PDF."""
    read = pypdf.PdfReader(io.BytesIO(content))
    return " ".join(" ".join(page.extract_text() for page in read.pages).split()).replace("\u00a0", " ")


def browser_of(me: Owner) -> Client:
    """A browser whose session lasts as long as the story."""
    browser = me.browser()
    Session.objects.update(created_at=NEXT_JULY, ends_at=NEXT_JULY + timedelta(days=1))
    return browser


def sent(me: Owner, rents: int, tenancies: list[Any]) -> str:
    """The number of the receipt of the first tenancies."""
    for of in tenancies[:rents]:
        typed(me, of, "525")
    (receipt,) = made.sent(me)
    return receipt.number


def open_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """The campaign of the year after, and its first days."""
    campaigns.open_campaign(
        2027, opens_on=date(2027, 7, 1), deadline_on=date(2027, 9, 30), suspension_on=date(2028, 1, 15), by=CLOCK, at=NEXT_JULY
    )  # fmt: skip
    campaigns.refresh_entries(by=CLOCK, at=NEXT_JULY)
    live_at(monkeypatch, NEXT_JULY)


def test_a_receipt_speaks_of_its_own_campaign(monkeypatch: pytest.MonkeyPatch) -> None:
    me, tenancies = five()
    receipt = address(me, "receipt", sent(me, 2, tenancies))
    page = text(me.browser(), receipt)
    assert "Vous pouvez corriger jusqu’au 30 septembre" in page
    assert "Déclarer les 3 restants" in page
    open_next(monkeypatch)
    page = text(browser_of(me), receipt)
    assert "Vous pouvez corriger" not in page
    assert "Déclarer les 3 restants" in page
    assert f'href="{address(me)}?annee=2026"' in page


def test_a_receipt_has_the_day_of_its_own_office() -> None:
    me, tenancies = five()
    campaigns.open_campaign(
        YEAR, opens_on=date(2026, 7, 1), deadline_on=date(2026, 8, 31), suspension_on=date(2027, 2, 1),
        office=office(), by=CLOCK, at=OPENING,
    )  # fmt: skip
    assert "jusqu’au 31 août" in text(me.browser(), address(me, "receipt", sent(me, 1, tenancies)))


def test_the_paper_of_a_receipt_keeps_the_delay_and_the_day_of_its_sending() -> None:
    me, tenancies = five()
    ProcessingTime.objects.create(
        office=office(), topic="july_rent", min_weeks=4, max_weeks=5, measured_on=date(2026, 7, 1)
    )
    pdf = address(me, "receipt-pdf", sent(me, 1, tenancies))
    before: Any = me.browser().get(pdf)
    words = printed(before.content)
    assert "La caisse intègre les loyers sous 4 à 5 semaines." in words
    assert "Vous pouvez les corriger jusqu’au 30 septembre 2026, tant que la caisse n’a pas décidé." in words
    ProcessingTime.objects.all().delete()
    campaigns.open_campaign(
        YEAR, opens_on=date(2026, 7, 1), deadline_on=date(2026, 8, 31), suspension_on=date(2027, 2, 1), by=CLOCK, at=OPENING
    )  # fmt: skip
    after: Any = me.browser().get(pdf)
    assert after.content == before.content


def test_a_receipt_promises_nothing_once_the_office_has_decided() -> None:
    me, tenancies = five()
    number = sent(me, 2, tenancies)
    first, second = (of.declarations.get() for of in tenancies[:2])
    exchange.mark_sent([first.pk, second.pk], by=CLOCK, at=NOW)
    for declaration, decided in ((first, False), (second, True)):
        with transaction.atomic():
            staged = made.stage_outcomes((declaration.reference or "", "integrated", "", NOW))
            exchange.record_outcomes(staged, by=CLOCK, at=NOW)
        page = text(me.browser(), address(me, "receipt", number))
        assert ("Vous pouvez corriger" in page) is not decided
        assert ("Votre caisse intègre les loyers" in page) is not decided
        assert ("Votre caisse a décidé" in page) is decided


def dated() -> TwoOffices:
    """Two tenants at each office; the second closes a month earlier."""
    world = two_offices()
    campaigns.open_campaign(
        YEAR, opens_on=date(2026, 7, 1), deadline_on=date(2026, 8, 31), suspension_on=date(2027, 3, 15),
        office=office(THERE), by=CLOCK, at=OPENING,
    )  # fmt: skip
    return world


@pytest.mark.parametrize("name", ["landlord-home", "july-rents"])
def test_each_offices_own_day_is_said(name: str) -> None:
    world = dated()
    page = text(world.chief.browser(), address(world.chief, name))
    assert "Caf de Paris : 2 loyers à déclarer avant le 31 août." in page
    assert "Caf de la Loire-Atlantique : 2 loyers à déclarer avant le 30 septembre." in page


def test_late_and_suspended_rents_are_counted_office_by_office(monkeypatch: pytest.MonkeyPatch) -> None:
    world = dated()
    live_at(monkeypatch, datetime(2026, 9, 15, 9, 0, tzinfo=UTC))
    for name in ("landlord-home", "july-rents"):
        page = text(browser_of(world.chief), address(world.chief, name))
        assert "La date est passée, 2 loyers manquent." in page
        assert "Caf de Paris : 2 loyers manquent, la date du 31 août est passée." in page
        assert "Caf de la Loire-Atlantique : 2 loyers à déclarer avant le 30 septembre." in page
    live_at(monkeypatch, datetime(2027, 2, 3, 9, 0, tzinfo=UTC))
    for name in ("landlord-home", "july-rents"):
        assert "Aide suspendue pour 2 locataires" in text(browser_of(world.chief), address(world.chief, name))
    assert text(browser_of(world.chief), address(world.chief)).count("Aide suspendue</span>") == 2


def test_the_sheet_of_a_tenant_has_the_day_of_its_office() -> None:
    world = dated()
    for of, day in ((world.here[0], "30 septembre"), (world.there[0], "31 août")):
        assert f"avant le {day}" in text(world.chief.browser(), address(world.chief, "tenant", of.reference))


def test_the_paper_form_has_the_day_of_each_office() -> None:
    world = dated()
    page = text(world.chief.browser(), address(world.chief, "july-rents-paper"))
    assert "À renvoyer avant le 31 août 2026." in page
    assert "À renvoyer avant le 30 septembre 2026." in page
    answer: Any = world.chief.browser().get(address(world.chief, "july-rents-paper-pdf"))
    words = printed(answer.content)
    assert "avant le 31 août 2026" in words
    assert "avant le 30 septembre 2026" in words
    assert "avant la date écrite sous le nom de la caisse" in words
