"""« Messages des bailleurs »: the queue and one message, in the browser of an agent."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from parvis.agents.posts import DUTIES, Role
from parvis.audit.models import Entry
from parvis.contact.models import Conversation, ConversationMessage
from parvis.contact.services import answering
from parvis.identity.models import Credential
from parvis.kit.actors import Duty
from parvis.parameters import texts
from tests.factories.agents import SQUARE, colleague
from tests.factories.contact import WORDS, conversation
from tests.factories.landlords import landlord, office, owner

pytestmark = pytest.mark.django_db
LIST = "/agents/messages/"
NOW = datetime.now(UTC)


def _text(browser: Client, address: str) -> str:
    return browser.get(address).content.decode().replace("\u00a0", " ")


def _answer(page: str, **more: str) -> dict[str, str]:
    hidden = dict(re.findall(r'name="(key|seen)" value="([^"]*)"', page))
    return {"faire": "repondre", "text": "Bonjour, c’est fait.", **hidden, **more}


@pytest.mark.parametrize(("role", "place"), SQUARE)
def test_the_queue_and_a_message_open_to_those_who_answer_there(role: Role, place: str) -> None:
    made, file = conversation(owner(), files=1)
    browser, holds = colleague((role, place)).browser(), Duty.ANSWER_MESSAGES in DUTIES[role]
    listed = browser.get(f"{LIST}?voir=tous")
    assert listed.status_code == (200 if holds else 403)
    here = holds and place in ("", "441")
    assert (made.number in listed.content.decode()) == here
    status = 200 if here else 404 if holds else 403
    assert browser.get(f"{LIST}{made.opaque}/").status_code == status
    assert browser.get(f"{LIST}{made.opaque}/pieces/{file}/").status_code == status
    if not here:
        assert browser.post(f"{LIST}{made.opaque}/", {"faire": "prendre"}).status_code == status
        assert Conversation.objects.get().taken_by == ""


def test_empty_lists_say_so() -> None:
    browser = colleague((Role.RECEPTION, "441")).browser()
    for one in ("service", "miens", "tous", "repondus", "rien"):
        assert "Rien ici" in _text(browser, f"{LIST}?voir={one}&apres=x")


def test_a_template_begins_the_answer_that_leaves_once() -> None:
    made, _ = conversation(owner())
    browser, here = colleague((Role.RECEPTION, "441")).browser(), f"{LIST}{made.opaque}/"
    page = _text(browser, f"{here}?modele=paper_needed")
    assert "Il nous manque un document" in page
    assert WORDS in page
    typed = _answer(page)
    assert browser.post(here, typed)["Location"] == LIST
    assert browser.post(here, typed)["Location"] == LIST
    assert ConversationMessage.objects.filter(side="office").count() == 1
    assert made.number in _text(browser, f"{LIST}?voir=repondus")
    assert Entry.objects.filter(event="agents.looked", subject=made.number).exists()


def test_a_template_edited_under_texts_is_the_one_offered() -> None:
    made, _ = conversation(owner())
    chief = colleague()
    typed = {"title": "Merci", "body": "Bonjour,\nMerci de votre patience."}
    texts.edit(texts.family_of("answers"), "merci", typed, reason="Nouveau", by=chief.actor, at=NOW)
    page = _text(colleague((Role.RECEPTION, "441")).browser(), f"{LIST}{made.opaque}/?modele=merci")
    assert "Merci de votre patience." in page
    assert '<option value="merci"' in page


def test_what_was_typed_stays_when_it_cannot_leave() -> None:
    made, _ = conversation(owner())
    me, other = colleague((Role.RECEPTION, "441")), colleague((Role.RECEPTION, "441"))
    browser, here = me.browser(), f"{LIST}{made.opaque}/"
    page = _text(browser, here)
    answering.take(made.opaque, by=other.actor, at=NOW)
    refused = browser.post(here, _answer(page, text="Bonjour, ma longue réponse.")).content.decode()
    assert f"{other.agent.login} a pris ce message" in refused
    answering.leave(made.opaque, by=other.actor, at=NOW)
    old = browser.post(here, _answer(page, seen="7", text="Bonjour, ma longue réponse.")).content.decode()
    assert "Un autre message est arrivé" in old
    assert "ma longue réponse" in old
    for bad in ({"text": ""}, {"key": "x"}, {"seen": "-1"}, {"text": "FR76 3000 6000 0112 3456 7890 189"}):
        assert "Erreur" in browser.post(here, _answer(page, **bad)).content.decode()
    assert browser.post(here, {"faire": "autre"}).status_code == 404
    assert not ConversationMessage.objects.filter(side="office").exists()


def test_taken_left_and_handed_over_by_its_buttons() -> None:
    made, _ = conversation(owner())
    me = colleague((Role.RECEPTION, "441"))
    browser, here = me.browser(), f"{LIST}{made.opaque}/"
    browser.post(here, {"faire": "prendre"})
    assert made.number in _text(browser, f"{LIST}?voir=miens")
    assert me.agent.login in _text(browser, LIST)
    browser.post(here, {"faire": "laisser"})
    assert made.number not in _text(browser, f"{LIST}?voir=miens")
    assert "Dites pourquoi" in browser.post(here, {"faire": "passer", "place": "441:casework"}).content.decode()
    assert browser.post(here, {"faire": "passer", "place": "441:casework", "note": "Un versement"}).status_code == 302
    page = _text(browser, here)
    assert "Un versement" in page
    assert "Le bailleur ne le lit pas" in page
    assert "Pour un autre service" in page


def test_it_is_said_that_nobody_is_told_where_nobody_is() -> None:
    me = owner()
    made, _ = conversation(me)
    browser, here = colleague((Role.RECEPTION, "441")).browser(), f"{LIST}{made.opaque}/"
    browser.post(here, _answer(_text(browser, here)))
    assert "prévenu par mail" in _text(browser, LIST)
    other, _ = conversation(me)
    Credential.objects.filter(pk=me.account.credential_id).update(frozen_at=NOW)
    here = f"{LIST}{other.opaque}/"
    browser.post(here, _answer(_text(browser, here)))
    said = _text(browser, LIST)
    assert "personne n’est prévenu" in said
    assert "prévenu par mail" not in said


def test_answers_stand_the_latest_first_page_after_page() -> None:
    by, made = colleague((Role.RECEPTION, "441")), []
    for days in range(27):
        asked, _ = conversation(owner(), at=NOW - timedelta(days=60 - days))
        if days != 5:
            moment = NOW - timedelta(minutes=27 - days if days else 0)
            answering.answer(asked.opaque, "C’est fait.", seen=1, key=uuid4(), by=by.actor, at=moment)
        made.append(asked)
    settled = made[5]
    Conversation.objects.filter(pk=settled.pk).update(
        state="closed", waiting_since=None, closed_at=NOW - timedelta(days=3)
    )
    page = _text(by.browser(), f"{LIST}?voir=repondus")
    shown = re.findall(r"E-20\d\d-\d{9}-[A-Z]", page)
    expected = [made[0], *reversed([one for one in made[1:] if one is not settled]), settled]
    assert shown == [one.number for one in expected[:25]]
    (following,) = re.findall(r'href="(\?voir=repondus&amp;apres=[^"]+)"', page)
    last = _text(by.browser(), LIST + following.replace("&amp;", "&"))
    assert re.findall(r"E-20\d\d-\d{9}-[A-Z]", last) == [one.number for one in expected[25:]]


def test_a_long_queue_has_pages_and_the_late_ones_are_marked() -> None:
    long_ago = NOW - timedelta(days=60)
    for _ in range(26):
        conversation(owner(), at=long_ago)
    browser = colleague((Role.RECEPTION, "441")).browser()
    page = _text(browser, LIST)
    assert page.count("En retard") == 25
    (following,) = re.findall(r'href="(\?voir=service&amp;apres=[^"]+)"', page)
    last = _text(browser, LIST + following.replace("&amp;", "&"))
    assert last.count("En retard") == 1
    assert "message" in _text(browser, "/agents/alarmes/")
    assert "au-delà du délai annoncé" in _text(browser, "/agents/alarmes/")


def test_another_offices_landlord_is_nobody() -> None:
    office("261", "Caf de la Drôme")
    there, _ = conversation(owner(landlord(office_code="261")))
    browser = colleague((Role.RECEPTION, "441")).browser()
    assert there.number not in _text(browser, f"{LIST}?voir=tous")
    assert browser.get(f"{LIST}{there.opaque}/").status_code == 404
    assert browser.get(f"{LIST}{uuid4()}/").status_code == 404
