"""Where a July rent stands is said in the same words by the grid, the list, the sheet and the file."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from parvis.declarations.selectors.tenant_lists.july import LABELS
from parvis.identity.models import Session
from parvis.kit import clock
from parvis.tenancies.models import Tenancy
from tests.factories import declarations as made
from tests.factories.declarations import NOW
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.web.landlord.july import address, live_at, text

pytestmark = pytest.mark.django_db
LATE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SUSPENDED = datetime(2027, 2, 3, 9, 0, tzinfo=UTC)


def browser_of(me: Owner) -> Client:
    browser = me.browser()
    Session.objects.update(created_at=SUSPENDED, ends_at=SUSPENDED + timedelta(days=1))
    return browser


def told(me: Owner, browser: Client, last_name: str) -> tuple[str, ...]:
    """What the sheet, the list, its filter and the file say of one tenant."""
    of = Tenancy.objects.get(landlord=me.landlord, last_name=last_name)
    sheet = text(browser, reverse("tenant", args=[me.account.reference, of.reference])).partition("</dl>")[0]
    listed = text(browser, address(me, "tenants") + f"?q={last_name}")
    rows = listed.partition("<tbody>")[2].partition("</tbody>")[0]
    answer = browser.post(address(me, "tenants-export") + f"?q={last_name}", {"format": "csv"})
    file = answer.content.decode("utf-8-sig")
    return tuple(html.unescape(words) for words in (sheet, rows, file))


def test_a_tenant_whose_aid_is_suspended_is_told_so_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    me = owner()
    july_rent(tenancy(me.landlord, last_name="Moreau"), 2025, 52_000)
    made.campaign()
    live_at(monkeypatch, SUSPENDED)
    browser = browser_of(me)
    sheet, rows, file = told(me, browser, "Moreau")
    for words in (sheet, rows, file):
        assert LABELS["suspended"] in words
        assert "À saisir" not in words
    assert "avant le" not in sheet
    assert "L’aide peut reprendre" in sheet
    listed = text(browser, address(me, "tenants"))
    assert '<option value="suspendue">' in listed
    only = text(browser, address(me, "tenants") + "?loyer=suspendue")
    assert "Moreau" in only.partition("<tbody>")[2]


@pytest.mark.parametrize(("at", "said"), [(NOW, "avant le 30 septembre"), (LATE, "La date du 30 septembre est passée")])
def test_before_the_suspension_the_sheet_says_which_day_counts(
    monkeypatch: pytest.MonkeyPatch, at: datetime, said: str
) -> None:
    me = owner()
    july_rent(tenancy(me.landlord, last_name="Moreau"), 2025, 52_000)
    made.campaign()
    live_at(monkeypatch, at)
    browser = browser_of(me)
    sheet, rows, _ = told(me, browser, "Moreau")
    assert said in sheet
    assert "À saisir" in sheet
    assert "À saisir" in rows
    assert '<option value="suspendue">' not in text(browser, address(me, "tenants"))


def test_the_july_of_the_year_before_that_is_asked_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    me = owner()
    asked = tenancy(me.landlord, last_name="Moreau")
    made.campaign()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    made.typed(me, asked, "525")
    sheet, rows, _ = told(me, me.browser(), "Moreau")
    assert "Juillet 2025 à saisir" in sheet
    assert "Juillet 2025 à saisir" in rows
