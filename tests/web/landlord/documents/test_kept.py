"""Documents found again: mails that name a tenant, requests on paper, files that were joined; a month of them as one file."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from parvis.changes.models import Attachment, AwaitedPaper
from parvis.changes.services import awaited
from parvis.correspondence.models import Message
from parvis.declarations.models import Declaration
from parvis.declarations.services import papers
from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.tenancies.models import Tenancy
from parvis.web.landlord.views import documents as views
from tests.declarations.bundles.test_bundles import OWED, answered, chosen, let, sent
from tests.factories import changes, correspondence
from tests.factories.awaited import ASKED, ask_paper, rent_sent
from tests.factories.declarations import NOW
from tests.factories.landlords import Owner, owner
from tests.factories.papers import paper
from tests.web.landlord.documents.test_found import page, zipped

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    correspondence.write_texts()


def with_paper(me: Owner, rented: Tenancy, name: str) -> Attachment:
    chosen(me, rented, "arrears")
    assert answered(me, rented, "arrears", OWED)
    papers.join(me.actor, rented.reference, "arrears", paper(name), at=NOW)
    sent(me, rented)
    return Attachment.objects.get()


def test_a_mail_that_names_a_tenant_stands_among_theirs() -> None:
    me, rented = let()
    for of, subject in ((rented.name.upper(), "Une mise à jour"), ("Une Autre", "Autre chose")):
        message = correspondence.email(account_id=me.account.pk, partner_id=me.landlord.pk)
        Message.objects.filter(pk=message.pk).update(created_at=NOW, subject=subject, body=f"Au sujet de {of}.")
    shown = page(me, f"?locataire={rented.reference}")
    assert "Une mise à jour" in shown
    assert "Autre chose" not in shown


def test_a_request_is_on_paper_in_the_list_and_in_the_archive() -> None:
    me = owner()
    (change,) = changes.address_asked(me)
    assert reverse("change-pdf", args=[me.account.reference, change.number]) in page(me, "?genre=demandes")
    (content,) = [content for name, content in zipped(me).items() if change.number.lower() in name]
    assert content.startswith(b"%PDF-")


def test_a_file_sent_with_a_declaration_is_found_by_its_tenant_and_by_its_name() -> None:
    me, rented = let()
    file = with_paper(me, rented, "releve de compte.pdf")
    address = reverse(
        "declaration-attachment", args=[me.account.reference, Declaration.objects.get().opaque, file.opaque]
    )
    for query in ("?genre=pieces", f"?genre=pieces&locataire={rented.reference}", "?genre=pieces&q=RELEVE"):
        shown = page(me, query)
        assert "releve de compte.pdf, joint à : Déclaration d’un impayé" in shown, query
        assert address in shown
    assert me.browser().get(address).status_code == 200
    assert "Aucun document" in page(me, "?genre=pieces&q=introuvable")
    assert any(name.endswith(".pdf") and "releve-de-compte" in name for name in zipped(me))
    assert "Aucun document" in page(owner(), "?genre=pieces")


@pytest.mark.parametrize("right", list(Right))
def test_a_file_sent_with_a_declaration_is_for_who_may_consult(right: Right) -> None:
    me, rented = let()
    with_paper(me, rented, "releve de compte.pdf")
    one = owner(me.landlord, rights=frozenset({right}))
    may_see = right is Right.CONSULT
    for query in ("", "?genre=pieces", "?genre=pieces&q=RELEVE"):
        assert ("releve de compte.pdf" in page(one, query)) is may_see, query
    assert any("releve-de-compte" in name for name in zipped(one)) is may_see


def test_a_file_of_a_draft_was_not_sent() -> None:
    me, rented = let()
    chosen(me, rented, "arrears")
    assert answered(me, rented, "arrears", OWED)
    papers.join(me.actor, rented.reference, "arrears", paper(), at=NOW)
    assert "Aucun document" in page(me, "?genre=pieces")


def test_a_paper_given_because_it_was_awaited_is_for_who_could_give_it() -> None:
    me = owner()
    declaration = rent_sent(me)
    with transaction.atomic():
        ask_paper(declaration)
    asked = AwaitedPaper.objects.get()
    awaited.give(asked.opaque, [paper("bail.pdf")], by=me.actor, at=ASKED + timedelta(hours=1))
    Attachment.objects.update(kept_at=NOW)
    file = Attachment.objects.get()
    address = reverse("awaited-paper-file", args=[me.account.reference, asked.opaque, file.opaque])
    assert address in page(me, f"?genre=pieces&locataire={declaration.tenancy.reference}")
    assert me.browser().get(address).status_code == 200
    consultant = owner(me.landlord, rights=frozenset({Right.CONSULT}))
    assert "bail.pdf" not in page(consultant, "?genre=pieces")


def test_a_month_is_one_file() -> None:
    me, rented = let()
    with_paper(me, rented, "bail.pdf")
    address = reverse("documents-year", args=[me.account.reference, NOW.year])
    assert f"?mois={NOW.month}" in page(me, name="documents-year", more=(NOW.year,))
    shown = page(me, f"?mois={NOW.month}", name="documents-year", more=(NOW.year,))
    assert "Documents de juillet 2026" in shown
    answer = me.browser().post(f"{address}?mois={NOW.month}")
    assert 'filename="documents-2026-07.zip"' in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as file:
        assert len(file.namelist()) > 1
    empty = me.browser().post(f"{address}?mois={NOW.month - 1}")
    with zipfile.ZipFile(io.BytesIO(empty.getvalue())) as file:
        assert file.namelist() == ["sommaire.csv"]


@pytest.mark.parametrize("asked", ["13", "0", "x", "٣", "1" * 5000])
def test_a_month_that_does_not_exist_is_the_year(asked: str) -> None:
    me = owner()
    assert "<h1>Documents de 2026</h1>" in page(me, f"?mois={asked}", name="documents-year", more=(2026,))


def test_a_month_of_very_many_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    me, rented = let()
    with_paper(me, rented, "bail.pdf")
    monkeypatch.setattr(views, "MOST_IN_AN_ARCHIVE", 1)
    assert "mois par mois" in page(me, name="documents-year", more=(2026,))
    assert "Ce mois a plus de 1 document" in page(me, "?mois=7", name="documents-year", more=(2026,))
