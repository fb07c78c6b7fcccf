"""What a landlord sent, read by an agent from the file: no need to go « voir comme », and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.changes.models import ChangeRequest
from parvis.declarations.models import Declaration, Receipt
from parvis.identity.models import Account
from tests.factories import declarations as made
from tests.factories.agents import colleague
from tests.factories.awaited import paper_awaited_about
from tests.factories.changes import address_asked, one_of_each_change
from tests.factories.landlords import Owner, office, owner
from tests.factories.tenancies import july_rent, tenancy
from tests.web.backoffice.file.opening import file_of, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def someone() -> Owner:
    """A landlord who sent a July rent."""
    me = owner()
    rented = tenancy(me.landlord)
    july_rent(rented, made.YEAR - 1, 52_400)
    made.campaign()
    made.typed(me, rented, "525")
    made.sent(me)
    return me


def pages_of(someone: Owner) -> list[str]:
    address_asked(someone)
    change = ChangeRequest.objects.get()
    sent, receipt = Declaration.objects.get(kind="july_rent"), Receipt.objects.get()
    here = file_of(someone)
    return [
        f"{here}declarations/{sent.opaque}/", f"{here}accuses/{receipt.number}/", f"{here}accuses/{receipt.number}/pdf/",
        f"{here}demandes/{change.number}/",
    ]  # fmt: skip


def test_the_file_leads_to_each_declaration_receipt_and_request(someone: Owner) -> None:
    pages = pages_of(someone)
    Account.objects.update(opened_at=None)
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    page = browser.get(file_of(someone)).content.decode()
    for address in (pages[0], pages[1], pages[3]):
        assert address in page
        assert browser.get(address).status_code == 200
    assert "525,00" in browser.get(pages[0]).content.decode()
    assert "Nouvelle adresse" in browser.get(pages[3]).content.decode()
    paper = browser.get(pages[2])
    assert paper.content.startswith(b"%PDF")
    noted = Entry.objects.get(event="agents.paper_opened")
    assert (noted.subject, noted.partner_id) == (Receipt.objects.get().number, someone.landlord.pk)


def test_what_was_confirmed_is_read_with_its_reason(someone: Owner) -> None:
    Declaration.objects.update(confirmed=["increase_above_index"], confirmed_reason="Travaux <b>")
    sent = Declaration.objects.get(kind="july_rent")
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    page = browser.get(f"{file_of(someone)}declarations/{sent.opaque}/").content.decode()
    for words in ("une forte hausse depuis juillet précédent", "Raison donnée", "Travaux &lt;b&gt;"):
        assert words in page


def test_a_refusal_is_read_with_its_sentence(someone: Owner) -> None:
    Declaration.objects.update(state="rejected", reason_code="period_closed", decided_at=datetime.now(UTC))
    sent = Declaration.objects.get(kind="july_rent")
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    page = browser.get(f"{file_of(someone)}declarations/{sent.opaque}/").content.decode()
    assert "Ce loyer est arrivé trop tard pour être calculé." in page
    assert "period_closed" in page


def test_one_that_awaits_a_paper_is_told_so_on_every_page(someone: Owner) -> None:
    sent = Declaration.objects.get(kind="july_rent")
    Declaration.objects.update(state="manual")
    paper_awaited_about(someone, sent)
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    for page in ("", "declarations/", f"declarations/{sent.opaque}/", f"accuses/{Receipt.objects.get().number}/"):
        assert "Pièce attendue" in browser.get(file_of(someone) + page).content.decode()


def test_a_held_bank_change_says_until_when_and_shows_four_signs_alone(someone: Owner) -> None:
    one_of_each_change(someone)
    row = ChangeRequest.objects.filter(kind="bank_details", state="held").latest("pk")
    until = datetime.now(UTC) + timedelta(days=2)
    ChangeRequest.objects.filter(pk=row.pk).update(held_until=until)
    browser = opened(colleague((Role.RECEPTION, "441")), someone)
    page = browser.get(f"{file_of(someone)}demandes/{row.number}/").content.decode()
    assert "Elle est gardée jusqu’au" in page
    assert "76300060000" not in page
    ChangeRequest.objects.filter(pk=row.pk).update(state="refused", reason="Titulaire différent")
    assert "Titulaire différent" in browser.get(f"{file_of(someone)}demandes/{row.number}/").content.decode()


def test_strangers_and_other_offices_find_nothing(someone: Owner) -> None:
    office("751", "Caf de Paris")
    other = owner()
    mine = opened(colleague((Role.RECEPTION, "441")), other)
    for address in pages_of(someone):
        assert Client().get(address).status_code == 302
        assert colleague((Role.RECEPTION, "751")).browser().get(address).status_code == 404
        assert mine.get(address.replace(str(someone.landlord.pk), str(other.landlord.pk))).status_code == 404
        assert colleague((Role.RECEPTION, "441")).browser().get(address).headers["Location"].endswith("/motif/")
