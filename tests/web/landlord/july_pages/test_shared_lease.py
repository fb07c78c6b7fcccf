"""Where several hold the lease, every way of declaring asks for the share of the tenant, and for nothing else (ux.md B13.1)."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from parvis.declarations.bulk import facts, template
from parvis.declarations.models import Kind
from parvis.declarations.selectors import grid
from parvis.declarations.selectors.grid.norms import norms_of
from parvis.declarations.services import bundles
from parvis.tenancies.models import Tenancy
from tests.declarations.july.bulk.test_path import lines, sent_in, table
from tests.factories import declarations as made
from tests.factories.declarations import NOW, YEAR
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.web.landlord.july import address, live_at, text

pytestmark = pytest.mark.django_db
SHARE = "Colocation, 2 titulaires du bail : déclarez la part de ce locataire seulement."


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    live_at(monkeypatch, NOW)


def shared() -> tuple[Owner, Tenancy]:
    """Two holders of one lease, one of whom has an aid, beside somebody who lives alone."""
    me = owner()
    of = tenancy(me.landlord, last_name="Abadie", lease_holders=2)
    for home in (of, tenancy(me.landlord, last_name="Benali")):
        july_rent(home, YEAR - 1, 52_400)
    made.campaign()
    return me, of


def test_the_grid_asks_for_the_share_and_offers_it() -> None:
    me, of = shared()
    page = text(me.browser(), address(me))
    assert page.count(SHARE) == 1
    made.typed(me, of, "1050")
    page = text(me.browser(), address(me))
    assert "Ce montant semble le loyer de tout le logement (2 titulaires du bail)." in page
    assert "Remplacer par 525,00 €" in page
    me.browser().post(address(me), {"annee": str(YEAR), "geste": f"remplacer:{of.reference}:52500"})
    me.browser().post(address(me), {"annee": str(YEAR), "geste": f"confirmer:{of.reference}:share_or_whole:52500"})
    made.sent(me)
    assert of.declarations.get().details == {
        "year": YEAR, "rent_cents": 52_500, "charges_cents": None, "furnished": False, "lease_holders": 2, "amount_is": "share",
    }  # fmt: skip


def test_the_first_july_asks_whose_rent_it_is_and_the_next_does_not() -> None:
    me, of = shared()
    made.typed(me, of, "524")
    page = text(me.browser(), address(me))
    assert "524,00 € : est-ce bien la part de ce locataire ?" in page
    assert "524,00 € est bien la part de ce locataire" in page
    entry = of.campaign_entries.get()
    assert entry.state == "to_confirm"
    file = sent_in(me, table([of], "524"))
    assert [line.state for line in lines(me, file)] == ["to_confirm"]
    me.browser().post(address(me), {"annee": str(YEAR), "geste": f"confirmer:{of.reference}:share_or_whole:52400"})
    made.sent(me)
    declared = of.declarations.get()
    assert (declared.details["amount_is"], declared.confirmed) == ("share", ["share_or_whole"])
    (row,) = grid.rows_named(me.actor, YEAR, [of.reference])
    assert row.is_share_stated
    assert facts.by_key(me.actor, norms_of(YEAR), [(0, str(of.reference))])[0].facts.is_share_stated


def test_so_do_the_wizard_the_paper_form_and_the_file() -> None:
    me, of = shared()
    bundles.choose(me.actor, of.reference, [Kind.JULY_RENT], year=YEAR, at=NOW)
    step = reverse("declare-step", args=[me.account.reference, of.reference, "july_rent"])
    assert "Déclarez la part de Lina Abadie seulement." in text(me.browser(), step)
    answer: Any = me.browser().get(address(me, "july-rents-paper-pdf"))
    printed = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages).split()
    )
    assert printed.replace("\u00a0", " ").count(SHARE) == 1
    rows = list(template.lines(me.actor, YEAR))
    assert template.header(YEAR)[-1] == "Remarque"
    assert [row[-1] for row in rows] == ["Part de ce locataire seulement (2 titulaires du bail)", None]
    file = sent_in(me, table([of], "525"))
    assert lines(me, file)[0].remarks[-1].replace("\u00a0", " ") == SHARE


def test_the_help_says_the_same() -> None:
    page = text(Client(), reverse("help-article", args=["quel-loyer-declarer"]))
    assert "déclarez pour chaque locataire sa part du loyer" in page
    assert "loyer total" not in page


@pytest.mark.parametrize(("holders", "now", "whose"), [(2, 2, "part de ce locataire"), (1, 2, "loyer entier du bail")])
def test_every_check_page_says_whose_rent_leaves(holders: int, now: int, whose: str) -> None:
    """A second holder that a delivery names later changes nothing of what was typed: it leaves as the rent of the lease."""
    me = owner()
    of = tenancy(me.landlord, last_name="Abadie", lease_holders=holders)
    july_rent(of, YEAR - 1, 52_400)
    made.campaign()
    made.typed(me, of, "525")
    if holders > 1:
        me.browser().post(address(me), {"annee": str(YEAR), "geste": f"confirmer:{of.reference}:share_or_whole:52500"})
    Tenancy.objects.filter(pk=of.pk).update(lease_holders=now)
    bundles.choose(me.actor, of.reference, [Kind.JULY_RENT], year=YEAR, at=NOW)
    browser = me.browser()
    pages = [address(me, "july-rents-check"), address(me, "declare-check", of.reference), reverse("rents-across-check")]
    for page in pages:
        assert whose in text(browser, page), page
    made.sent(me)
    assert of.declarations.get().details["amount_is"] == ("share" if holders > 1 else "whole")
