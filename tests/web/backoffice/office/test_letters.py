"""Letters on the screen: batches of two people, returns by the pile, every text previewed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from parvis.agents.posts import Role
from parvis.audit.models import Entry
from parvis.correspondence import worker
from parvis.correspondence.batches import files
from parvis.correspondence.models import LetterBatch, Message, MessageState, ReturnedLetter
from parvis.correspondence.returns.models import ReturnReason
from parvis.correspondence.services import Draft, queue_many
from parvis.kit.actors import system
from parvis.kit.clock import day_in_paris
from parvis.landlords.models import Office
from parvis.landlords.services.returned import PileTooHigh, note_many
from parvis.web.backoffice import samples
from tests.factories.agents import colleague
from tests.factories.correspondence import ADDRESS, AT, CONTEXT, letter
from tests.factories.landlords import Owner, landlord, office, owner

pytestmark = pytest.mark.django_db
NATIONAL = ["/agents/courriers/", "/agents/courriers/modeles/", "/agents/courriers/modeles/identity/letters/password/"]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: object) -> None:
    settings.LETTERS = tmp_path  # type: ignore[attr-defined]


def sent_to(me: Owner, count: int = 1) -> list[Message]:
    """Letters to a landlord, made."""
    made = [letter(partner_id=me.landlord.pk, account_id=me.account.pk) for _ in range(count)]
    worker.run_until_empty(at=datetime.now(UTC))
    return list(Message.objects.filter(pk__in=[one.pk for one in made]).order_by("pk"))


@pytest.mark.parametrize("page", NATIONAL)
@pytest.mark.parametrize("role", list(Role))
def test_batches_and_texts_are_for_who_batches_letters(page: str, role: Role) -> None:
    assert Client().get(page).status_code == 302
    may = role is Role.NATIONAL_ADMINISTRATOR
    assert colleague((role, "")).browser().get(page).status_code == (200 if may else 403)


def test_a_batch_goes_from_one_agent_to_the_other_then_to_the_post() -> None:
    sent_to(owner(), 2)
    first, second = colleague().browser(), colleague().browser()
    assert "En attente d’un lot" in first.get("/agents/courriers/").content.decode()
    page = first.post("/agents/courriers/", {"template": "", "office": ""}, follow=True).content.decode()
    where = f"/agents/courriers/lots/{LetterBatch.objects.get().number}/"
    assert "Aperçu de 2" in page
    assert "Valider le lot" not in page
    own = first.post(where, {"act": "approve"}, follow=True).content.decode()
    assert "qui prépare ne valide pas" in own
    assert "Le lot est validé." in second.post(where, {"act": "approve"}, follow=True).content.decode()
    again = second.post(where, {"act": "approve"}, follow=True).content.decode()
    assert "n’attend plus de validation" in again
    files.make_due(by=system("worker"), at=datetime.now(UTC))
    zipped = f"{LetterBatch.objects.get().number}-01.zip"
    assert zipped in second.get(where).content.decode()
    taken = second.get(f"{where}fichiers/{zipped}/")
    assert b"".join(taken.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    assert Entry.objects.filter(event="correspondence.batch_taken").count() == 1
    second.post(where, {"act": "hand_over"})
    assert "Écrivez la date ainsi" in second.post(where, {"act": "posted", "posted_on": "hier"}).content.decode()
    today = day_in_paris(datetime.now(UTC))
    done = second.post(where, {"act": "posted", "posted_on": f"{today:%d/%m/%Y}"}, follow=True).content.decode()
    assert "noté posté" in done
    assert LetterBatch.objects.get().expected_on is not None


def test_what_no_batch_has_is_not_found() -> None:
    browser = colleague().browser()
    for where in (
        "lots/LOT-2026-9999/",
        "lots/x/fichiers/../../etc/",
        "modeles/identity/letters/none/",
        "retours/?apres=x",
    ):
        assert browser.get(f"/agents/courriers/{where}").status_code == 404


def test_returned_letters_are_noted_by_the_pile_and_the_address_is_doubtful() -> None:
    me = owner(landlord(company_name="Le Bail & Fils"))
    first, second = sent_to(me, 2)
    browser = colleague((Role.RECEPTION, "441")).browser()
    typed = {"numbers_typed": f"{first.number}\n {second.number.lower()} L-2026-999999", "reason": "not_there"}
    page = browser.post("/agents/courriers/retours/", typed).content.decode()
    assert "Aucune lettre ne porte ce numéro." in page
    assert "2\u00a0courriers revenus sont notés" in page
    assert "Le Bail &amp; Fils" in page
    assert ReturnedLetter.objects.count() == 2
    assert Entry.objects.filter(event="correspondence.letter_returned", partner_id=me.landlord.pk).count() == 2
    again = browser.post("/agents/courriers/retours/", typed).content.decode()
    assert "déjà notée comme revenue" in again
    (held,) = sent_to(me)
    assert (held.state, held.number) == (MessageState.FAILED, "")


def test_settled_as_right_what_was_held_leaves() -> None:
    me = owner()
    (first,) = sent_to(me)
    browser = colleague((Role.RECEPTION, "441")).browser()
    browser.post("/agents/courriers/retours/", {"numbers_typed": first.number, "reason": "unknown"})
    (held,) = sent_to(me)
    told = {"act": "settle", "number": first.number, "outcome": "right"}
    page = browser.post("/agents/courriers/retours/", told, follow=True).content.decode()
    assert "1\u00a0lettre en attente part." in page
    worker.run_until_empty(at=datetime.now(UTC))
    held.refresh_from_db()
    assert held.state == MessageState.SENT
    assert "déjà vérifiée" in browser.post("/agents/courriers/retours/", told, follow=True).content.decode()


def test_settled_as_corrected_what_was_held_never_leaves_to_the_former_address() -> None:
    me = owner()
    (first,) = sent_to(me)
    browser = colleague((Role.RECEPTION, "441")).browser()
    browser.post("/agents/courriers/retours/", {"numbers_typed": first.number, "reason": "unknown"})
    (held,) = sent_to(me)
    with transaction.atomic():
        (behind,) = queue_many([Draft("tests/letters/hello", CONTEXT, to_address=ADDRESS, after=held)], at=AT)
    browser.post("/agents/courriers/retours/", {"act": "settle", "number": first.number, "outcome": "corrected"})
    call_command("messages", retry="all")
    for one in (held, behind):
        one.refresh_from_db()
        assert one.state == MessageState.CANCELLED
    assert "à refaire" in held.failure


@pytest.mark.parametrize(
    ("role", "post", "sees"),
    [
        (role, post, post in ("441", ""))
        for role in Role
        for post in ("441", "751", "")
        if post == "" or role != "national_administrator"
    ],
)
def test_a_letter_of_another_office_does_not_exist(role: Role, post: str, sees: bool) -> None:
    office("751", "Caf de Paris")
    (first,) = sent_to(owner(landlord(company_name="Le Bail & Fils")))
    browser = colleague((role, post)).browser()
    page = browser.post("/agents/courriers/retours/", {"numbers_typed": first.number, "reason": "unknown"}, follow=True)
    assert ReturnedLetter.objects.exists() is sees
    assert ("Le Bail" in page.content.decode()) is sees
    if not sees:
        colleague().browser().post("/agents/courriers/retours/", {"numbers_typed": first.number, "reason": "unknown"})
        settle = {"act": "settle", "number": first.number, "outcome": "right"}
        assert browser.post("/agents/courriers/retours/", settle).status_code == 404
        assert ReturnedLetter.objects.get().settled_at is None


def pile(me: Owner, count: int) -> list[str]:
    """The numbers of that many letters to a landlord, as if they were made."""
    made = [
        Message(
            reference=f"M-{rank:010d}", number=f"L-2026-{rank:06d}", channel="letter", template="tests/letters/hello",
            to_address=["12 rue de l’Église", "44000 Nantes"], partner_id=me.landlord.pk, state="sent",
            due_at=datetime.now(UTC), created_at=datetime.now(UTC), sent_at=datetime.now(UTC),
        )
        for rank in range(1, count + 1)
    ]  # fmt: skip
    return [one.number for one in Message.objects.bulk_create(made)]


def test_a_pile_noted_at_one_moment_is_read_page_after_page() -> None:
    me = owner()
    numbers = pile(me, 60)
    browser = colleague((Role.RECEPTION, "441")).browser()
    browser.post("/agents/courriers/retours/", {"numbers_typed": " ".join(numbers), "reason": "unknown"})
    assert ReturnedLetter.objects.values("noted_at").distinct().count() == 1
    first = browser.get("/agents/courriers/retours/").content.decode()
    following = re.search(r'href="(\?apres=[^"]+)"', first)
    assert following
    second = browser.get("/agents/courriers/retours/" + following[1]).content.decode()
    shown = [[number for number in numbers if number in page] for page in (first, second)]
    assert shown == [numbers[:50], numbers[50:]]
    assert "?apres=" not in second


def test_a_pile_too_high_is_refused_and_kept_as_typed() -> None:
    numbers = pile(owner(), 2) + [f"L-2025-{rank:06d}" for rank in range(499)]
    browser = colleague((Role.RECEPTION, "441")).browser()
    typed = {"numbers_typed": "\n".join(numbers), "reason": "unknown"}
    page = browser.post("/agents/courriers/retours/", typed).content.decode()
    assert "Il y a 501 numéros ici\u00a0: notez-en 500 à la fois au plus. Rien n’est encore noté." in page
    assert all(number in page for number in numbers)
    assert not ReturnedLetter.objects.exists()
    with pytest.raises(PileTooHigh):
        note_many(numbers, ReturnReason.UNKNOWN, by=system("tests"), at=datetime.now(UTC))


@pytest.mark.parametrize(
    "where", ["2026-09-14T00:00:00", "x|1", "2026-09-14T00:00:00+00:00|x", "2026-09-14T00:00:00+00:00|"]
)
def test_a_page_that_nobody_offered_does_not_exist(where: str) -> None:
    assert colleague().browser().get("/agents/courriers/retours/", {"apres": where}).status_code == 404


def test_a_batch_with_a_lost_letter_is_given_up_on_its_page(tmp_path: Path) -> None:
    lost, *_ = sent_to(owner(), 2)
    first, second = colleague().browser(), colleague().browser()
    first.post("/agents/courriers/", {"template": "", "office": ""})
    batch = LetterBatch.objects.get()
    where = f"/agents/courriers/lots/{batch.number}/"
    second.post(where, {"act": "approve"})
    (tmp_path / f"{lost.number}.pdf").unlink()
    files.make_due(by=system("worker"), at=datetime.now(UTC))
    page = second.get(where).content.decode()
    assert f"La lettre {lost.number} manque" in page
    assert "Abandonner le lot" in page
    done = second.post(where, {"act": "abandon"}, follow=True).content.decode()
    assert "Ses lettres attendent un autre lot." in done
    assert "Les fichiers ne sont pas écrits" not in done
    worker.run_until_empty(at=datetime.now(UTC))
    assert (tmp_path / f"{lost.number}.pdf").exists()


@pytest.mark.parametrize("bad", ["", "   ", "rien", "\x00", "x" * 10_001, "'; DROP TABLE"])
def test_what_is_no_number_is_told_and_kept(bad: str) -> None:
    browser = colleague((Role.RECEPTION, "441")).browser()
    page = browser.post("/agents/courriers/retours/", {"numbers_typed": bad, "reason": "unknown"}).content.decode()
    assert "à corriger" in page
    assert not ReturnedLetter.objects.exists()


@pytest.mark.parametrize("text", samples.texts())
def test_every_text_has_a_preview(text: str) -> None:
    message, words = samples.sample_of(text)
    assert words.title
    if samples.is_letter(text):
        assert samples.paper_of(text).startswith(b"%PDF")
    else:
        assert words.title in samples.html_of(text) or "&" in samples.html_of(text)
    assert message.pk is None


def test_a_preview_shows_words_and_layout() -> None:
    browser = colleague().browser()
    assert (
        "aucun code ici n’ouvre rien"
        in browser.get("/agents/courriers/modeles/identity/emails/code_recover/").content.decode()
    )
    mail = browser.get("/agents/courriers/modeles/identity/emails/code_recover/apercu/")
    assert mail["Content-Security-Policy"].startswith("default-src 'none'")
    assert browser.get("/agents/courriers/modeles/identity/letters/identifier/apercu/").content.startswith(b"%PDF")


def test_letters_of_an_office_that_was_renamed_are_chosen_together() -> None:
    name, rest = CONTEXT["office"]["name"], CONTEXT["office"]
    Office.objects.filter(pk=office("442", name).pk).update(name="Caf de l’Ouest")
    me = owner()
    sent_to(me, 2)
    letter(partner_id=me.landlord.pk, account_id=me.account.pk, context={"office": {**rest, "name": "Caf de l’Ouest"}})
    letter(partner_id=me.landlord.pk, account_id=me.account.pk, context={"office": {**rest, "name": "Caf de Paris"}})
    worker.run_until_empty(at=datetime.now(UTC))
    browser = colleague().browser()
    page = browser.get("/agents/courriers/").content.decode()
    assert 'data-l="Caisse">Caf de l’Ouest</td><td class="r" data-l="Nombre">3<' in page
    assert name not in page
    browser.post("/agents/courriers/", {"template": "", "office": "Caf de l’Ouest"})
    batch = LetterBatch.objects.get()
    assert (batch.office, batch.count) == ("Caf de l’Ouest", 3)


def test_what_ends_in_a_preview_ends_after_it_began() -> None:
    html = samples.html_of("identity/emails/copy_ready")
    assert "depuis le 14/09/2026" in html
    assert "jusqu’au 21/09/2026" in html
