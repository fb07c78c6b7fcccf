"""A landlord writes to the office, an agent answers, the landlord reads it and says that it is settled."""

from __future__ import annotations

import re

import pytest
from pytest_django import Settings

from parvis.agents.posts import Role
from parvis.contact.models import Conversation
from tests.browser import office, post_office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.desk import Desk
from tests.browser.person import Person
from tests.factories.landlords import Owner
from tests.factories.papers import PAPER

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUESTION = "Bonjour, le loyer de mon locataire a changé en juin. Que dois-je faire ?"
ANSWER = "Bonjour, déclarez-le dans « Loyers de juillet »."


@pytest.fixture(params=steps.HABITS)
def person(request: pytest.FixtureRequest, someone: OpensABrowser, watch: Watch, folders: Settings) -> Person:
    watch.set_to(office.MORNING)
    width, theme, script = request.param
    opened = someone(width=width, theme=theme, script=script)
    opened.waits(60_000)
    return opened


def test_asked_answered_read_and_settled(person: Person, someone: OpensABrowser, watch: Watch) -> None:
    me = steps.regular()
    steps.signs_in(person, watch, me)
    made = _writes(person, me)
    watch.passes(minutes=10)
    at_work = someone(width=320 if person.theme == "dark" else 1280, theme=person.theme, script=person.script)
    at_work.waits(60_000)
    _answers(Desk(at_work, watch, Role.CASEWORKER).person, made)
    watch.passes(minutes=1)
    post_office.deliver(at=watch.now())
    told = post_office.email_to(steps.mailbox(me), "vous a répondu")
    assert "Loyers de juillet" not in told
    (way,) = re.findall(r"/connexion/\?suite=(\S+)", told)
    person.goes(way)
    person.looks("Un loyer de juillet")
    assert "déclarez-le dans" in person.words
    _settles(person, me)


def _writes(person: Person, me: Owner) -> Conversation:
    """From the empty list: nothing typed, then typed, read again with a file, corrected, sent."""
    person.goes(f"/c/{me.account.reference}/bailleur/messages/")
    person.looks("Mes messages")
    person.follows("Écrire à votre caisse")
    person.looks("Écrire à votre caisse")
    person.presses("Continuer")
    person.reads("Choisissez un objet dans la liste.")
    person.looks("Écrire à votre caisse")
    assert person.page.title().startswith("Erreur")
    person.page.get_by_label("Objet").select_option("july_rent")
    person.page.locator("#id_text").fill(QUESTION)
    person.page.locator("input[type=file]").set_input_files(
        {"name": "bail.pdf", "mimeType": "application/pdf", "buffer": PAPER}
    )
    person.presses("Continuer")
    person.looks("Relisez avant d’envoyer")
    assert "La réponse existe peut-être déjà" in person.words
    person.presses("Modifier")
    person.looks("Écrire à votre caisse")
    assert person.page.locator("#id_text").input_value() == QUESTION
    person.page.locator("#id_about").fill("Bail de la rue des Tilleuls")
    person.presses("Continuer")
    person.looks("Relisez avant d’envoyer")
    assert "bail.pdf" in person.words
    assert not Conversation.objects.exists()
    person.presses("Envoyer à la caisse")
    person.looks("Un loyer de juillet – Bail de la rue des Tilleuls")
    assert "Votre message est parti" in person.words
    person.follows("Tous mes messages")
    person.looks("Mes messages")
    assert "En attente de réponse" in person.words
    return Conversation.objects.get()


def _answers(agent: Person, made: Conversation) -> None:
    """From the queue of the desk, until it stands among those answered."""
    agent.goes("/agents/messages/")
    agent.looks("Messages des bailleurs")
    agent.follows("Un loyer de juillet")
    agent.looks("Un loyer de juillet")
    agent.presses("Prendre ce message")
    agent.looks("Un loyer de juillet")
    agent.page.locator("#id_text").fill(ANSWER)
    agent.presses("Envoyer la réponse")
    agent.looks("Messages des bailleurs")
    assert "Le bailleur est prévenu par mail" in agent.words
    agent.goes("/agents/messages/?voir=repondus")
    agent.looks("Messages des bailleurs")
    assert made.number in agent.words


def _settles(person: Person, me: Owner) -> None:
    """Adds a word, then needs nothing more."""
    person.page.locator("#id_text").fill("Merci, c’est déclaré.")
    person.presses("Envoyer à la caisse")
    person.looks("Un loyer de juillet")
    assert "Votre suite" in person.words
    person.presses("Ma question est réglée")
    person.looks("Un loyer de juillet")
    assert "Échange terminé" in person.words
    person.goes(f"/c/{me.account.reference}/bailleur/messages/")
    person.looks("Mes messages")
    assert "Terminé" in person.words
