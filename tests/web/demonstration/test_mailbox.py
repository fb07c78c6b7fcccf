"""Everybody's mailbox, on demonstration and training instances only."""

from __future__ import annotations

import time
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.correspondence import secrets, worker
from parvis.correspondence.rendering import attachments
from parvis.kit import clock
from parvis.web.demonstration import mailbox
from parvis.web.demonstration.reading import Piece, paragraphs, secrets_of
from tests.factories import correspondence as make
from tests.factories.correspondence import AT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A demonstration with a mailbox of its own."""
    monkeypatch.setattr(clock, "MAY_LIVE_ELSEWHEN", True)
    monkeypatch.setattr(secrets, "_sources", dict(secrets._sources))
    monkeypatch.setattr(mailbox, "_known", {})
    secrets.register("known", lambda _subject, *, at: {"code": "482\u00a0913", "until": "demain"}, shown=("until",))
    settings.MAILBOX, settings.LETTERS = tmp_path / "mailbox", tmp_path / "letters"
    settings.MAILBOX.mkdir()
    return tmp_path


def leave() -> None:
    """Send all that is due, as the mail server would keep it."""
    from django.conf import settings

    mail.outbox.clear()
    worker.run_until_empty(at=AT)
    for number, sent in enumerate(mail.outbox):
        (settings.MAILBOX / f"{time.time_ns()}-{number}.eml").write_bytes(sent.message().as_bytes())


def page_of(name: str, *args: str, **query: str) -> str:
    answer = Client().get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", ["demonstration", "mailbox", "catalogue"])
def test_a_production_instance_has_no_such_page(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get(reverse(name)).status_code == 200
    monkeypatch.setattr(clock, "MAY_LIVE_ELSEWHEN", False)
    assert Client().get(reverse(name)).status_code == 404


def test_no_page_of_the_mailbox_opens_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    make.letter()
    leave()
    (item,) = mailbox.items()
    monkeypatch.setattr(clock, "MAY_LIVE_ELSEWHEN", False)
    for name in ("mailbox-item", "mailbox-file", "mailbox-attachment"):
        assert Client().get(reverse(name, args=[item.name])).status_code == 404


def test_an_empty_mailbox_says_so(settings: Any) -> None:
    settings.MAILBOX.rmdir()
    assert "La boîte est vide." in page_of("mailbox")
    assert "Aucun message ne correspond." in page_of("mailbox", q="personne")


def test_the_mailbox_is_emptied_and_what_was_in_it_comes_back(settings: Any) -> None:
    make.letter()
    leave()
    assert "Vider la boîte" in page_of("mailbox")
    settings.LETTERS.mkdir(exist_ok=True)
    written = sorted(path.name for folder in (settings.MAILBOX, settings.LETTERS) for path in folder.iterdir())
    told = Client().post(reverse("mailbox-empty"), follow=True).content.decode()
    assert "C’est fait. La boîte est vide." in told
    assert mailbox.items() == []
    time.sleep(0.01)
    make.email(to="lina@tilleuls.example")
    leave()
    assert [item.to for item in mailbox.items()] == ["lina@tilleuls.example"]
    Client().post(reverse("mailbox-empty"), {"remettre": "1"})
    assert len(mailbox.items()) == 2
    assert "Remettre les messages" not in page_of("mailbox")
    there = {path.name for folder in (settings.MAILBOX, settings.LETTERS) for path in folder.iterdir()}
    assert set(written) <= there


def test_the_mailbox_cannot_be_emptied_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "MAY_LIVE_ELSEWHEN", False)
    assert Client().post(reverse("mailbox-empty")).status_code == 404
    assert not mailbox.was_emptied()


def test_messages_are_found_by_identifier_name_address_and_words() -> None:
    make.email(to="lina@tilleuls.example")
    make.letter(template="tests/letters/password", secret="known", secret_subject=1)
    make.email(
        to="jean-luc@moreau.example",
        context={"login_id": "LOG054321B", "account_name": "Jean-Luc Moreau", "user_number": "44105060540V60"},
    )
    leave()
    assert len(mailbox.items()) == 3
    for asked in ("LOG012345A", "log 012345 a", "trois tilleuls"):
        assert {item.login_id for item in mailbox.items(asked)} == {"LOG012345A"}, asked
        assert len(mailbox.items(asked)) == 2
    assert [item.to for item in mailbox.items("jean luc MOREAU")] == ["jean-luc@moreau.example"]
    assert [item.kind for item in mailbox.items("", "courrier")] == ["courrier"]
    page = page_of("mailbox", q="LOG012345A", sorte="courrier")
    assert "Votre mot de passe" in page
    assert "Bonjour" not in page.split("<main")[1]


def test_a_code_is_read_and_copied_from_its_email() -> None:
    make.email(template="tests/emails/code", secret="known", secret_subject=1)
    leave()
    (item,) = mailbox.items()
    page = page_of("mailbox-item", item.name)
    assert '<span class="mono" id="a-copier-1">482\u00a0913</span>' in page
    assert "44100046470V12" in page


def test_a_letter_shows_its_words_and_its_pdf_but_never_keeps_the_password() -> None:
    make.letter(template="tests/letters/password", secret="known", secret_subject=1)
    leave()
    (item,) = mailbox.items()
    page = page_of("mailbox-item", item.name)
    assert secrets.MASK in page
    assert "482\u00a0913" not in page
    answer = Client().get(reverse("mailbox-file", args=[item.name]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer.content.startswith(b"%PDF")


def test_an_email_can_be_downloaded() -> None:
    make.email()
    leave()
    (item,) = mailbox.items()
    answer = Client().get(reverse("mailbox-file", args=[item.name]))
    assert answer["Content-Type"] == "message/rfc822"
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"LOG012345A" in answer.content


def test_the_paper_a_mail_carries_is_named_on_its_page_and_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = attachments.Attached("accuse-AR-2026-07-000123.pdf", b"%PDF-1.7 a paper")
    monkeypatch.setattr(attachments, "_makers", {"paper": lambda _subject, **_to: paper})
    make.email(attachment="paper", attachment_subject=1)
    make.email()
    leave()
    (without,) = [item for item in mailbox.items() if not item.attached]
    (item,) = mailbox.items("accuse-AR-2026")
    assert f"Pièce jointe\u00a0: {paper.name}" in page_of("mailbox-item", item.name)
    answer = Client().get(reverse("mailbox-attachment", args=[item.name]))
    assert (answer.content, answer["Content-Type"]) == (paper.content, "application/pdf")
    assert answer["Content-Disposition"] == f'inline; filename="{paper.name}"'
    assert "Ouvrir la pièce jointe" not in page_of("mailbox-item", without.name)
    assert Client().get(reverse("mailbox-attachment", args=[without.name])).status_code == 404


@pytest.mark.parametrize(
    "name", ["..", "../keys.env", "%2e%2e%2fkeys.env", "keys.env", ".hidden.eml", "missing.pdf", "\x00"]
)
def test_nothing_outside_the_two_folders_is_opened(name: str, folders: Path) -> None:
    (folders / "keys.env").write_text("secret")
    (folders / "mailbox" / ".hidden.eml").write_text("being written")
    (folders / "mailbox" / "link.eml").mkdir()
    for ending in ("", "fichier/"):
        assert Client().get(f"/demonstration/boite/{name}/{ending}").status_code == 404


def test_a_message_from_elsewhere_is_shown_harmless(folders: Path) -> None:
    strange = EmailMessage()
    strange["To"], strange["Subject"], strange["Date"] = (
        "a@b.example",
        "<script>x</script>",
        "Mon, 13 Jul 2026 08:00:00 +0000",
    )
    strange.set_content("<b>gras</b> http://evil.example/page\n")
    (folders / "mailbox" / "1-x.eml").write_bytes(strange.as_bytes())
    page = page_of("mailbox-item", "1-x.eml")
    assert "<script>x" not in page
    assert "<b>gras" not in page
    assert 'href="/page"' in page


def test_pages_of_the_list_hold_twenty_five_messages_and_one_statement_more() -> None:
    for _ in range(30):
        make.email()
    leave()
    first, second = page_of("mailbox"), page_of("mailbox", page="2")
    assert (first.count('data-l="Message"'), second.count('data-l="Message"')) == (25, 5)
    assert "Messages 26 à 30 sur 30" in second
    assert "Messages 26 à 30" in page_of("mailbox", page="99")
    assert "Messages 1 à 25" in page_of("mailbox", page="-1")
    with CaptureQueriesContext(connection) as queries:
        page_of("mailbox")
    assert not [query for query in queries if "correspondence_message" in query["sql"]]


def test_messages_that_were_read_are_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(30):
        make.email()
    leave()
    known = mailbox.items()
    monkeypatch.setattr(mailbox, "_parsed", None)  # whatever is read again fails
    assert mailbox.items() == known
    assert mailbox.items("nobody wrote these words") == []


def test_addresses_lead_to_this_site_whatever_host_the_message_named() -> None:
    assert paragraphs("Ouvrir : http://localhost:8001/c/AB/?x=1\nSite : http://localhost:8001\n\nFin") == [
        [
            [Piece("Ouvrir : "), Piece("http://localhost:8001/c/AB/?x=1", "/c/AB/?x=1")],
            [Piece("Site : "), Piece("http://localhost:8001", "/")],
        ],
        [[Piece("Fin")]],
    ]


def test_the_token_of_a_link_is_not_offered_to_copy() -> None:
    words = "Code : {}.\nBloquer : http://localhost:8001/ce-n-est-pas-moi/{}/\nFin"
    kept = words.format(secrets.MASK, secrets.MASK)
    assert secrets_of(words.format("482\u00a0913", "pZ5x-KQ_9"), kept) == ["482\u00a0913"]


def test_a_message_without_secret_offers_nothing_to_copy() -> None:
    assert secrets_of("Bonjour.", "Bonjour.") == []
    assert secrets_of("Autre chose", f"Code {secrets.MASK}.") == []
