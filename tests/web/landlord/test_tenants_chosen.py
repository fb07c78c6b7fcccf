"""The list of tenants narrowed, ordered, ticked; the landlord's own reference of each."""

from __future__ import annotations

import pytest

from parvis.audit.models import Entry
from parvis.declarations.models import CampaignCount
from parvis.tenancies.models import Tenancy
from tests.factories.landlords import owner
from tests.factories.tenancies import payment, tenancy
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
    page = answer.content.decode()
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
