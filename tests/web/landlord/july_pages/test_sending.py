"""Checked, sent, proved: the pages between a rent typed and its receipt."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from hashlib import sha256
from html import unescape
from typing import Any
from uuid import uuid4

import pypdf
import pytest
from django.db import connection
from django.test import Client

from parvis.declarations import paper
from parvis.declarations.models import Declaration, Receipt
from parvis.declarations.selectors import receipts
from parvis.declarations.services import july
from parvis.kit import clock
from parvis.tenancies.models import Tenancy
from parvis.web.landlord.views import receipts as views
from tests.factories import declarations as made
from tests.factories.declarations import NOW, typed
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import many_tenancies
from tests.web.landlord.july import address, fields, five, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def check_and_send(browser: Client, me: Owner) -> Any:
    page = text(browser, address(me, "july-rents-check"))
    form = {name: value for name, value in fields(page).items() if name in ("cle", "vu", "annee")}
    return browser.post(address(me, "july-rents-submit"), form)


def test_checked_sent_and_proved() -> None:
    me, (first, second, *_) = five()
    typed(me, first, "525")
    typed(me, second, "529,50")
    browser = me.browser()
    page = text(browser, address(me, "july-rents-check"))
    assert "Vérifiez avant de transmettre" in page
    assert "2 loyers de juillet 2026, 1 054,50 € en tout" in page
    assert "En transmettant, je certifie que ces informations sont exactes." in page
    assert "Transmettre à la Caf de la Loire-Atlantique" in page
    answer = check_and_send(browser, me)
    receipt = Receipt.objects.get()
    assert answer.headers["Location"] == address(me, "receipt", receipt.number)
    page = text(browser, answer.headers["Location"])
    for words in (
        "2 loyers transmis", receipt.number, "21/07/2026 à 10 h 26", "Claire Martin", "Caf de la Loire-Atlantique", "3230",
        "bailleurs@caf44.example", "Et maintenant ?", "Cet accusé ne préjuge pas de la suite donnée.", "Lina Benali", "529,50 €",
        "Déclarer les 3 restants",
    ):  # fmt: skip
        assert words in page, words
    assert "2 loyers transmis" in text(browser, address(me, "receipts"))


def test_two_clicks_give_the_same_receipt() -> None:
    me, (of, *_) = five()
    typed(me, of, "525")
    browser = me.browser()
    form = {
        name: value
        for name, value in fields(text(browser, address(me, "july-rents-check"))).items()
        if name in ("cle", "vu", "annee")
    }
    answers = [browser.post(address(me, "july-rents-submit"), form) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Receipt.objects.count() == 1


def test_a_colleague_who_saw_the_same_is_led_to_the_receipt() -> None:
    me, (of, *_) = five()
    typed(me, of, "525")
    browser, colleague = me.browser(), owner(me.landlord)
    shown = fields(text(colleague.browser(), address(colleague, "july-rents-check")))
    check_and_send(browser, me)
    form = {name: shown[name] for name in ("cle", "vu", "annee")}
    answer = colleague.browser().post(address(colleague, "july-rents-submit"), form, follow=True)
    page = answer.content.decode().replace("\u00a0", " ")
    assert "Ces loyers ont déjà été transmis par Claire Martin" in page
    assert Receipt.objects.get().number in page


def test_who_comes_after_a_colleague_that_sent_more_is_led_to_the_receipt() -> None:
    me, (first, second, *_) = five()
    typed(me, first, "525")
    browser = me.browser()
    page = text(browser, address(me, "july-rents-check"))
    form = {name: value for name, value in fields(page).items() if name in ("cle", "vu", "annee")}
    typed(me, second, "526")
    (receipt,) = made.sent(me)
    answer = browser.post(address(me, "july-rents-submit"), form, follow=True)
    assert answer.redirect_chain == [(address(me, "receipt", receipt.number), 302)]
    assert answer.content.decode().count("ont déjà été transmis par") == 1


def test_nothing_leaves_if_a_rent_changed_since() -> None:
    me, (first, second, *_) = five()
    typed(me, first, "525")
    browser = me.browser()
    shown = fields(text(browser, address(me, "july-rents-check")))
    typed(me, second, "530")
    answer = browser.post(
        address(me, "july-rents-submit"), {name: shown[name] for name in ("cle", "vu", "annee")}, follow=True
    )
    page = answer.content.decode().replace("\u00a0", " ")
    assert "Rien n’est transmis : un loyer a changé" in page
    assert "Vérifiez avant de transmettre" in page
    assert not Receipt.objects.exists()


def test_a_rent_saved_once_more_as_it_is_while_one_checks_leaves() -> None:
    me, (of, *_) = five()
    typed(me, of, "525")
    browser = me.browser()
    shown = fields(text(browser, address(me, "july-rents-check")))
    typed(me, of, "525,00", at=NOW + timedelta(seconds=1))
    answer = browser.post(address(me, "july-rents-submit"), {name: shown[name] for name in ("cle", "vu", "annee")})
    assert answer.headers["Location"] == address(me, "receipt", Receipt.objects.get().number)


@pytest.mark.parametrize("form", [{}, {"cle": "x"}, {"cle": str(uuid4()), "annee": "1999"}])
def test_a_broken_form_sends_nothing(form: dict[str, str]) -> None:
    me, (of, *_) = five()
    typed(me, of, "525")
    answer = me.browser().post(address(me, "july-rents-submit"), form)
    assert answer.headers["Location"] == address(me, "july-rents-check")
    assert not Receipt.objects.exists()


def test_nothing_ready_leads_back_to_the_grid() -> None:
    me, _ = five()
    answer = me.browser().get(address(me, "july-rents-check"), follow=True)
    assert "Aucun loyer n’est prêt à être transmis." in answer.content.decode().replace("\u00a0", " ")


def test_the_receipt_is_not_a_strangers() -> None:
    me, (of, *_) = five()
    typed(me, of, "525")
    number = made.sent(me)[0].number
    stranger = owner()
    for name in ("receipt", "receipt-pdf", "receipt-table"):
        assert stranger.browser().get(address(stranger, name, number)).status_code == 404
        assert stranger.browser().get(address(me, name, number)).status_code == 404
        assert Client().get(address(me, name, number)).status_code == 404
        assert me.browser().get(address(me, name, number)).status_code == 200


def test_the_receipt_on_paper_is_accessible_and_whole() -> None:
    me = owner()
    many_tenancies(me.landlord, 90)
    Tenancy.objects.update(start_on="2025-09-01")
    made.campaign()
    july.prefill(me.actor, 2026, at=NOW)
    (receipt,) = made.sent(me)
    answer = me.browser().get(address(me, "receipt-pdf", receipt.number))
    assert answer.headers["Content-Type"] == "application/pdf"
    read = pypdf.PdfReader(io.BytesIO(answer.content))
    words = " ".join(page.extract_text() for page in read.pages)
    assert len(read.pages) > 1
    assert read.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert str(read.root_object["/Lang"]) == "fr-FR"
    assert receipt.number in words
    assert "Nom000090" in words
    assert "préjuge pas" in words
    again = me.browser().get(address(me, "receipt-pdf", receipt.number))
    assert again.content == answer.content


def test_a_long_receipt_prints_the_seal_of_its_table_instead_of_a_book(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "PRINTED", 4)
    me, tenancies = five()
    for of, amount in zip(tenancies, ("521", "522,50", "523", "524", "525"), strict=True):
        typed(me, of, amount, previous="500")
    (receipt,) = made.sent(me)
    browser = me.browser()
    answer = browser.get(address(me, "receipt-table", receipt.number))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{receipt.number}.csv"'
    table = answer.getvalue()
    lines = table.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Locataire;N° allocataire;Référence;Loyer juillet 2025;Loyer juillet 2026;")
    assert len(lines) == 6
    assert any(line.endswith(";522,50;;") for line in lines)
    read = pypdf.PdfReader(io.BytesIO(browser.get(address(me, "receipt-pdf", receipt.number)).content))
    words = "".join("".join(page.extract_text() for page in read.pages).split())
    assert sha256(table).hexdigest() in words
    assert f"{receipt.number}.csv" in words
    assert "522,50" not in words
    Tenancy.objects.update(last_name="Zola", sort_name="ZOLA", claimant_number="9999999")
    assert browser.get(address(me, "receipt-table", receipt.number)).getvalue() == table


def altered() -> tuple[Owner, Receipt]:
    """A receipt that no longer says what was kept: somebody got past the guard of the database."""
    me, (first, *_) = five()
    typed(me, first, "525")
    (receipt,) = made.sent(me)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE declarations_receipt SET person = 'Autre'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    return me, receipt


def test_a_long_receipt_is_proved_when_its_lines_are_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "PROVED_AT_SIGHT", 0)
    me, receipt = altered()
    browser = me.browser()
    assert browser.get(address(me, "receipt", receipt.number)).status_code == 200
    for name in ("receipt-pdf", "receipt-table"):
        assert browser.get(address(me, name, receipt.number)).headers["Location"] == address(me, "receipts")


def test_a_long_receipt_is_paged_in_the_order_it_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "PROVED_AT_SIGHT", 1)
    monkeypatch.setattr(views, "LINES", 2)
    me, tenancies = five()
    for of in reversed(tenancies):
        typed(me, of, "521", previous="500")
    (receipt,) = made.sent(me)
    browser, place, seen = me.browser(), address(me, "receipt", receipt.number), []
    for _ in range(3):
        page = text(browser, place)
        seen += re.findall(r'href="/c/\w+/bailleur/locataires/[0-9a-f-]{36}/">Lina (\w+)<', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        place = address(me, "receipt", receipt.number) + unescape(following[1]) if following else ""
    kept = Declaration.objects.filter(kind="july_rent").order_by("pk").values_list("tenancy__last_name", flat=True)
    assert seen == list(kept)
    assert place == ""


def test_a_long_receipt_is_decided_once_its_last_line_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offices answer by batches: what is read at sight says nothing of the rest."""
    monkeypatch.setattr(receipts, "PROVED_AT_SIGHT", 1)
    me, tenancies = five()
    for of in tenancies:
        typed(me, of, "521", previous="500")
    (receipt,) = made.sent(me)
    *others, last = receipt.declarations.order_by("pk").values_list("pk", flat=True)
    for state, decided in (("manual", False), ("integrated", True)):
        Declaration.objects.filter(pk__in=others).update(state="integrated")
        Declaration.objects.filter(pk=last).update(state=state)
        page = text(me.browser(), address(me, "receipt", receipt.number))
        assert ("Votre caisse a décidé" in page) is decided


def test_receipts_follow_one_another_by_key() -> None:
    me = owner()
    many_tenancies(me.landlord, 60)
    Tenancy.objects.update(start_on="2025-09-01")
    made.campaign()
    numbers = []
    for index, of in enumerate(Tenancy.objects.order_by("pk")):
        typed(me, of, "500")
        numbers.append(made.sent(me, at=NOW + timedelta(seconds=index))[0].number)
    browser, seen, url = me.browser(), [], address(me, "receipts")
    while url:
        page = text(browser, url)
        seen += re.findall(r"accuses/(AR-[\d-]+)/", page)
        following = re.search(r'href="(\?apres=[^"]+)" rel="next"', page)
        url = address(me, "receipts") + following[1] if following else ""
    assert seen == numbers[::-1]
    back = re.search(r'href="(\?avant=[^"]+)" rel="prev"', page)
    assert back is not None
    assert re.findall(r"accuses/(AR-[\d-]+)/", text(browser, address(me, "receipts") + back[1])) == seen[25:50]


def test_an_altered_receipt_is_refused_with_its_reason() -> None:
    me, receipt = altered()
    browser = me.browser()
    for name in ("receipt", "receipt-pdf", "receipt-table"):
        answer = browser.get(address(me, name, receipt.number), follow=True)
        assert answer.redirect_chain == [(address(me, "receipts"), 302)]
        assert "✗ Cet accusé ne correspond plus à ce qui a été enregistré." in answer.content.decode()


def test_addresses_and_fields_written_by_hand_are_refused_before_the_database() -> None:
    me, (first, *_) = five()
    typed(me, first, "525")
    browser = me.browser()
    for query in ("?apres=%00", "?avant=%00", "?apres=AR-x"):
        assert browser.get(address(me, "receipts") + query).status_code == 200
    for name in ("receipt", "receipt-pdf"):
        assert browser.get(address(me, name, "\x00")).status_code == 404
    form = {"cle": str(uuid4()), "vu": "\x00", "annee": "2026"}
    answer = browser.post(address(me, "july-rents-submit"), form)
    assert answer.headers["Location"] == address(me, "july-rents-check")
    assert not Receipt.objects.exists()
