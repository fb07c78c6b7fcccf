"""The list of tenants narrowed, ordered, ticked, exported; the landlord's own reference of each."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.audit.models import Entry
from parvis.declarations.models import CampaignCount
from parvis.declarations.selectors import tenant_list
from parvis.kit.actors import Right
from parvis.tenancies.models import Tenancy
from parvis.web.landlord.views import export
from tests.factories.landlords import owner
from tests.factories.tenancies import many_tenancies, payment, tenancy
from tests.web.landlord.test_tenants import LAST_MONTH, address, campaign, entry, text

pytestmark = pytest.mark.django_db


def test_filters_orders_and_buildings_stand_in_the_address() -> None:
    campaign()
    me = owner()
    mine = tenancy(me.landlord, address_1="8 rue du Port")
    other = tenancy(me.landlord, last_name="Zola", first_name="Zoé", address_1="2 quai Nord", direct_payment=False)
    payment(mine, LAST_MONTH, 11_100)
    entry(mine, "submitted")
    entry(other)
    browser = me.browser()
    assert f"?immeuble={mine.reference}" in text(browser, address(me))
    for query, words in (
        (f"?immeuble={mine.reference}", "8 rue du Port, 44220 COUERON"),
        ("?loyer=transmis", "Transmis"),
        ("?tri=aide", "de la plus grande à la plus petite"),
        ("?versement=direct&tri=immeuble", "Versement à moi"),
    ):
        page = text(browser, address(me) + query)
        assert words in page, query
        assert "Lina Moreau" in page, query
        assert "Zoé Zola" not in page, query
    assert "Zoé Zola" in text(browser, address(me) + "?versement=locataire")
    page = text(browser, address(me) + "?tri=a-declarer")
    assert page.index("Zoé Zola") < page.index("Lina Moreau")
    stranger = tenancy(owner().landlord, address_1="9 rue Cachée")
    assert "Cachée" not in text(browser, address(me) + f"?immeuble={stranger.reference}")


@pytest.mark.parametrize(
    "query",
    ["?loyer=x", "?tri=' OR 1", "?immeuble=zz", "?caisse=<b>", "?situation=%00", "?caisse=999&situation=impaye"],
)
def test_filters_that_cannot_be_read_are_left_out(query: str) -> None:
    me = owner()
    tenancy(me.landlord)
    text(me.browser(), address(me) + query)


def test_the_rows_ticked_are_declared_in_the_grid() -> None:
    campaign()
    me = owner()
    for name in ("Aubry", "Bonnet", "Caron"):
        entry(tenancy(me.landlord, last_name=name))
    CampaignCount.objects.filter(landlord=me.landlord).update(to_declare=3)
    browser = me.browser()
    rows = Tenancy.objects.filter(landlord=me.landlord, last_name__in=["Aubry", "Caron"])
    stranger = tenancy(owner().landlord, last_name="Inconnu")
    query = "&".join(f"choix={each.reference}" for each in [*rows, stranger])
    answer = browser.get(f"{address(me, 'tenants-chosen')}?{query}", follow=True)
    page = answer.getvalue().decode()
    assert "Lina Aubry" in page
    assert "Lina Caron" in page
    assert "Lina Bonnet" not in page
    assert "Inconnu" not in page
    none = browser.get(address(me, "tenants-chosen") + "?choix=x", follow=True)
    assert "Cochez au moins un locataire." in none.content.decode()


def test_one_s_own_reference_is_written_found_and_effaced() -> None:
    me = owner()
    mine = tenancy(me.landlord)
    browser, here = me.browser(), address(me, "tenant-own-reference", mine.reference)
    text(browser, here)
    page = browser.post(here, {"own_reference": "  Lot  12 "}, follow=True).content.decode()
    assert "Votre référence est enregistrée." in page
    assert "Lot 12" in page
    assert "Lina Moreau" in text(browser, address(me) + "?q=lot+12")
    assert Entry.objects.filter(event="tenancies.own_reference").count() == 1
    browser.post(here, {"own_reference": "Lot 12"})
    assert Entry.objects.filter(event="tenancies.own_reference").count() == 1
    assert "40 caractères au maximum" in browser.post(here, {"own_reference": "a" * 10_000}).content.decode()
    browser.post(here, {"own_reference": ""})
    mine.refresh_from_db()
    assert mine.own_reference == ""
    stranger = tenancy(owner().landlord)
    assert (
        browser.post(address(me, "tenant-own-reference", stranger.reference), {"own_reference": "x"}).status_code == 404
    )
    stranger.refresh_from_db()
    assert stranger.own_reference == ""


def test_what_is_about_to_leave_is_said_first() -> None:
    me = owner()
    tenancy(me.landlord)
    tenancy(me.landlord, last_name="Zola", direct_payment=False)
    browser = me.browser()
    page = text(browser, address(me, "tenants-export"))
    assert (
        "Vous exportez 2\u00a0lignes. Ce fichier contient des données personnelles\u00a0: gardez-le en lieu sûr."
        in page
    )
    assert "Vous exportez 1\u00a0ligne." in text(browser, address(me, "tenants-export") + "?versement=locataire")
    assert "Aucun locataire à exporter." in text(browser, address(me, "tenants-export") + "?anciens=oui")
    assert not Entry.objects.filter(event="tenancies.exported").exists()
    assert browser.post(address(me, "tenants-export"), {"format": "exe"}).status_code == 200


def test_the_file_holds_mine_alone_and_no_aid_that_is_not_mine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenant_list, "BLOCK", 10)
    me = owner()
    many_tenancies(me.landlord, 35)
    ticked = tenancy(me.landlord, last_name="=cmd()", own_reference="Lot 1")
    hidden = tenancy(me.landlord, last_name="Secret", direct_payment=False)
    for each in (ticked, hidden):
        payment(each, LAST_MONTH, 11_173)
    tenancy(owner().landlord, last_name="Étranger")
    browser = me.browser()
    answer = browser.post(address(me, "tenants-export"), {"format": "csv"})
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert len(lines) == 38
    assert "'=cmd()" in answer.getvalue().decode()
    assert "Étranger" not in answer.getvalue().decode()
    assert answer.getvalue().decode().count("111,73") == 1
    entry = Entry.objects.get(event="tenancies.exported")
    assert (entry.subject, entry.details) == ("locataires.csv", {"kind": "tenants", "rows": 37})
    chosen = browser.get(
        address(me, "tenants-chosen") + f"?choix={ticked.reference}&geste=exporter", follow=True
    ).redirect_chain[0][0]
    workbook = zipfile.ZipFile(io.BytesIO(browser.post(chosen, {"format": "xlsx"}).getvalue()))
    sheet = workbook.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 2
    assert "<t>=cmd()</t>" in sheet
    assert "<f>" not in sheet


def test_the_list_to_print_is_whole_or_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    me = owner()
    shown, hidden = tenancy(me.landlord, own_reference="Lot 7"), tenancy(me.landlord, direct_payment=False)
    for each in (shown, hidden):
        payment(each, LAST_MONTH, 11_173)
    browser, here = me.browser(), address(me, "tenants-export")
    answer = browser.post(here, {"format": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    words = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages).split()
    )
    assert "2 locataires" in words.replace("\u00a0", " ")
    assert "Lot 7" in words
    assert (words.count("111,73"), words.count("au locataire")) == (1, 1)
    entry = Entry.objects.get(event="tenancies.exported")
    assert (entry.subject, entry.details) == ("locataires.pdf", {"kind": "tenants", "rows": 2})
    monkeypatch.setitem(export.MOST, "pdf", 1)
    page = text(browser, here)
    assert "Un PDF contient 1\u00a0ligne au plus." in page
    assert "Télécharger (PDF)" not in page
    assert browser.post(here, {"format": "pdf"})["Content-Type"].startswith("text/html")
    assert Entry.objects.filter(event="tenancies.exported").count() == 1


def test_the_aids_that_change_are_a_chip_for_who_may_see_payments() -> None:
    me = owner()
    same, grown = tenancy(me.landlord, last_name="Constant"), tenancy(me.landlord, last_name="Zola")
    before = (LAST_MONTH - timedelta(days=1)).replace(day=1)
    for each, cents in ((same, 10_000), (grown, 12_000)):
        payment(each, before, 10_000)
        payment(each, LAST_MONTH, cents)
    browser, query = me.browser(), "?variation=hausse&versement=direct"
    with CaptureQueriesContext(connection) as queries:
        page = text(browser, address(me) + query)
    assert len(queries) <= 6
    assert "Zola" in page
    assert "Constant" not in page
    assert 'href="?versement=direct"' in page, "the chip « Aide en hausse » leads to the list without it"
    assert "comparée à celle du mois d’avant" in page
    assert "Vous exportez 1\u00a0ligne." in text(browser, address(me, "tenants-export") + query)
    assert "variation" not in text(browser, address(me, "former-tenants") + query)
    colleague = owner(me.landlord, rights=frozenset(Right) - {Right.PAYMENTS})
    page = text(colleague.browser(), address(colleague) + query)
    assert "Constant" in page
    assert "Aide en hausse" not in page
