"""Organisations: credentials by post, the sheet of one tenant, and lists of hundreds."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser import office, steps
from tests.browser.conftest import OpensABrowser, Watch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_agency_opens_its_account_by_letter_and_reads_a_sheet(
    someone: OpensABrowser, watch: Watch, folders: Settings
) -> None:
    office.delivers("0004647")
    watch.set_to(office.MORNING)
    held = steps.credentials_by_letter("Agence des Trois Tilleuls")
    person = someone(theme="dark")
    steps.opens_the_account(person, watch, held, "zoe@tilleuls.example", first_name="Zoé", last_name="Grandvallet")
    account = person.path.split("/")[2]
    person.goes(f"/c/{account}/bailleur/locataires/?q=1593739")
    person.looks("Mes locataires")
    person.follows("Lina Moreau")
    person.looks("Lina Moreau")
    words = person.words.replace("\u202f", " ")
    for said in ("1593739", "525,00 €", "199,77 €", "24/10/2021", "Logement nu", "43 m²", "Décent"):
        assert said in words
    assert person.page.locator("svg[role=img], figure svg").count() >= 1, "the chart"
    summary = person.page.locator("details summary").first
    summary.click()
    assert person.page.locator("details table").first.is_visible(), "the same as a table"
    person.looks("Lina Moreau")


def test_three_hundred_tenants_are_paged_and_searched(someone: OpensABrowser, watch: Watch, folders: Settings) -> None:
    office.delivers("0004010")
    watch.set_to(office.MORNING)
    held = steps.credentials_by_letter("Société Internationale")
    person = someone(width=320)
    steps.opens_the_account(person, watch, held, "paul@conseil.example", first_name="Paul", last_name="Girard")
    account = person.path.split("/")[2]
    for address, heading in (("locataires", "Mes locataires"), ("loyers", "Loyers de juillet 2026")):
        person.goes(f"/c/{account}/bailleur/{address}/")
        person.looks(heading)
        first = person.page.locator("table a").first.inner_text()
        person.follows("Suivant")
        person.looks(heading)
        assert person.page.locator("table a").first.inner_text() != first
        person.follows("Précédent")
        expect(person.page.locator("table a").first).to_have_text(first, use_inner_text=True)
