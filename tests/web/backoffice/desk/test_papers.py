"""« Quittances papier »: the tenant found by a number or in the file, the line typed, checked, sent once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from parvis.agents.posts import DUTIES, Role
from parvis.audit.models import Entry
from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.services import campaigns
from parvis.kit.actors import Duty
from parvis.kit.clock import day_in_paris
from parvis.tenancies.models import Tenancy
from tests.factories.agents import SQUARE, colleague
from tests.factories.declarations import CLOCK, counts_are_true
from tests.factories.landlords import Owner, office, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.web.backoffice.file.opening import file_of, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]
PILE = "/agents/quittances/"


def _now() -> datetime:
    return datetime.now(UTC)


def _open_campaign() -> int:
    """The campaign of the last July that is over by now, opened."""
    today = day_in_paris(_now())
    year = today.year if today.month >= 8 else today.year - 1
    first = datetime(year, 7, 1, 6, 0, tzinfo=UTC)
    campaigns.open_campaign(
        year,
        opens_on=first.date(),
        deadline_on=first.date() + timedelta(days=91),
        suspension_on=first.date() + timedelta(days=198),
        by=CLOCK,
        at=first,
    )
    campaigns.refresh_entries(by=CLOCK, at=_now())
    return year


@pytest.fixture
def someone() -> Owner:
    return owner()


@pytest.fixture
def rented(someone: Owner) -> Tenancy:
    made = tenancy(someone.landlord)
    today = day_in_paris(_now())
    july_rent(made, (today.year if today.month >= 8 else today.year - 1) - 1, 52_000)
    _open_campaign()
    return made


def _clerk() -> Client:
    return colleague((Role.RECEPTION, "441")).browser()


def _page(rented: Tenancy) -> str:
    return f"{PILE}{rented.reference}/"


def _form(browser: Client, rented: Tenancy, **typed: str) -> dict[str, str]:
    shown = browser.get(_page(rented)).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(key|seen|asked)" value="([^"]*)"', shown))
    return {**hidden, "rent": "525,00", "received_on": day_in_paris(_now()).isoformat(), **typed}


def test_from_the_number_to_the_receipt(someone: Owner, rented: Tenancy) -> None:
    browser = _clerk()
    found = browser.post(PILE, {"number": rented.claimant_number}).content.decode()
    assert _page(rented) in found
    assert "Alliance Familiale" in found
    answer = browser.post(_page(rented), _form(browser, rented))
    assert answer.headers["Location"] == PILE
    told = browser.get(PILE).content.decode()
    assert Receipt.objects.get().number in told
    assert "525,00" in told
    seen = someone.browser().get(f"/c/{someone.account.reference}/bailleur/accuses/{Receipt.objects.get().number}/")
    assert "courrier papier, reçu le" in seen.content.decode()
    assert "()" not in seen.content.decode()
    assert counts_are_true()


def test_a_look_is_told_with_its_landlord(someone: Owner, rented: Tenancy) -> None:
    _clerk().get(_page(rented))
    assert Entry.objects.filter(event="agents.looked", partner_id=someone.landlord.pk).count() == 1


def test_from_the_landlords_file(someone: Owner, rented: Tenancy) -> None:
    page = opened(colleague((Role.CASEWORKER, "441")), someone).get(file_of(someone) + "locataires/").content.decode()
    assert _page(rented) in page
    national = opened(colleague(), someone).get(file_of(someone) + "locataires/").content.decode()
    assert _page(rented) not in national


def test_the_next_line_of_the_same_paper_is_at_hand(someone: Owner, rented: Tenancy) -> None:
    browser = opened(colleague((Role.CASEWORKER, "441")), someone)
    answer = browser.post(_page(rented), _form(browser, rented), follow=True)
    assert answer.redirect_chain[-1][0] == file_of(someone) + "locataires/"
    assert Receipt.objects.get().number in answer.content.decode()


@pytest.mark.parametrize(("role", "place"), SQUARE)
def test_the_page_opens_by_its_duty_at_the_office(rented: Tenancy, role: Role, place: str) -> None:
    office("751", "Caf de Paris")
    browser = colleague((role, place)).browser()
    expected = 403 if Duty.REGISTER_PAPER not in DUTIES[role] else 404 if place == "751" else 200
    assert browser.get(_page(rented)).status_code == expected
    assert browser.post(_page(rented), {}).status_code == expected
    assert browser.get(PILE).status_code == (403 if expected == 403 else 200)


def test_nobody_is_asked_to_sign_in(rented: Tenancy) -> None:
    assert Client().get(_page(rented)).headers["Location"].startswith("/agents/connexion/")


def test_two_clicks_are_one_receipt(rented: Tenancy) -> None:
    browser = _clerk()
    form = _form(browser, rented)
    assert browser.post(_page(rented), form).status_code == browser.post(_page(rented), form).status_code == 302
    assert Receipt.objects.count() == 1


def _asked(page: str) -> str:
    found = re.search(r'name="asked" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_an_unusual_amount_is_ticked_or_mended(rented: Tenancy) -> None:
    browser = _clerk()
    form = _form(browser, rented, rent="700")
    page = browser.post(_page(rented), form).content.decode()
    assert "increase_above_index" in page
    assert "Relisez le papier" in page
    assert 'value="700"' in page
    assert not Receipt.objects.exists()
    ticked = {**form, "asked": _asked(page), "confirmed": "increase_above_index", "words": "Travaux"}
    other = browser.post(_page(rented), {**ticked, "rent": "800"}).content.decode()
    assert not Receipt.objects.exists()
    assert 'value="800"' in other
    assert "Travaux" in other
    assert " checked" not in other
    done = browser.post(_page(rented), ticked)
    assert done.status_code == 302
    assert Declaration.objects.get().confirmed_reason == "Travaux"


@pytest.mark.parametrize(
    "typed", ["", "   ", "x" * 10_000, "cinq cents", "五百", "\0525", "1' OR 1=1", "<b>525</b>", "-5"]
)
def test_what_cannot_be_read_is_kept_and_explained(rented: Tenancy, typed: str) -> None:
    browser = _clerk()
    answer = browser.post(_page(rented), _form(browser, rented, rent=typed))
    assert answer.status_code == 200
    assert "Erreur" in answer.content.decode()
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("typed", ["", "demain", "31/12/9999", "01/01/0001", "2026-02-30", "\0"])
def test_a_day_of_arrival_must_be_one(rented: Tenancy, typed: str) -> None:
    browser = _clerk()
    answer = browser.post(_page(rented), _form(browser, rented, received_on=typed))
    assert answer.status_code == 200
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "\0"])
def test_a_form_without_its_key_registers_nothing(rented: Tenancy, key: str) -> None:
    browser = _clerk()
    assert browser.post(_page(rented), _form(browser, rented, key=key)).status_code == 200
    assert not Receipt.objects.exists()


def test_a_rent_already_sent_is_shown_with_what_is_there(rented: Tenancy) -> None:
    browser = _clerk()
    browser.post(_page(rented), _form(browser, rented))
    page = browser.get(_page(rented)).content.decode()
    assert "Ce loyer est déjà transmis" in page
    assert Receipt.objects.get().number in page
    assert "Enregistrer et transmettre" not in page


def test_a_draft_of_the_landlord_is_said_before_it_is_replaced(someone: Owner, rented: Tenancy) -> None:
    from parvis.declarations.services import july

    browser, year = _clerk(), rented.campaign_entries.get().year
    form = _form(browser, rented)
    july.save_rent(someone.actor, rented.reference, year=year, typed="523", at=_now())
    page = browser.post(_page(rented), form).content.decode()
    assert "Un loyer est saisi, mais pas transmis" in page
    assert not Receipt.objects.exists()
    assert browser.post(_page(rented), _form(browser, rented)).status_code == 302


@pytest.mark.parametrize("number", ["", "12", "abcdefg", "123456789", "\0", "1 OR 1=1", "x" * 10_000])
def test_a_number_is_a_number(number: str) -> None:
    answer = _clerk().post(PILE, {"number": number})
    assert answer.status_code == 200
    assert "Erreur" in answer.content.decode()


def test_a_number_nobody_has_says_so(rented: Tenancy) -> None:
    assert "Aucun locataire de vos caisses" in _clerk().post(PILE, {"number": "9999999"}).content.decode()


def test_out_of_the_campaign_there_is_no_form(someone: Owner, rented: Tenancy) -> None:
    newcomer = tenancy(someone.landlord, start_on=day_in_paris(_now()))
    browser = _clerk()
    page = browser.get(_page(newcomer)).content.decode()
    assert "Il n’y a rien à enregistrer" in page
    assert browser.post(_page(newcomer), {"rent": "525"}).status_code == 200
    assert not Receipt.objects.exists()
