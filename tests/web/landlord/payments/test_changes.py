"""« Seulement ce qui a changé »: the pages and files of what a transfer changes."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from parvis.audit.models import Entry
from parvis.kit.actors import Right
from parvis.tenancies.models import Tenancy
from parvis.tenancies.selectors import payments
from parvis.tenancies.selectors.payments import changes
from parvis.tenancies.services.transfers import comparing, rebuild
from parvis.web.landlord.views.payments import files
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import payment, tenancy
from tests.web.landlord.payments.pages import BEFORE, LAST, PAID, address, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(me: Owner, lina: Tenancy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven more tenants whose aid changed; the transfers are long ones, compared by the worker; pages of five."""
    monkeypatch.setattr(payments, "COMPARED_BEYOND", 2)
    monkeypatch.setattr(
        changes.change_page, "__kwdefaults__", {**(changes.change_page.__kwdefaults__ or {}), "limit": 5}
    )
    for number in range(7):
        flat = tenancy(me.landlord, last_name=f"Nom{number}")
        payment(flat, BEFORE, 10_000, paid_on=LAST)
        payment(flat, LAST, 10_100 + number, paid_on=PAID)
    rebuild()
    comparing.compare_due()


def test_the_statement_leads_to_what_changed(me: Owner, many: None) -> None:
    shown = text(me.browser(), address(me, "payments-statement"))
    assert "Voir les 10 changements" in shown
    assert "Seulement ce qui a changé" in shown


def test_pages_follow_one_another_and_kinds_are_told_apart(me: Owner, many: None) -> None:
    here, browser = address(me, "payments-statement") + "changements/", me.browser()
    first = text(browser, here)
    assert "1 à 5 sur 10" in first
    assert "?a-partir=6" in first
    second = text(browser, here + "?a-partir=6")
    assert "6 à 10 sur 10" in second
    revised = text(browser, here + "?genre=revises")
    assert "8 montants révisés" in revised
    assert "1 à 5 sur 8" in revised
    assert "genre=revises&amp;a-partir=" in revised
    assert "Petit" not in revised, "that tenant is new"
    for wrong in ("?genre=inconnu", "?a-partir=0", "?a-partir=x", "?a-partir=999999999", "?genre=%00"):
        assert "1 à 5 sur 10" in text(browser, here + wrong), wrong


def test_the_file_holds_them_all_or_one_kind_and_is_noted(
    me: Owner, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, here = me.browser(), address(me, "payments-statement")
    content = browser.get(here + "changements.csv").getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert len(rows) == 11
    assert not any(cell.startswith("=") for row in rows for cell in row)
    gaps = sum(float(row[5].replace(",", ".")) for row in rows[1:])
    assert round(gaps * 100) == -1_000 - 1_500 + 10_000 + sum(100 + number for number in range(7))
    only = browser.get(here + "changements.csv?genre=nouveaux").getvalue().decode("utf-8-sig")
    assert "Nouveau locataire" in only
    assert len(only.splitlines()) == 2
    assert browser.get(here + "changements.xlsx").status_code == 200
    noted = [entry.details for entry in Entry.objects.filter(event="tenancies.exported").order_by("id")]
    assert [one["rows"] for one in noted] == [10, 1, 10]
    monkeypatch.setitem(files.MOST, "xlsx", 3)
    assert browser.get(here + "changements.xlsx").status_code == 302
    assert "Excel" not in text(browser, here + "changements/?genre=revises")


def test_a_transfer_that_is_not_compared_yet_says_so(me: Owner, lina: Tenancy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "ADDED_UP_TO", 1)
    browser, here = me.browser(), address(me, "payments-statement")
    for shown in (text(browser, here), text(browser, here + "changements/")):
        assert "en cours de comparaison" in shown
        assert "les retenues : −15,00 €" in shown
    assert browser.get(here + "changements.csv").status_code == 302


def test_a_first_transfer_and_what_is_not_one_s_own(me: Owner, lina: Tenancy) -> None:
    from parvis.tenancies.models import Transfer

    first = Transfer.objects.get(landlord=me.landlord, paid_on=LAST).reference
    assert me.browser().get(reverse("payments-changes", args=[me.account.reference, first])).status_code == 302
    mine = Transfer.objects.get(landlord=me.landlord, paid_on=PAID).reference
    other, blind = owner(), owner(me.landlord, rights=frozenset(Right) - {Right.PAYMENTS})
    for name in ("payments-changes", "payments-changes-csv"):
        assert other.browser().get(reverse(name, args=[other.account.reference, mine])).status_code == 404
        assert blind.browser().get(reverse(name, args=[blind.account.reference, mine])).status_code == 403
