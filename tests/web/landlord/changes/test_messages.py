"""« Écrire à votre caisse » and « Mes messages » in the browser of a landlord."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.agents.posts import Role
from parvis.changes.models import Attachment
from parvis.contact.models import Conversation, ConversationMessage
from parvis.contact.services import answering
from tests.factories.agents import colleague
from tests.factories.changes import IBAN
from tests.factories.contact import WORDS, conversation
from tests.factories.landlords import Owner, owner
from tests.factories.papers import PAPER
from tests.factories.tenancies import tenancy

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


def _base(who: Owner) -> str:
    return f"/c/{who.account.reference}/bailleur/messages/"


def _page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def _form(**more: str) -> dict[str, str]:
    return {"key": str(uuid4()), "office": "441", "topic": "july_rent", "about": "", "text": WORDS, **more}


def test_an_empty_list_says_so_and_leads_on() -> None:
    me = owner()
    page = _page(me.browser(), _base(me))
    assert "Vous n’avez encore rien écrit" in page
    assert f"{_base(me)}ecrire/" in page


def test_the_tenant_one_comes_from_stands_in_the_form() -> None:
    me = owner()
    rented = tenancy(me.landlord)
    page = _page(me.browser(), f"{_base(me)}ecrire/?locataire={rented.reference}")
    assert f"Locataire n° {rented.claimant_number}" in page
    assert '<option value="tenant" selected>' in page
    assert "données de santé" in page


def test_somebody_elses_tenant_begins_nothing() -> None:
    me, other = owner(), owner()
    rented = tenancy(other.landlord)
    assert rented.claimant_number not in _page(me.browser(), f"{_base(me)}ecrire/?locataire={rented.reference}")


def test_it_is_read_again_with_what_may_answer_then_sent() -> None:
    me = owner()
    browser, typed = me.browser(), _form()
    check = browser.post(f"{_base(me)}ecrire/", typed).content.decode().replace("\u00a0", " ")
    assert "La réponse existe peut-être déjà" in check
    assert check.count('href="/aide/') >= 3
    assert "Réponse vers le" in check
    assert not Conversation.objects.exists()
    sent = browser.post(f"{_base(me)}ecrire/", {**typed, "envoyer": "1"})
    again = browser.post(f"{_base(me)}ecrire/", {**typed, "envoyer": "1"})
    made = Conversation.objects.get()
    assert sent["Location"] == again["Location"] == f"{_base(me)}{made.opaque}/"
    page = _page(browser, sent["Location"])
    assert WORDS in page
    assert "En attente de réponse" in page
    assert made.number in _page(browser, _base(me))


def test_files_are_looked_into_kept_taken_off_and_sent() -> None:
    me = owner()
    browser, typed = me.browser(), _form()
    bad = browser.post(f"{_base(me)}ecrire/", {**typed, "papers": SimpleUploadedFile("bail.pdf", b"<html>")})
    assert "Erreur" in bad.content.decode()
    good = browser.post(f"{_base(me)}ecrire/", {**typed, "papers": SimpleUploadedFile("bail.pdf", PAPER)})
    (kept,) = re.findall(r'name="kept" value="([^"]+)"', good.content.decode())
    assert "bail.pdf" in good.content.decode()
    back = browser.post(f"{_base(me)}ecrire/", {**typed, "kept": kept, "modifier": "1"})
    assert "Retirer bail.pdf" in back.content.decode()
    off = browser.post(f"{_base(me)}ecrire/", {**typed, "kept": kept, "retirer": kept})
    assert "bail.pdf" not in off.content.decode()
    browser.post(f"{_base(me)}ecrire/", {**typed, "kept": kept, "envoyer": "1"})
    made = Conversation.objects.get()
    file = Attachment.objects.get(subject=ConversationMessage.objects.get(conversation=made).files)
    answer = browser.get(f"{_base(me)}{made.opaque}/pieces/{file.opaque}/")
    assert (answer.content, answer["Content-Disposition"][:10]) == (PAPER, "attachment")
    assert owner().browser().get(f"{_base(me)}{made.opaque}/pieces/{file.opaque}/").status_code == 404


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"topic": ""}, "Choisissez un objet dans la liste."),
        ({"office": "751"}, "Choisissez une des réponses proposées."),
        ({"text": "  "}, "Écrivez votre message."),
        ({"text": "a" * 4001}, "4000 caractères au maximum."),
        ({"text": "Mon IBAN FR76 3000 6000 0112 3456 7890 189"}, "Ce texte contient un IBAN."),
        ({"text": "Bonjour \u202etxt"}, "caractères invisibles"),
        ({"key": "x"}, "Rouvrez cette page"),
        ({"kept": "x"}, "Relisez avant d’envoyer"),
    ],
)
def test_what_cannot_be_sent_says_why(more: dict[str, str], sentence: str) -> None:
    me = owner()
    page = me.browser().post(f"{_base(me)}ecrire/", _form(**more)).content.decode().replace("\u00a0", " ")
    assert sentence in page
    assert not Conversation.objects.exists()


def test_the_answer_is_read_replied_to_and_settled() -> None:
    me = owner()
    made, _ = conversation(me)
    answering.answer(
        made.opaque, "C’est réparé.", seen=1, key=uuid4(), by=colleague((Role.RECEPTION, "441")).actor, at=NOW
    )
    browser, here = me.browser(), f"{_base(me)}{made.opaque}/"
    assert "Lire la réponse : Autre chose" in _page(browser, f"/c/{me.account.reference}/bailleur/")
    page = _page(browser, here)
    assert "C’est réparé." in page
    assert "Réponse de votre caisse" in page
    assert "Camille Agent" not in page
    assert browser.post(here, {"key": str(uuid4()), "text": ""}).status_code == 200
    assert browser.post(here, {"key": str(uuid4()), "text": "Merci, et pour août ?"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "waiting"
    assert browser.post(f"{here}regle/").status_code == 302
    made.refresh_from_db()
    assert made.state == "closed"
    page = _page(browser, here)
    assert "Échange terminé" in page
    assert "n’est pas parti" not in page


def test_what_is_typed_in_a_thread_closed_meanwhile_goes_on_in_another() -> None:
    me = owner()
    made, _ = conversation(me)
    Conversation.objects.filter(pk=made.pk).update(state="closed", closed_at=NOW, waiting_since=None)
    browser, text = me.browser(), "Et pour le loyer d’août ?\nMerci"
    answer = browser.post(f"{_base(me)}{made.opaque}/", {"key": str(uuid4()), "text": text})
    page = answer.content.decode().replace("\u00a0", " ")
    form = page[page.index("Votre texte n’est pas parti") :]
    form = form[: form.index("</form>")]
    assert text in form
    assert "readonly" in form
    hidden = dict(re.findall(r'name="(key|office|topic|about)" value="([^"]*)"', form))
    assert hidden["about"] == f"Suite du message {made.number}"
    begun = browser.post(f"{_base(me)}ecrire/", {**hidden, "text": text, "modifier": "1"}).content.decode()
    assert text in begun
    assert "Écrire à votre caisse" in begun
    assert "Erreur" not in begun
    browser.post(f"{_base(me)}ecrire/", {**hidden, "text": text, "envoyer": "1"})
    assert Conversation.objects.exclude(pk=made.pk).get().topic == made.topic


def test_a_message_half_written_is_there_again_until_it_is_sent_or_wiped() -> None:
    me = owner()
    colleague = owner(me.landlord)
    browser, here = me.browser(), f"{_base(me)}ecrire/"
    kept = browser.post(here, {"garder": "1", "topic": "july_rent", "text": "Bonjour <b>", "about": ""}).json()
    page = _page(browser, here)
    assert f'data-keep="{kept["version"]}"' in page
    assert "Bonjour &lt;b&gt;</textarea>" in page
    assert "Nous avons gardé ce que vous aviez écrit" in page
    assert "Rien n’est encore envoyé." in page
    assert "Bonjour" not in _page(colleague.browser(), f"{_base(colleague)}ecrire/")
    browser.post(here, {"effacer": "1"})
    assert "Bonjour" not in _page(browser, here)
    assert not Conversation.objects.exists()


def test_without_script_what_went_to_be_looked_at_is_kept_and_back_after_sending_it_stays_gone() -> None:
    me = owner()
    browser, here, typed = me.browser(), f"{_base(me)}ecrire/", _form()
    browser.post(here, typed)
    page = _page(browser, here)
    assert WORDS[:30] in page
    found = re.search(r'name="version" value="([^"]+)"', page)
    assert found is not None
    typed = _form(version=found[1])
    browser.post(here, {**typed, "envoyer": "1"})
    assert Conversation.objects.count() == 1
    assert WORDS[:30] not in _page(browser, here)
    assert WORDS[:30] in browser.post(here, {**typed, "modifier": "1"}).content.decode().replace("\u00a0", " ")
    assert WORDS[:30] not in _page(browser, here)


def test_another_text_sent_from_a_page_brought_back_is_a_message_of_its_own() -> None:
    me = owner()
    browser, here, typed = me.browser(), f"{_base(me)}ecrire/", _form()
    browser.post(here, {**typed, "envoyer": "1"})
    other = {**typed, "text": "Autre question."}
    answer = browser.post(here, {**other, "envoyer": "1"}).content.decode().replace("\u00a0", " ")
    assert "Votre premier message est déjà parti. Celui-ci dit autre chose" in answer
    assert "Autre question.</textarea>" in answer
    found = re.search(r'name="key" value="([^"]+)"', answer)
    assert found is not None
    assert found[1] != typed["key"]
    browser.post(here, {**other, "key": found[1], "envoyer": "1"})
    browser.post(here, {**typed, "envoyer": "1"})
    assert Conversation.objects.count() == 2
    thread = f"{_base(me)}{Conversation.objects.latest('pk').opaque}/"
    reply = {"key": str(uuid4()), "text": "Une suite."}
    browser.post(thread, reply)
    again = browser.post(thread, {**reply, "text": "Une autre suite."}).content.decode()
    assert "Une autre suite.</textarea>" in again
    assert "dit autre chose" in again
    assert ConversationMessage.objects.count() == 3


def test_a_second_message_begun_in_another_tab_is_kept_and_the_first_comes_not_back() -> None:
    me = owner()
    browser, here, typed = me.browser(), f"{_base(me)}ecrire/", _form()
    known = browser.post(here, {"garder": "1", **typed}).json()["version"]
    browser.post(here, {**typed, "envoyer": "1"})
    late = browser.post(here, {"garder": "1", "version": known, **typed})
    assert late.status_code == 409
    other = browser.post(here, {"garder": "1", "version": known, **typed, "text": "Autre question."})
    assert other.status_code == 200
    assert "Autre question.</textarea>" in _page(browser, here)


def test_an_agent_who_reads_as_the_landlord_sees_no_draft() -> None:
    me = owner()
    me.browser().post(f"{_base(me)}ecrire/", {"garder": "1", "text": f"Mon compte {IBAN}."})
    me.browser().post(f"/c/{me.account.reference}/bailleur/informations/adresse/", {"garder": "1", "city": "Quimperlé"})
    agent = colleague((Role.RECEPTION, "441")).browser()
    agent.post(f"/agents/dossiers/{me.landlord.pk}/motif/", {"reason": "call", "key": str(uuid4())})
    agent.post(f"/agents/dossiers/{me.landlord.pk}/comptes/{me.account.reference}/voir/", {"key": str(uuid4())})
    for page in ("messages/ecrire/", "informations/adresse/"):
        answer = agent.get(f"/c/{me.account.reference}/bailleur/{page}")
        assert answer.status_code == 200
        assert IBAN not in answer.content.decode()
        assert "Quimperlé" not in answer.content.decode()


def test_a_reply_half_typed_in_a_thread_that_ends_is_taken_over_or_wiped() -> None:
    me = owner()
    thread = conversation(me)[0]
    browser, here, writing = me.browser(), f"{_base(me)}{thread.opaque}/", f"{_base(me)}ecrire/"
    browser.post(here, {"garder": "1", "text": "Une suite."})
    Conversation.objects.filter(pk=thread.pk).update(state="closed", closed_at=NOW, waiting_since=None)
    assert "Votre texte n’est pas parti" in _page(browser, here)
    browser.post(writing, {"garder": "1", "text": "Un autre message."})
    taken = _form(text="Une suite.", suite=str(thread.opaque))
    page = browser.post(writing, {**taken, "modifier": "1"}).content.decode()
    assert "Un autre message est commencé" in page
    assert "Un autre message.</textarea>" in _page(browser, writing)
    browser.post(writing, {**taken, "envoyer": "1"})
    assert "Votre texte n’est pas parti" not in _page(browser, here)
    browser.post(here, {"garder": "1", "text": "Encore."})
    browser.post(writing, {"suite": str(thread.opaque), "effacer": "1"})
    assert "Votre texte n’est pas parti" not in _page(browser, here)


def test_an_empty_message_leaves_no_draft() -> None:
    me = owner()
    me.browser().post(f"{_base(me)}ecrire/", _form(text=" "))
    assert "Nous avons gardé" not in _page(me.browser(), f"{_base(me)}ecrire/")


def test_what_is_added_to_a_thread_is_kept_thread_by_thread() -> None:
    me = owner()
    first, second = conversation(me)[0], conversation(me)[0]
    browser, here = me.browser(), f"{_base(me)}{first.opaque}/"
    assert browser.post(here, {"garder": "1", "text": "Encore ceci"}).status_code == 200
    assert "Encore ceci</textarea>" in _page(browser, here)
    assert "Encore ceci" not in _page(browser, f"{_base(me)}{second.opaque}/")
    browser.post(here, {"key": str(uuid4()), "text": "Encore ceci"})
    assert "Encore ceci</textarea>" not in _page(browser, here)
