"""After the deadline, after the suspension, and in the next campaign: late rents are declared all the same."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.correspondence.models import Message
from parvis.declarations.bulk import columns
from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.rules import effect_of
from parvis.declarations.services import campaigns
from parvis.identity.models import Session
from parvis.kit.clock import day_in_paris
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.web.landlord.july import address, fields, five, live_at, text

pytestmark = pytest.mark.django_db
LATE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SUSPENDED = datetime(2027, 2, 3, 9, 0, tzinfo=UTC)
NEXT_JULY = datetime(2027, 7, 10, 9, 0, tzinfo=UTC)


def browser_of(me: Owner) -> Client:
    """A browser whose session lasts as long as the story."""
    browser = me.browser()
    Session.objects.update(created_at=NEXT_JULY, ends_at=NEXT_JULY + timedelta(days=1))
    return browser


def sends(me: Owner, query: str = "") -> tuple[str, Receipt]:
    """Through the check page to the receipt; what that page says."""
    browser = browser_of(me)
    page = text(browser, address(me, "july-rents-check") + query)
    form = {name: value for name, value in fields(page).items() if name in ("cle", "vu", "annee")}
    answer = browser.post(address(me, "july-rents-submit"), form)
    receipt = Receipt.objects.latest("id")
    assert answer.headers["Location"] == address(me, "receipt", receipt.number)
    return text(browser, answer.headers["Location"]), receipt


def printed(me: Owner, receipt: Receipt) -> str:
    answer: Any = browser_of(me).get(address(me, "receipt-pdf", receipt.number))
    read = pypdf.PdfReader(io.BytesIO(answer.content))
    return " ".join(" ".join(page.extract_text() for page in read.pages).split()).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 9, 30), "L’aide sera recalculée le 1er janvier 2027."),
        (date(2026, 10, 1), "au plus tôt le 1er janvier 2027"),
        (date(2027, 1, 14), "à partir de la prise en compte"),
        (date(2027, 1, 15), "l’aide suspendue peut reprendre, avec rappel"),
    ],
)
def test_the_effect_follows_from_the_day_of_the_sending(on: date, said: str) -> None:
    words = effect_of(2026, on=on, deadline_on=date(2026, 9, 30), suspension_on=date(2027, 1, 15))
    assert said in words.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("at", "card", "effect"),
    [
        (NOW, "Sans cette déclaration", "L’aide sera recalculée le 1er janvier 2027."),
        (LATE, "La campagne est terminée, 5 loyers manquent.", "Reçu après le 30 septembre 2026 :"),
        (
            SUSPENDED,
            "Aide suspendue pour 5 locataires",
            "Reçu après le 15 janvier 2027 : l’aide suspendue peut reprendre",
        ),
    ],
)
def test_the_home_the_grid_and_the_receipt_say_what_a_late_rent_does(
    monkeypatch: pytest.MonkeyPatch, at: datetime, card: str, effect: str
) -> None:
    me, (first, *_) = five()
    live_at(monkeypatch, at)
    browser = browser_of(me)
    assert card in text(browser, address(me, "landlord-home")).replace("<b>", "").replace("</b>", "")
    assert first.name in text(browser, address(me))
    typed(me, first, "525", at=at)
    page, receipt = sends(me)
    assert effect in page
    assert effect in printed(me, receipt)
    mail = Message.objects.get(template="declarations/emails/receipt")
    assert effect in mail.context["effect"].replace("\u00a0", " ")


def test_a_missing_rent_bears_the_state_of_its_suspended_aid(monkeypatch: pytest.MonkeyPatch) -> None:
    me, (first, *_) = five()
    live_at(monkeypatch, SUSPENDED)
    page = text(browser_of(me), address(me))
    assert page.count("Aide suspendue</span>") == 5
    typed(me, first, "525", at=SUSPENDED)
    assert text(browser_of(me), address(me)).count("Aide suspendue</span>") == 4


def test_who_has_left_since_has_no_aid_to_be_suspended(monkeypatch: pytest.MonkeyPatch) -> None:
    me, (first, second, *others) = five()
    Tenancy.objects.filter(pk=first.pk).update(end_on=date(2026, 12, 31))
    Tenancy.objects.filter(pk=second.pk).update(absent_since=date(2026, 12, 31))
    live_at(monkeypatch, SUSPENDED)
    browser = browser_of(me)
    assert "Aide suspendue pour 3 locataires" in text(browser, address(me, "landlord-home"))
    page = text(browser, address(me))
    assert "Aide suspendue pour 3 locataires." in page
    assert page.count("Aide suspendue</span>") == 3
    next_campaign()
    live_at(monkeypatch, NEXT_JULY)
    assert "Aide suspendue pour 3 locataires" in text(browser_of(me), address(me, "landlord-home"))
    Tenancy.objects.filter(pk__in=[of.pk for of in others]).update(end_on=date(2026, 12, 31))
    assert "Aide suspendue" not in text(browser_of(me), address(me, "landlord-home"))
    live_at(monkeypatch, SUSPENDED)
    page = text(browser_of(me), address(me, "landlord-home"))
    assert "Aide suspendue" not in page
    assert "Campagne terminée" in page


def next_campaign() -> None:
    campaigns.open_campaign(
        2027, opens_on=date(2027, 7, 1), deadline_on=date(2027, 9, 30), suspension_on=date(2028, 1, 15), by=CLOCK, at=NEXT_JULY
    )  # fmt: skip
    campaigns.refresh_entries(by=CLOCK, at=NEXT_JULY)


def test_last_years_missing_rent_is_declared_beside_the_new_campaign(monkeypatch: pytest.MonkeyPatch) -> None:
    me, (first, second, *_) = five()
    next_campaign()
    live_at(monkeypatch, NEXT_JULY)
    browser = browser_of(me)
    home = text(browser, address(me, "landlord-home"))
    assert "Aide suspendue pour 5 locataires" in home
    assert "Leur loyer de juillet 2026 manque." in home
    assert "Loyers de juillet 2027" in home
    former = address(me) + "?annee=2026"
    assert f'href="{former}"' in home
    page = text(browser, former)
    assert "<h1>Loyers de juillet 2026</h1>" in page
    assert "Juillet 2025" in page
    form = fields(page) | {f"rent-{first.reference}": "525", "suite": "verifier"}
    assert form["annee"] == "2026"
    answer = browser.post(former, form)
    assert answer.headers["Location"] == address(me, "july-rents-check") + "?annee=2026"
    page, receipt = sends(me, "?annee=2026")
    assert "l’aide suspendue peut reprendre" in page
    assert list(receipt.declarations.values_list("year", "tenancy")) == [(2026, first.pk)]
    url = address(me, "july-rent-save", second.reference) + "?annee=2026"
    assert "530,00" in browser.post(url, {f"rent-{second.reference}": "530"}).content.decode()
    assert made.draft_of(tenancy=second, year=2026).cents == 53_000
    assert f'href="{url.replace("/?", "/corriger/?")}"'.replace(str(second.reference), str(first.reference)) in text(
        browser, former + "&etat=transmis"
    )


@pytest.mark.parametrize("word", ["2019", "9999", "20é6", "'--", "2026%00", ""])
def test_a_year_that_is_no_campaign_of_theirs_leads_to_that_of_the_day(
    monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    me, _ = five()
    live_at(monkeypatch, NOW)
    assert "<h1>Loyers de juillet 2026</h1>" in text(browser_of(me), f"{address(me)}?annee={word}")


def test_a_landlord_who_owes_nothing_of_last_year_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    five()
    next_campaign()
    newcomer = owner()
    of = tenancy(newcomer.landlord, start_on="2027-02-01")
    july_rent(of, 2026, 50_000)
    made.campaign(2027, at=NEXT_JULY)
    live_at(monkeypatch, NEXT_JULY)
    assert day_in_paris(NEXT_JULY).year == 2027
    assert "Aide suspendue" not in text(browser_of(newcomer), address(newcomer, "landlord-home"))


def test_a_former_campaign_is_declared_by_file_too(monkeypatch: pytest.MonkeyPatch) -> None:
    me, homes = five()
    made.campaign(2027, at=NEXT_JULY)
    live_at(monkeypatch, NEXT_JULY)
    browser = browser_of(me)
    here = address(me, "rent-files") + "?annee=2026"
    assert f'href="{here}"' in text(browser, address(me) + "?annee=2026")
    page = text(browser, here)
    assert "Loyers de juillet 2026 par fichier" in page
    assert f'href="{address(me, "rent-files-csv")}?annee=2026"' in page
    table: Any = browser.get(address(me, "rent-files-csv") + "?annee=2026")
    assert "Loyer juillet 2026" in table.content.decode("utf-8-sig")
    key = columns.key_of(2026, homes[0].reference)
    content = f"Clé (ne pas modifier);Loyer juillet 2026\r\n{key};525,00".encode()

    def put(place: str) -> Any:
        form = {name: value for name, value in fields(text(browser, place)).items() if name in ("key", "annee")}
        return browser.post(place, {**form, "file": SimpleUploadedFile("loyers.csv", content)})

    refused = put(address(me, "rent-files")).content.decode()
    assert "Ce fichier date de la campagne 2026" in refused
    assert f'href="{here}"' in refused
    report = put(here).headers["Location"]
    assert f'href="{here}"' in text(browser, report)
    browser.post(report + "confirmer/", {"wish": "send"})
    assert Declaration.objects.get(tenancy=homes[0], state="submitted").year == 2026


def test_what_leads_away_from_a_former_grid_leads_back_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    me, homes = five()
    made.campaign(2027, at=NEXT_JULY)
    live_at(monkeypatch, NEXT_JULY)
    browser = browser_of(me)
    assert f'href="{address(me)}?annee=2026"' in text(browser, address(me, "july-rents-prefill") + "?annee=2026")
    back = browser.get(address(me, "july-rent-save", homes[0].reference) + "?annee=2026").headers["Location"]
    assert "annee=2026" in back
