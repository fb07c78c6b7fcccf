"""The July rent of the year before: given again when it was wrong, or when the office refused it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from parvis.audit.models import Entry
from parvis.changes.models import Attachment
from parvis.correspondence.models import Message
from parvis.declarations import kinds
from parvis.declarations.models import Declaration, Kind, Receipt
from parvis.declarations.services import exchange
from parvis.exchange.services import outbound
from parvis.kit.actors import Right
from parvis.tenancies.models import JulyRent
from tests.factories import declarations as made
from tests.factories.declarations import CLOCK, NOW
from tests.factories.identity import deliver
from tests.factories.landlords import Owner, owner
from tests.factories.papers import pdf
from tests.factories.tenancies import tenancy
from tests.schemas import faults, schema_in
from tests.web.landlord.july import address, fields, live_at, text

pytestmark = pytest.mark.django_db
SCHEMAS = Path(kinds.__file__).with_name("schemas")


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    live_at(monkeypatch, NOW)


def both_sent() -> tuple[Owner, Declaration]:
    """A July rent sent with that of the year before, which the office did not know."""
    me = owner()
    of = tenancy(me.landlord)
    made.campaign()
    made.typed(me, of, "505", previous="500")
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


def test_one_that_should_not_have_been_declared_is_taken_back_once_that_is_confirmed(tmp_path: Path) -> None:
    me, sent = both_sent()
    page, url = address(me, "declaration", sent.opaque), address(me, "previous-july-withdraw", sent.opaque)
    assert f'href="{url}"' in text(me.browser(), page)
    confirm = text(me.browser(), url)
    assert "Annuler le loyer de juillet 2025" in confirm
    sent.refresh_from_db()
    assert sent.state == "submitted"
    key = fields(confirm)
    answers = [me.browser().post(url, key) for _ in range(2)]
    receipt = Receipt.objects.latest("id")
    assert {answer.headers["Location"] for answer in answers} == {address(me, "receipt", receipt.number)}
    assert Receipt.objects.count() == 2
    shown = text(me.browser(), address(me, "receipt", receipt.number))
    assert "Annulation" in shown
    assert "n’est plus à prendre en compte" in shown
    void = Declaration.objects.get(corrects=sent)
    assert (void.kind, void.year, void.details) == ("previous_july_rent", None, {"withdrawn": True})
    sent.refresh_from_db()
    assert (sent.state, Declaration.objects.get(kind=Kind.JULY_RENT).state) == ("corrected", "submitted")
    assert Entry.objects.filter(event="declarations.corrected", subject=receipt.number).count() == 1
    assert f'href="{url}"' not in text(me.browser(), address(me, "declaration", void.opaque))
    (delivery,) = outbound.send(tmp_path, by=CLOCK, at=NOW)
    lines = (tmp_path / f"{delivery.sequence:06d}" / "declarations.jsonl").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in map(json.loads, lines) if line["corrects"]]
    assert (line["corrects"], line["details"]) == (sent.reference, {"withdrawn": True})
    assert faults(line, schema_in(SCHEMAS, "line")) == []
    assert faults(line["details"], schema_in(SCHEMAS, "withdrawal")) == []


@pytest.mark.parametrize("answer", ["integrated", "rejected"])
def test_what_takes_one_back_makes_no_rent_known_and_asks_for_nothing(answer: str) -> None:
    me, sent = both_sent()
    posted(me, address(me, "previous-july-withdraw", sent.opaque))
    decided(Declaration.objects.get(corrects=sent), answer)
    assert not JulyRent.objects.filter(tenancy=sent.tenancy, year=2025).exists()
    assert "Juillet de l’an dernier" not in text(me.browser(), address(me, "landlord-home"))


def test_once_taken_back_another_amount_may_be_given() -> None:
    me, sent = both_sent()
    posted(me, address(me, "previous-july-withdraw", sent.opaque))
    void = Declaration.objects.get(corrects=sent)
    url = address(me, "previous-july-again", void.opaque)
    assert "Loyer hors charges de juillet 2025" in text(me.browser(), url)
    assert posted(me, url, rent="505").status_code == 302
    newer = Declaration.objects.get(corrects=void)
    assert (newer.year, newer.details) == (2025, {"year": 2025, "rent_cents": 50_500})
    assert Declaration.objects.get(pk=void.pk).state == "corrected"


def test_what_is_decided_replaced_or_somebody_else_s_is_not_taken_back() -> None:
    me, sent = both_sent()
    url, rent = address(me, "previous-july-withdraw", sent.opaque), Declaration.objects.get(kind=Kind.JULY_RENT)
    key = {"key": str(uuid4())}
    assert owner().browser().get(url).status_code == 404
    assert owner().browser().post(url, key).status_code == 404
    stranger = owner()
    assert stranger.browser().post(address(stranger, "previous-july-withdraw", sent.opaque), key).status_code == 404
    reader = owner(me.landlord, rights=frozenset({Right.CONSULT}))
    assert reader.browser().post(address(reader, "previous-july-withdraw", sent.opaque), key).status_code == 403
    me.browser().post(address(me, "previous-july-withdraw", rent.opaque), key)
    me.browser().post(url, {"key": "nothing"})
    assert Receipt.objects.count() == 1
    decided(sent, "integrated")
    answer = me.browser().post(url, key, follow=True)
    assert "Annuler ce loyer" not in answer.content.decode()
    assert Receipt.objects.count() == 1
