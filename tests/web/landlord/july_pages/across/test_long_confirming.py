"""A long confirmation tells that it goes on: pages that may be left, two clicks, one receipt an account."""

from __future__ import annotations

import pytest

from parvis.declarations.bulk import confirming, intake
from parvis.declarations.bulk.confirming import several as all_of_them
from parvis.declarations.bulk.models import RentFile
from parvis.declarations.models import Receipt
from parvis.kit import clock
from tests.factories.declarations import NOW
from tests.web.landlord.july import address, five
from tests.web.landlord.july_pages.across.test_across import said, two_accounts
from tests.web.landlord.july_pages.across.test_by_file import both, place
from tests.web.landlord.test_files import filled, put

pytestmark = pytest.mark.django_db
ASKED = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.mark.parametrize(("wish", "words"), [("send", "Transmission"), ("keep", "Enregistrement")])
def test_a_long_confirmation_counts_the_rents_account_by_account(
    wish: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(all_of_them, "AT_ONCE", 0)
    me, _, mine, theirs = two_accounts()
    client = both(me, mine, theirs, "525", "526")
    progress = place("rents-across-file-progress")
    what = "transmis" if wish == "send" else "enregistré"
    assert f"0 loyer {what} sur 2, compte par compte." in said(
        client.post(place("rents-across-file-confirm"), {"wish": wish, "unsure": "on"}, follow=True)
    )
    assert intake.work_one(at=NOW)
    part = said(client.get(progress, headers={"HX-Request": "true"}))
    assert f"1 loyer {what} sur 2, compte par compte." in part
    assert f'{words} en cours</label><progress id="suivi" value="1" max="2">' in part
    client.post(place("rents-across-file-confirm"), {"wish": wish})
    while intake.work_one(at=NOW):
        pass
    assert client.get(progress, headers={"HX-Request": "true"}).headers["HX-Redirect"] == place()
    assert Receipt.objects.count() == (2 if wish == "send" else 0)


@pytest.mark.parametrize(
    ("wish", "words", "receipts"),
    [
        ("send", "Transmission en cours : 2 loyers, en une seule fois.", 1),
        ("keep", "Enregistrement en cours : 3 loyers, dans votre saisie.", 0),
    ],
)
def test_a_long_file_being_sent_says_how_many_rents_and_ends_with_its_receipt(
    wish: str, words: str, receipts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirming, "AT_ONCE", 0)
    me, homes = five()
    browser = me.browser()
    put(me, browser, filled(homes, "525,00", "526,00", "700,00"))
    file = RentFile.objects.get()
    here, progress = (address(me, name, file.reference) for name in ("rent-file", "rent-file-progress"))
    confirmed = address(me, "rent-file-confirm", file.reference)
    for _ in range(2):
        page = said(browser.post(confirmed, {"wish": wish, "unsure": "on"}, follow=True))
        assert words in page
        assert "Vous pouvez quitter cette page" in page
        assert f'{words.split(" :")[0]}</label><progress id="suivi"></progress>' in page
        assert 'name="wish"' not in page, "nothing is left to click"
    assert words in said(browser.get(progress, headers=ASKED))
    assert words.split(" :")[0] in said(browser.get(address(me, "rent-files")))
    assert intake.work_one(at=NOW)
    assert not intake.work_one(at=NOW)
    assert browser.get(progress, headers=ASKED).headers["HX-Redirect"] == here
    assert ("2 loyers transmis" if receipts else "3 loyers enregistrés") in said(browser.get(here))
    assert Receipt.objects.count() == receipts
