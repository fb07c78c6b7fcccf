"""« Coordonnées bancaires » from typing to stopping, as people do it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from parvis.changes.models import Attachment, ChangeRequest
from parvis.correspondence.models import Message
from parvis.kit.actors import Right, system
from parvis.parameters import services as parameters
from tests.factories.changes import ANOTHER, IBAN, bank_asked, bank_code
from tests.factories.identity import deliver
from tests.factories.landlords import owner
from tests.factories.papers import PAPER
from tests.web.landlord.changes.pages import address, proved_account, text, typed_account

pytestmark = pytest.mark.django_db


def test_an_account_is_typed_proved_and_held() -> None:
    me = owner()
    me.landlord.third_party_numbers.update(iban_last4="0042", account_holder="ALLIANCE FAMILIALE")
    client = me.browser()
    assert "•••• 0042" in text(client, address(me, "bank-details"))
    page = typed_account(me, client)
    assert IBAN not in page.headers["Location"]
    shown = text(client, page.headers["Location"])
    assert "•••• 0042" in shown
    assert "•••• 0189" in shown
    assert IBAN not in shown
    answer = client.post(page.headers["Location"], {"code": bank_code(datetime.now(UTC))}, follow=True)
    said = answer.content.decode()
    assert "Elle part à votre caisse après le" in said
    assert "Arrêter ce changement" in said
    assert ChangeRequest.objects.get().number in text(client, address(me, "bank-details"))


def test_an_account_says_since_when_only_while_it_is_the_one_asked_for_here() -> None:
    me = owner()
    client, here = me.browser(), address(me, "bank-details")
    change, known = bank_asked(me, at=timezone.now()), me.landlord.third_party_numbers
    asked = ChangeRequest.objects.filter(pk=change.pk)
    known.update(iban_last4="0189", account_holder="ALLIANCE", iban_index=change.iban_index)
    page = text(client, here)
    assert "•••• 0189</b>, au nom de ALLIANCE.</p>" in page, "not decided yet"
    asked.update(state="done", closed_at=datetime(2026, 3, 11, 23, 30, tzinfo=UTC))
    assert "•••• 0189</b>, au nom de ALLIANCE, depuis le 12/03/2026.</p>" in text(client, here)
    known.update(iban_last4="0042", iban_index=b"another account.")
    assert "•••• 0042</b>, au nom de ALLIANCE.</p>" in text(client, here), "the office changed it by itself"


def test_of_two_accounts_asked_for_the_former_has_no_day() -> None:
    me = owner()
    former, known = bank_asked(me, at=timezone.now()), me.landlord.third_party_numbers
    ChangeRequest.objects.filter(pk=former.pk).update(state="done", closed_at=timezone.now() - timedelta(days=9))
    newer = bank_asked(me, iban=ANOTHER, at=timezone.now())
    ChangeRequest.objects.filter(pk=newer.pk).update(state="done", closed_at=timezone.now())
    known.update(iban_last4="0189", account_holder="ALLIANCE", iban_index=former.iban_index)
    assert "au nom de ALLIANCE.</p>" in text(me.browser(), address(me, "bank-details"))


def test_how_long_a_change_is_kept_is_the_office_s_to_say() -> None:
    me = owner()
    client = me.browser()
    for hours in (72, 96):
        parameters.change("bank_hold", hours, by=system("test"), at=datetime.now(UTC))
        for name in ("bank-details", "bank-change"):
            assert f"{hours}\u00a0heures" in text(client, address(me, name))
    bank_asked(me, at=datetime.now(UTC))
    other = ChangeRequest.objects.get()
    assert other.held_until is not None
    assert other.held_until - other.asked_at >= timedelta(hours=96)


def test_without_the_right_the_page_says_so() -> None:
    me = owner(rights=frozenset({Right.CONSULT, Right.DECLARE}))
    for name in ("bank-details", "bank-change"):
        assert "Coordonnées bancaires" in text(me.browser(), address(me, name), 403)


def test_a_wrong_iban_is_said_and_kept_in_the_field() -> None:
    me = owner()
    page = typed_account(me, me.browser(), iban="FR76 3000 6000").content.decode()
    assert "Il manque 15\u00a0caractères." in page
    assert "FR76 3000 6000" in page
    assert not ChangeRequest.objects.exists()


def test_another_holder_wants_a_file_of_the_right_kind() -> None:
    me = owner()
    client = me.browser()
    assert "Joignez un justificatif" in typed_account(me, client, holder="Jean Dupont").content.decode()
    program = SimpleUploadedFile("rib.pdf", b"MZ\x90\x00")
    wrong = typed_account(me, client, holder="Jean Dupont", attachment=program)
    assert "Choisissez un fichier PDF, JPEG ou PNG." in wrong.content.decode()
    assert not Attachment.objects.exists()
    right = typed_account(me, client, holder="Jean Dupont", attachment=SimpleUploadedFile("rib.pdf", PAPER))
    assert right.status_code == 302
    assert Attachment.objects.get().subject == ChangeRequest.objects.get().number


def test_a_refused_account_keeps_no_file() -> None:
    me = owner()
    typed_account(me, me.browser(), iban="FR76", attachment=SimpleUploadedFile("rib.pdf", PAPER))
    assert not Attachment.objects.exists()


def test_a_wrong_code_is_said_and_another_can_be_asked_later() -> None:
    me = owner()
    client = me.browser()
    url = typed_account(me, client).headers["Location"]
    digits = bank_code(datetime.now(UTC))
    wrong = "000000" if digits != "000000" else "111111"
    assert "Ce n’est pas le bon code" in client.post(url, {"code": wrong}).content.decode()
    again = client.post(f"{url}renvoyer/", follow=True).content.decode()
    assert "Attendez" in again or "seconde" in again
    assert ChangeRequest.objects.get().state == "asked"


def test_the_code_of_a_colleague_is_not_mine() -> None:
    me = owner()
    url = typed_account(me, me.browser()).headers["Location"]
    colleague = owner(me.landlord)
    theirs = url.replace(me.account.reference, colleague.account.reference)
    assert colleague.browser().get(theirs).status_code == 404


def test_it_is_stopped_by_its_page_in_one_click() -> None:
    me = owner()
    client = me.browser()
    number = proved_account(me, client)
    change = ChangeRequest.objects.get(number=number)
    url = address(me, "bank-change-stop", change.opaque)
    assert "Arrêter ce changement ?" in text(client, url).replace("\u00a0", " ")
    for _ in range(2):
        assert client.post(url).status_code == 302
    change.refresh_from_db()
    assert change.state == "stopped"
    assert Message.objects.filter(template="changes/emails/bank_stopped").count() == 1


def test_the_link_of_the_mail_shows_first_and_stops_on_the_click() -> None:
    bank_asked(owner(), at=timezone.now())
    texts = [str(message.body) for message in deliver(timezone.now())]
    (link,) = {found[0] for body in texts if (found := re.search(r"/arreter-un-changement/[\w-]{30,}/", body))}
    client = Client()
    assert "•••• 0189" in text(client, link)
    assert ChangeRequest.objects.get().state == "held"
    assert client.post(link).headers["Location"] == reverse("change-stopped")
    assert ChangeRequest.objects.get().state == "stopped"
    assert "n’arrête plus rien" in text(client, link, 404)


def test_a_code_nobody_sent_stops_nothing() -> None:
    page = Client().post(reverse("stop-change-code"), {"code": "ABCDE-FGHJK"})
    assert "n’est pas reconnu" in page.content.decode()


@pytest.mark.parametrize(("word", "state"), [("oui", "held"), ("non", "refused"), ("peut-être", "agreement")])
def test_a_colleague_decides(word: str, state: str) -> None:
    me = owner()
    colleague = owner(me.landlord)
    change = bank_asked(me, at=timezone.now())
    url = address(colleague, "bank-change-agreement", change.opaque)
    assert "Donner mon accord" in text(colleague.browser(), url)
    colleague.browser().post(url, {"accord": word})
    change.refresh_from_db()
    assert change.state == state


def test_who_asked_cannot_agree() -> None:
    me = owner()
    owner(me.landlord)
    change = bank_asked(me, at=timezone.now())
    url = address(me, "bank-change-agreement", change.opaque)
    assert "une autre personne doit donner son accord" in text(me.browser(), url)
    me.browser().post(url, {"accord": "oui"})
    change.refresh_from_db()
    assert change.state == "agreement"


def test_a_second_change_is_not_begun_while_one_lives() -> None:
    me = owner()
    client = me.browser()
    proved_account(me, client)
    answer = client.get(address(me, "bank-change"), follow=True)
    assert "Un changement est déjà en cours" in answer.content.decode()
