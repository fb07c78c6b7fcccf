"""Documents found again: by words, by tenant; each kind for who may see it; a year of them as one file."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from parvis.audit.models import Entry
from parvis.correspondence.models import Message
from parvis.declarations.bulk.models import RentFile
from parvis.declarations.models import Receipt
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.tenancies.models import Tenancy, Transfer
from parvis.web.landlord.documents import Document, contents
from parvis.web.landlord.documents.archive import archive, name_of
from parvis.web.landlord.views import documents as views
from parvis.web.landlord.views.payments import files
from tests.factories import changes, correspondence
from tests.factories import declarations as made
from tests.factories.declarations import NOW, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import july_rent, payment, tenancy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    correspondence.write_texts()


@pytest.fixture
def me() -> Owner:
    return owner()


@pytest.fixture
def lina(me: Owner) -> Tenancy:
    """A tenant with a rent sent and two payments; another one, with a payment of its own."""
    lina, other = tenancy(me.landlord, last_name="Moreau"), tenancy(me.landlord, last_name="Petit")
    july_rent(lina, NOW.year - 1, 52_400)
    made.campaign()
    typed(me, lina, "525")
    made.sent(me)
    payment(lina, date(2025, 11, 1), 20_000)
    payment(lina, date(2026, 5, 1), 20_000)
    payment(other, date(2026, 4, 1), 10_000)
    return lina


def page(me: Owner, query: str = "", *, name: str = "documents", more: tuple[object, ...] = ()) -> str:
    answer = me.browser().get(reverse(name, args=[me.account.reference, *more]) + query)
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\u00a0", " ")


def test_statements_and_years_stand_among_the_documents(me: Owner, lina: Tenancy) -> None:
    shown = page(me)
    for words in (
        "Versement du 05/06/2026, 200,00 €",
        "Versement du 05/05/2026, 100,00 €",
        "Récapitulatif annuel 2025",
    ):
        assert words in shown
    assert "Récapitulatif annuel 2026" not in shown, "the year is not over"
    assert "Versement" not in page(me, "?genre=accuses").split("<table")[1]


def test_the_documents_of_one_tenant(me: Owner, lina: Tenancy) -> None:
    number = Receipt.objects.get().number
    shown = page(me, f"?locataire={lina.reference}")
    assert "Versement du 05/06/2026" in shown
    assert "Versement du 05/05/2026" not in shown
    assert number in shown
    assert "Récapitulatif annuel" not in shown
    assert "Retirer le filtre" in shown or "Lina Moreau" in shown


def test_words_find_a_tenant_a_number_a_message(me: Owner, lina: Tenancy) -> None:
    number = Receipt.objects.get().number
    named = page(me, "?q=moreau lina")
    assert "Documents de Lina Moreau" in named
    assert "Versement du 05/06/2026" in named
    assert "Versement du 05/05/2026" not in named
    assert number in page(me, f"?q={number[:12].lower()}")
    message = correspondence.email(account_id=me.account.pk, partner_id=me.landlord.pk)
    Message.objects.filter(pk=message.pk).update(created_at=NOW, subject="Un accès tout neuf")
    assert "Un accès tout neuf" in page(me, "?q=tout neuf")
    assert "Aucun document ne correspond." in page(me, "?q=introuvable")


def test_requests_and_files_of_rents_stand_among_them(me: Owner, lina: Tenancy) -> None:
    (change,) = changes.address_asked(me)
    shown = page(me, "?genre=demandes")
    assert change.number in shown
    assert change.number not in page(me, f"?genre=demandes&locataire={lina.reference}")
    sent = RentFile.objects.create(
        landlord=me.landlord, account=me.account, year=2026, name="juillet.csv", received_at=NOW, content=b"x"
    )
    assert "Fichier de loyers 2026 : juillet.csv" in page(me, "?q=juillet")
    assert str(sent.reference) in page(me, "?genre=fichiers")
    colleague = owner(me.landlord)
    assert "juillet.csv" not in page(colleague, "?genre=fichiers"), "a file is its sender's"
    assert any("adresse" in name for name in zipped(me)), "what was asked is in the archive"


def test_a_day_that_cannot_be_read_has_its_sentence_and_stays(me: Owner) -> None:
    shown = page(me, "?du=hier")
    assert "Écrivez une date" in shown
    assert 'value="hier"' in shown


def test_each_kind_is_for_who_may_see_it(me: Owner, lina: Tenancy) -> None:
    consultant = owner(me.landlord, rights=frozenset({Right.CONSULT}))
    shown = page(consultant)
    assert Receipt.objects.get().number in shown
    assert "Versement" not in shown.split("<table")[1]
    assert "€" not in shown
    accountant = owner(me.landlord, rights=frozenset({Right.PAYMENTS}))
    shown = page(accountant, "?q=moreau")
    assert "Moreau" not in shown.split("<main")[1].replace("moreau", "")
    assert "Versement du 05/06/2026" in page(accountant)
    assert "Aucun document" in page(owner())


def test_another_s_tenant_finds_nothing(me: Owner, lina: Tenancy) -> None:
    stranger = owner()
    tenancy(stranger.landlord)
    for reference in (lina.reference, uuid4()):
        shown = page(stranger, f"?locataire={reference}")
        assert "Aucun document ne correspond." in shown
        assert "Moreau" not in shown


def zipped(me: Owner, year: int = 2026) -> dict[str, bytes]:
    answer = me.browser().post(reverse("documents-year", args=[me.account.reference, year]))
    assert answer.streaming
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def test_a_year_is_one_file_whose_size_is_said_beforehand(me: Owner, lina: Tenancy) -> None:
    Message.objects.all().delete()
    shown = page(me, name="documents-year", more=(2026,))
    assert "3 documents, environ 1 Mo" in shown
    files = zipped(me)
    assert [name.rsplit(".")[-1] for name in sorted(files)] == ["pdf", "pdf", "pdf", "csv"]
    assert all(content.startswith(b"%PDF-") for name, content in files.items() if name.endswith("pdf"))
    rows = list(csv.reader(io.StringIO(files["sommaire.csv"].decode("utf-8-sig")), delimiter=";"))
    assert [row[1] for row in rows[1:]] == ["Accusé", "Relevé", "Relevé"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    told = Entry.objects.get(event="tenancies.exported")
    assert (told.subject, told.details) == ("documents-2026.zip", {"kind": "documents", "rows": 3, "year": 2026})
    assert [name for name in zipped(me, 2025) if name != "sommaire.csv"]


def test_the_file_holds_what_its_reader_may_see(me: Owner, lina: Tenancy) -> None:
    consultant = owner(me.landlord, rights=frozenset({Right.CONSULT}))
    names = zipped(consultant)
    assert any("accuse" in name for name in names)
    assert not any("versement" in name for name in names)
    assert b"200,00" not in b"".join(names.values())
    assert list(zipped(owner())) == ["sommaire.csv"]


def test_the_file_of_another_account_or_of_no_year_does_not_exist(me: Owner) -> None:
    address = reverse("documents-year", args=[me.account.reference, 2026])
    assert [client.post(address).status_code for client in (Client(), owner().browser())] == [404, 404]
    for year in (1999, 2027, 999_999):
        assert me.browser().get(reverse("documents-year", args=[me.account.reference, year])).status_code == 404


def test_a_year_of_very_many_says_so(me: Owner, lina: Tenancy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_IN_AN_ARCHIVE", 2)
    assert "Cette année a plus de 2 documents" in page(me, name="documents-year", more=(2026,))
    assert len(zipped(me)) == 3


def test_a_document_too_large_for_the_file_says_where_it_is(
    me: Owner, lina: Tenancy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "MOST_IN_A_TABLE", 0)
    monkeypatch.setattr(contents, "MOST_RENTS_ON_PAPER", 0)
    told = b" ".join(content for name, content in zipped(me).items() if name.endswith(".txt")).decode()
    assert told.count("depuis sa page") == 3
    assert "/bailleur/paiements/" in told


def test_a_statement_too_long_for_paper_is_a_table(me: Owner, lina: Tenancy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(files.MOST, "pdf", 0)
    tables = [content for name, content in zipped(me).items() if "versement" in name and name.endswith(".csv")]
    assert len(tables) == 2
    assert all("Locataire;" in table.decode("utf-8-sig") for table in tables)


def test_a_year_without_documents_is_said(me: Owner) -> None:
    assert "Aucun document en 2024." in page(me, name="documents-year", more=(2024,))


def test_names_in_the_file_are_unlike_and_harmless() -> None:
    assert Transfer.objects.count() == 0
    title = "=cmd|' /C calc'!A0 ../../etc/passwd Ünïcode " + "x" * 500
    line = Document(NOW, "k", "Mail", title, "/")
    name = name_of(line)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(name) < 100
    lines = [line._replace(contents=lambda: ("txt", b"x")) for _ in range(3)]
    content = b"".join(archive(lines, at=NOW + timedelta(days=1)))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert len(set(file.namelist())) == 4


def test_everybody_of_a_common_name_is_found_page_by_page(me: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(23):
        left = date(2026, 1, 31) if number >= 15 else None
        flat = tenancy(me.landlord, last_name="Martin", first_name=f"Ali{number:02}", end_on=left)
        payment(flat, date(2025, 11, 1), 10_000 + number, paid_on=date(2025, 12, number + 1))
    tenancy(me.landlord, last_name="Martinez", first_name="Zoé")
    seen, query, pages = [], "?q=martin", 0
    while query:
        shown = page(me, query)
        names = re.findall(r"Documents (?:de |d’)([^<]+)</a> <span class=\"small muted\">n°", shown)
        documents = {f"{amount:.2f} €".replace(".", ",") for amount in (100 + n / 100 for n in range(23))}
        of_page = {amount for amount in documents if amount in shown}
        paid = {f"{100 + int(name[3:5]) / 100:.2f} €".replace(".", ",") for name in names if name.startswith("Ali")}
        assert of_page == paid, "the list gives the documents of those who are named, all of them and of nobody else"
        seen += names
        pages += 1
        found = re.search(r"href=\"(\?q=martin&amp;noms=[^\"]+)\" rel=\"next\"", shown)
        query = found[1].replace("&amp;", "&") if found else ""
        assert pages < 9
    assert pages == 3
    assert len(seen) == len(set(seen)) == 24
    assert [name for name in seen if name.startswith("Ali")] == [f"Ali{n:02} Martin" for n in range(23)]


def test_a_place_among_names_that_means_nothing_names_nobody_else_s(me: Owner, lina: Tenancy) -> None:
    theirs = tenancy(owner().landlord, last_name="Moreau")
    for place in ("x", "p", f"z{lina.reference}", "p\x00", "a" * 300):
        assert "Documents de Lina Moreau" in page(me, f"?q=moreau&noms={place}")
    shown = page(me, f"?q=moreau&noms=p{theirs.reference}")
    assert "Aucun autre locataire." in shown
