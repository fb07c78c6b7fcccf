"""« Pièce attendue »: on the home, on the page of what it is about, given with a file, and then no more asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from parvis.changes.models import Attachment, AwaitedPaper
from parvis.changes.services import awaited, outcomes
from parvis.declarations.models import Declaration
from parvis.exchange.services import outbound
from parvis.kit.actors import Right, system
from tests.factories.awaited import ASKED, UNTIL, paper_awaited
from tests.factories.changes import address_asked
from tests.factories.declarations import CLOCK, stage_outcomes
from tests.factories.landlords import Owner, owner
from tests.factories.papers import PAPER, paper
from tests.web.landlord.changes.pages import address, text

pytestmark = pytest.mark.django_db


def given(client: Client, url: str, *contents: tuple[str, bytes]) -> object:
    files = [SimpleUploadedFile(name, content) for name, content in contents]
    return client.post(url, {"papers": files}, follow=True)


def world() -> tuple[Owner, AwaitedPaper, Declaration, str]:
    me = owner()
    awaits = paper_awaited(me)
    declaration = Declaration.objects.get(reference=awaits.subject)
    return me, awaits, declaration, address(me, "awaited-paper", awaits.opaque)


def test_it_is_among_what_is_to_do_and_on_every_list_until_it_is_given() -> None:
    me, awaits, declaration, page = world()
    browser = me.browser()
    places = {
        "home": address(me, "landlord-home"),
        "declaration": address(me, "declaration", declaration.opaque),
        "history": address(me, "declarations"),
        "receipt": address(me, "receipt", declaration.receipt.number if declaration.receipt else ""),
        "tenant": address(me, "tenant", declaration.tenancy.reference),
    }
    assert f'href="{page}"' in text(browser, places["home"])
    assert "Le bail signé, avant le 14 août" in text(browser, places["home"]) or "attendue depuis le 14 août" in text(
        browser, places["home"]
    )
    for place in places.values():
        assert "Pièce attendue" in text(browser, place), place
    assert f'href="{page}"' in text(browser, places["declaration"])
    answer = given(browser, page, ("bail.pdf", PAPER))
    assert "La pièce est ajoutée" in answer.content.decode()  # type: ignore[attr-defined]
    assert f'href="{page}"' not in text(browser, places["home"])
    for place in places.values():
        assert "Pièce attendue" not in text(browser, place), place
    assert "Pièce ajoutée" in text(browser, places["declaration"])
    shown = text(browser, page)
    kept = Attachment.objects.get(subject=awaits.files)
    assert f'href="{address(me, "awaited-paper-file", awaits.opaque, kept.opaque)}"' in shown
    assert 'type="file"' not in shown
    saved = browser.get(address(me, "awaited-paper-file", awaits.opaque, kept.opaque))
    assert (saved.content, saved.headers["Content-Disposition"].split(";")[0]) == (PAPER, "attachment")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bail.pdf", b"MZ\x90 a program", "Choisissez un fichier PDF, JPEG ou PNG."),
        ("bail.pdf", b"%PDF-1.7 cut short", "Ce fichier est abîmé"),
        ("bail.exe", b"", "Ce fichier est vide."),
        ("bail.pdf", b"%PDF-" + b"x" * 5_000_001, "pèse plus de 5\u00a0Mo"),
        ("", b"", "Choisissez le fichier à joindre."),
    ],
)
def test_what_is_no_paper_is_refused_beside_the_field(name: str, content: bytes, sentence: str) -> None:
    me, _, _, page = world()
    browser = me.browser()
    answer = given(browser, page, *([(name, content)] if name else []))
    assert sentence in answer.content.decode()  # type: ignore[attr-defined]
    assert not Attachment.objects.exists()
    assert AwaitedPaper.objects.get().state == "awaited"


def test_clicked_twice_it_is_given_once_and_afterwards_the_page_says_who_gave_it() -> None:
    me, awaits, _, page = world()
    colleague = owner(me.landlord)
    browser = me.browser()
    for _ in range(2):
        assert "La pièce est ajoutée" in given(browser, page, ("bail.pdf", PAPER)).content.decode()  # type: ignore[attr-defined]
    assert Attachment.objects.count() == 1
    late = given(colleague.browser(), address(colleague, "awaited-paper", awaits.opaque), ("bail.pdf", PAPER))
    assert "déjà été ajoutée par Claire Martin" in late.content.decode()  # type: ignore[attr-defined]


def test_a_stranger_a_reader_and_nobody_find_nothing() -> None:
    me, awaits, declaration, page = world()
    assert Client().get(page).status_code == 404
    stranger, reader = owner(), owner(me.landlord, rights=frozenset({Right.CONSULT}))
    for one in (stranger, reader):
        browser, place = one.browser(), address(one, "awaited-paper", awaits.opaque)
        assert browser.get(place).status_code == 404
        assert browser.post(place, {"papers": SimpleUploadedFile("bail.pdf", PAPER)}).status_code == 404
        assert str(awaits.opaque) not in text(browser, address(one, "landlord-home"))
    assert "Un collègue qui a le droit nécessaire" in text(
        reader.browser(), address(reader, "declaration", declaration.opaque)
    )
    assert AwaitedPaper.objects.get().state == "awaited"


def test_a_request_says_that_its_paper_is_awaited_on_its_page_and_in_the_list(tmp_path: object) -> None:
    me = owner()
    (change,) = address_asked(me)
    outbound.send(tmp_path, by=system("export"), at=ASKED)  # type: ignore[arg-type]
    line = stage_outcomes((change.number, "paper_awaited", "address_proof", ASKED), answer_by=UNTIL)
    outcomes.record_outcomes(line, by=CLOCK, at=ASKED)
    browser, page = me.browser(), address(me, "change", change.number)
    for place in (page, address(me, "changes"), address(me, "landlord-home")):
        assert "Pièce attendue" in text(browser, place), place
    awaits = AwaitedPaper.objects.get()
    assert f'href="{reverse("awaited-paper", args=[me.account.reference, awaits.opaque])}"' in text(browser, page)
    awaited.give(awaits.opaque, [paper()], by=me.actor, at=ASKED + timedelta(days=1))
    assert "Pièce ajoutée" in text(browser, page)
    assert "Pièce attendue</" not in text(browser, address(me, "changes"))
