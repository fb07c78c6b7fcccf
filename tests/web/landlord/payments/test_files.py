"""The files of payments: what they hold, who took them."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from typing import Any

import pypdf
import pytest
from django.urls import reverse

from parvis.audit.models import Entry
from parvis.kit.periods import month
from parvis.sheets import writing
from parvis.tenancies.models import Tenancy, Transfer
from parvis.tenancies.selectors.payments import yearly
from parvis.web.landlord.views.payments import files as limits
from tests.factories.landlords import Owner
from tests.web.landlord.payments.pages import EVERY_FILE, LAST, PAID, address, text

pytestmark = pytest.mark.django_db
TAKEN = {
    "payments-statement": ("statement", 3),
    "payments-tenant": ("tenant-payments", 3),
    "payments-recoveries": ("recoveries", 1),
    "payments-year": ("yearly-statement", 2),
}


def test_files_hold_all_lines_and_no_formula(me: Owner, lina: Tenancy) -> None:
    content = me.browser().get(address(me, "payments-statement-csv")).getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert len(rows) == 4
    assert sum(float(row[7].replace(",", ".")) for row in rows[1:]) == 275
    amounts = {tuple(row[4:8]) for row in rows[1:]}
    assert amounts == {("190,00", "", "", "190,00"), ("", "", "-15,00", "-15,00"), ("100,00", "", "", "100,00")}
    assert not any(cell.startswith("=") for row in rows for cell in row)


@pytest.mark.parametrize("name", ["payments-statement-pdf", "payments-year-pdf"])
def test_papers_are_pdf(me: Owner, lina: Tenancy, name: str) -> None:
    answer = me.browser().get(address(me, name))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_the_statement_on_paper_says_what_changes_and_why(me: Owner, lina: Tenancy) -> None:
    words = on_paper(me, PAID)
    assert f"Ce qui change depuis {month(LAST)}" in words
    for said in (
        "1 nouveau locataire : +100,00 €",
        "1 montant révisé : −10,00 €",
        "200,00 € → 190,00 €",
        "1 retenue : −15,00 €",
    ):
        assert said in words, words
    assert "C’est le premier versement de cette caisse" in on_paper(me, LAST)


def on_paper(me: Owner, paid_on: date) -> str:
    found = Transfer.objects.get(landlord=me.landlord, paid_on=paid_on)
    answer: Any = me.browser().get(reverse("payments-statement-pdf", args=[me.account.reference, found.reference]))
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_statement_too_long_for_paper_leads_to_the_csv(
    me: Owner, lina: Tenancy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.MOST, "pdf", 1)
    answer = me.browser().get(address(me, "payments-statement-pdf"), follow=True)
    assert "trop longue pour ce format" in answer.content.decode()
    assert "Relevé PDF" not in text(me.browser(), address(me, "payments-statement"))


@pytest.mark.parametrize("name", EVERY_FILE)
def test_who_took_a_file_is_written(me: Owner, lina: Tenancy, name: str) -> None:
    of = lina if "tenant" in name else None
    me.browser().get(address(me, name, of)).getvalue()
    entry = Entry.objects.get(event="tenancies.exported")
    assert entry.subject.endswith(f".{name.rsplit('-', 1)[1]}")
    kind, rows = TAKEN[name.rsplit("-", 1)[0]]
    assert (entry.details["kind"], entry.details["rows"]) == (kind, rows)
    assert entry.account_id == me.account.pk


def test_a_long_file_leaves_bit_by_bit(me: Owner, lina: Tenancy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "IN_MEMORY", 10)
    for name in ("payments-statement-csv", "payments-year-csv", "payments-recoveries-csv"):
        answer = me.browser().get(address(me, name))
        assert answer.streaming
        assert answer.getvalue().startswith(b"\xef\xbb\xbf")


def test_the_year_of_too_many_tenants_is_still_a_file_with_all_of_them(
    me: Owner, lina: Tenancy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yearly, "LINES_ADDED_UP_TO", 1)
    page = text(me.browser(), address(me, "payments-year"))
    assert "Le récapitulatif CSV les donne tous." in page
    content = me.browser().get(address(me, "payments-year-csv")).getvalue().decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(content), delimiter=";")] == [
        "Locataire",
        "Lina =Moreau",
        "Lina Petit",
    ]


@pytest.mark.parametrize("name", ["payments-tenant", "payments-recoveries"])
def test_what_was_paid_or_withheld_is_the_same_in_every_format(me: Owner, lina: Tenancy, name: str) -> None:
    browser = me.browser()
    told = browser.get(address(me, f"{name}-csv", lina)).getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(told), delimiter=";"))[1:]
    book = zipfile.ZipFile(io.BytesIO(browser.get(address(me, f"{name}-xlsx", lina)).getvalue()))
    assert book.read("xl/worksheets/sheet1.xml").decode().count("<row ") == len(rows) + 1
    content = browser.get(address(me, f"{name}-pdf", lina)).content
    words = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())
    amount = 2 if name == "payments-tenant" else 4
    shown = words.replace("−", "-").replace("\u00a0", " ").replace("\u202f", " ")
    for row in rows:
        assert (row[amount] if name == "payments-tenant" else row[amount].lstrip("-")) in shown, (row, shown)
    assert "Total" in shown


def test_sums_withheld_too_many_for_a_format_lead_to_the_csv(
    me: Owner, lina: Tenancy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.MOST, "pdf", 0)
    answer = me.browser().get(address(me, "payments-recoveries-pdf"), follow=True)
    assert "Téléchargez-la au format CSV." in answer.content.decode()
    assert not Entry.objects.filter(event="tenancies.exported").exists()
    assert me.browser().get(address(me, "payments-recoveries-xlsx")).status_code == 200
