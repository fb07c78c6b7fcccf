"""Pages of one file of several accounts: sent again, of other campaigns, partly sent, abandoned account by account."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from parvis.declarations.bulk import intake
from parvis.declarations.bulk.models import RentFile, RentUpload
from parvis.declarations.services import campaigns
from parvis.identity.models import Account
from parvis.kit import clock
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW, YEAR
from tests.factories.landlords import Owner, landlord, office, owner
from tests.factories.tenancies import tenancy
from tests.web.landlord.july_pages.across.test_across import rented, said, two_accounts
from tests.web.landlord.july_pages.across.test_by_file import START, both, place, put, table

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def report_of(one: Owner) -> str:
    file = RentFile.objects.get(account=one.account)
    return reverse("rent-file", args=[one.account.reference, file.reference])


def test_a_mended_file_sent_with_the_old_key_shows_its_own_report() -> None:
    me, _, mine, theirs = two_accounts()
    client, key = me.browser(), str(uuid4())
    first = put(client, table((mine, "52"), (theirs, "526")), key=key).headers["Location"]
    mended = put(client, table((mine, "525"), (theirs, "526")), key=key).headers["Location"]
    assert first != mended
    assert "les 2 loyers prêts" in said(client.get(mended))
    client.post(f"{mended}abandonner/")
    again = put(client, table((mine, "525"), (theirs, "526")), key=key).headers["Location"]
    assert client.get(again).status_code == 200


def test_after_confirming_the_lines_that_did_not_leave_are_one_click_away() -> None:
    me, other, mine, theirs = two_accounts()
    client = both(me, mine, theirs, "525", "bonjour")
    client.post(place("rents-across-file-confirm"), {"wish": "send", "unsure": "on"})
    page = said(client.get(place()))
    assert report_of(me) not in page
    assert report_of(other) in page


def test_abandoned_account_by_account_says_so_and_no_link_leads_nowhere() -> None:
    me, other, mine, theirs = two_accounts()
    client = both(me, mine, theirs, "525", "526")
    words = "Tous les comptes de ce fichier"
    assert words in said(client.get(report_of(other)))
    intake.abandon(me.actor, RentFile.objects.get(account=me.account).reference, at=NOW)
    intake.abandon(other.actor, RentFile.objects.get(account=other.account).reference, at=NOW)
    page = said(client.get(place()))
    assert "Il ne reste rien de ce fichier." in page
    assert "Déposer un autre fichier" in page
    assert '<td data-l="État">Abandonné</td>' in said(client.get(START))
    RentFile.objects.update(state="confirmed")
    RentUpload.objects.update(state="abandoned")
    assert words not in said(client.get(report_of(other)))


def test_an_account_that_owes_a_step_is_told_apart_with_its_link() -> None:
    me, other, mine, theirs = two_accounts()
    client = both(me, mine, theirs, "525", "526")
    Account.objects.filter(pk=other.account.pk).update(last_name="")
    page = said(client.get(place()))
    assert "Il vous reste une étape de connexion dans ce compte." in page
    assert f'<a href="{report_of(other)}">Ouvrir ce compte' in page


def test_the_table_is_of_the_year_the_file_is_read_for() -> None:
    me = owner(landlord(company_name="Première", office_code="260"))
    other = owner(landlord(company_name="Seconde"), credential=me.account.credential)
    tenancy(me.landlord, last_name="Abadie", caf_code="260")
    rented(other, "Zola")
    made.campaign(YEAR)
    campaigns.open_campaign(
        YEAR + 1, opens_on=date(YEAR, 7, 10), deadline_on=date(YEAR, 9, 30), suspension_on=date(YEAR + 1, 1, 15),
        office=office("260"), by=CLOCK, at=NOW,
    )  # fmt: skip
    campaigns.refresh_entries(by=CLOCK, at=NOW)
    client, asked = me.browser(), f"?compte={other.account.reference}"
    page = said(client.get(START + asked))
    assert f"Loyers de juillet {YEAR + 1} par fichier" in page
    assert f"Seconde a des loyers de juillet {YEAR} :" in page
    assert reverse("rent-files", args=[other.account.reference]) + f"?annee={YEAR}" in page
    assert "Aucun loyer à déclarer ici." not in page
    assert "Télécharger (Excel)" not in page
    assert client.get(reverse("rents-across-csv") + asked).status_code == 302
