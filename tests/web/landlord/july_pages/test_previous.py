"""The July rent of the year before: given again when it was wrong, or when the office refused it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from parvis.audit.models import Entry
from parvis.changes.models import Attachment
from parvis.correspondence.models import Message
from parvis.declarations.models import Declaration, Kind, Receipt
from parvis.declarations.services import exchange
from parvis.kit.actors import Right
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW
from tests.factories.identity import deliver
from tests.factories.landlords import Owner, owner
from tests.factories.papers import pdf
from tests.factories.tenancies import tenancy
from tests.web.landlord.july import address, fields, live_at, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    live_at(monkeypatch, NOW)


def both_sent() -> tuple[Owner, Declaration]:
    """A July rent sent with that of the year before, which the office did not know."""
    me = owner()
    of = tenancy(me.landlord)
    made.campaign()
    made.typed(me, of, "525", previous="500")
    made.sent(me)
    return me, Declaration.objects.get(kind=Kind.PREVIOUS_JULY_RENT)


def decided(sent: Declaration, state: str) -> None:
    """The office's answer about one declaration."""
    exchange.mark_sent(
        list(Declaration.objects.filter(state="submitted").values_list("pk", flat=True)), by=CLOCK, at=NOW
    )
    with transaction.atomic():
        reason = "other" if state == "rejected" else ""
        staged = made.stage_outcomes((sent.reference or "", state, reason, NOW))
        exchange.record_outcomes(staged, by=CLOCK, at=NOW)


def posted(me: Owner, url: str, **changed: Any) -> Any:
    browser = me.browser()
    return browser.post(url, fields(text(browser, url)) | changed)


def test_a_wrong_one_is_corrected_while_the_office_looks_at_it() -> None:
    me, sent = both_sent()
    url = address(me, "previous-july-again", sent.opaque)
    assert url in text(me.browser(), address(me, "declaration", sent.opaque))
    answer = posted(me, url, rent="510,50")
    receipt = Receipt.objects.latest("id")
    assert answer.headers["Location"] == address(me, "receipt", receipt.number)
    page = text(me.browser(), answer.headers["Location"])
    assert "1 déclaration transmise" in page
    assert "510,50 €" in page
    newer = Declaration.objects.get(corrects=sent)
    assert (newer.kind, newer.year, newer.details) == ("previous_july_rent", 2025, {"year": 2025, "rent_cents": 51_050})
    sent.refresh_from_db()
    assert sent.state == "corrected"
    assert Declaration.objects.get(kind=Kind.JULY_RENT).state == "submitted"


def test_a_refused_one_is_asked_for_again_and_given_with_its_receipt() -> None:
    me, sent = both_sent()
    decided(sent, "rejected")
    assert made.state_of(sent.tenancy) == "submitted"
    page = text(me.browser(), address(me, "declaration", sent.opaque))
    assert "Déclarer à nouveau" in page
    assert "Juillet de l’an dernier : Lina Moreau" in text(me.browser(), address(me, "landlord-home"))
    url = address(me, "previous-july-again", sent.opaque)
    answer = posted(me, url, rent="505", papers=SimpleUploadedFile("quittance.pdf", pdf()))
    assert answer.status_code == 302
    newer = Declaration.objects.filter(kind=Kind.PREVIOUS_JULY_RENT).latest("id")
    assert newer.corrects is None
    assert newer.details["rent_cents"] == 50_500
    (told,) = newer.details["papers"]
    assert told["name"] == "quittance.pdf"
    assert Attachment.objects.get().subject == newer.reference
    assert "Juillet de l’an dernier" not in text(me.browser(), address(me, "landlord-home"))
    assert "déjà déclaré à nouveau" in me.browser().get(url, follow=True).content.decode()
    decided(newer, "integrated")
    assert me.browser().get(url).status_code == 302


def test_who_does_not_know_it_puts_the_task_away_and_may_still_give_it() -> None:
    me, sent = both_sent()
    url = address(me, "previous-july-again", sent.opaque)
    assert "Je ne le connais pas" not in text(me.browser(), url)
    me.browser().post(url, {"inconnu": "1"})
    assert not Entry.objects.filter(event="declarations.previous_not_known").exists()
    decided(sent, "rejected")
    assert "Juillet de l’an dernier" in text(me.browser(), address(me, "landlord-home"))
    assert "Je ne le connais pas" in text(me.browser(), url)
    assert owner().browser().post(url, {"inconnu": "1"}).status_code == 404
    for _ in range(2):
        answer = me.browser().post(url, {"inconnu": "1"})
        assert answer.headers["Location"] == address(me, "declaration", sent.opaque)
    assert "Juillet de l’an dernier" not in text(me.browser(), address(me, "landlord-home"))
    assert Entry.objects.filter(event="declarations.previous_not_known").count() == 1
    assert Receipt.objects.count() == 1
    assert posted(me, url, rent="505").status_code == 302
    assert Receipt.objects.count() == 2


def test_the_mail_of_a_refusal_says_where_it_is_given_again() -> None:
    me, sent = both_sent()
    Message.objects.all().delete()
    decided(sent, "rejected")
    (mail,) = deliver(NOW)
    body = mail.body.replace("\u00a0", " ")
    assert "se déclare à nouveau depuis sa page" in body
    assert "ouverts dans la grille" not in body
    assert f"/c/{me.account.reference}/bailleur/declarations/?etat=refusees" in body


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Indiquez"),
        ("cinq cents", "n’est pas un montant"),
        ("12345678", "compris entre"),
        ("500", "C’est déjà le montant que vous avez transmis."),
        ("<script>", "n’est pas un montant"),
    ],
)
def test_what_cannot_be_sent_is_said_beside_the_field(typed: str, words: str) -> None:
    me, sent = both_sent()
    answer = posted(me, address(me, "previous-july-again", sent.opaque), rent=typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page or typed == ""
    assert 'aria-invalid="true"' in page
    assert "<script>" not in page
    assert Receipt.objects.count() == 1


def test_a_file_that_is_no_paper_sends_nothing() -> None:
    me, sent = both_sent()
    url = address(me, "previous-july-again", sent.opaque)
    answer = posted(me, url, rent="510", papers=SimpleUploadedFile("x.exe", b"MZ"))
    assert answer.status_code == 200
    assert Receipt.objects.count() == 1
    assert not Attachment.objects.exists()


def test_the_same_form_twice_sends_once() -> None:
    me, sent = both_sent()
    url = address(me, "previous-july-again", sent.opaque)
    form = {"rent": "510", "key": str(uuid4())}
    first, second = me.browser().post(url, form), me.browser().post(url, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert Receipt.objects.count() == 2


def test_nobody_else_gives_it_again() -> None:
    me, sent = both_sent()
    url = address(me, "previous-july-again", sent.opaque)
    reader = owner(me.landlord, rights=frozenset({Right.CONSULT}))
    stranger = owner()
    assert Client().get(url).status_code == 404
    assert stranger.browser().get(url).status_code == 404
    assert (
        stranger.browser().post(address(stranger, "previous-july-again", sent.opaque), {"rent": "1"}).status_code == 404
    )
    assert reader.browser().post(address(reader, "previous-july-again", sent.opaque), {"rent": "1"}).status_code == 403
    assert Receipt.objects.count() == 1
