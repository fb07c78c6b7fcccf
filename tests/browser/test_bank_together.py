"""One IBAN for three offices, at a telephone in the dark and without scripts too; then an agent stops the change of one office."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pytest_django import Settings

from parvis.agents.posts import Role
from parvis.changes.models import ChangeRequest
from parvis.correspondence.models import Message
from tests.browser import office, post_office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.desk import Desk
from tests.changes.bank.test_together import agency, states
from tests.factories.changes import IBAN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW_AND_DARK: dict[str, Any] = {"width": 320, "theme": "dark", "script": False}


def test_ticked_proved_and_stopped_office_by_office(someone: OpensABrowser, watch: Watch, folders: Settings) -> None:
    watch.set_to(office.MORNING)
    me, numbers = agency()
    person = someone(**NARROW_AND_DARK)
    person.waits(60_000)
    steps.signs_in(person, watch, steps.regular(me))
    own = f"/c/{me.account.reference}/bailleur/"
    person.goes(f"{own}informations/contacts/")
    person.looks("Téléphones et adresse mail")
    person.goes(f"{own}coordonnees-bancaires/changer/")
    for number in numbers:
        person.page.locator(f"input[value='{number.user_number}']").check(force=True)
    person.types("IBAN", IBAN)
    person.presses("Continuer")
    person.looks("Confirmez que c’est vous")
    assert "Pour 3 caisses" in person.words
    watch.passes(minutes=1)
    steps.types_code(person, watch, steps.mailbox(me), "coordonnées bancaires")
    person.looks()
    assert "Demandé en même temps" in person.words
    post_office.deliver(at=watch.now())
    told = post_office.email_to(steps.mailbox(me), "IBAN modifié")
    found = re.search(r"/arreter-un-changement/[\w-]{30,}/", told)
    assert found is not None, told
    stranger = someone(**NARROW_AND_DARK)
    stranger.waits(60_000)
    stranger.goes(found[0])
    stranger.looks("Arrêter ce changement d’IBAN")
    stranger.presses("Arrêter pour Caf 751")
    stranger.looks("Arrêter ce changement d’IBAN")
    assert sorted(states()) == ["held", "held", "stopped"]
    stopped = ChangeRequest.objects.get(state="stopped")
    assert stopped.office_id == "751"


def test_an_agent_stops_one_that_is_not_flagged(someone: OpensABrowser, watch: Watch, folders: Settings) -> None:
    watch.set_to(office.MORNING)
    me, numbers = agency()
    person = someone(**NARROW_AND_DARK)
    person.waits(60_000)
    steps.signs_in(person, watch, steps.regular(me))
    person.goes(f"/c/{me.account.reference}/bailleur/coordonnees-bancaires/changer/?numero={numbers[0].user_number}")
    person.types("IBAN", IBAN)
    person.presses("Continuer")
    watch.passes(minutes=1)
    steps.types_code(person, watch, steps.mailbox(me), "coordonnées bancaires")
    change = ChangeRequest.objects.get(state="held")
    at_work = someone(**NARROW_AND_DARK)
    at_work.waits(60_000)
    desk = Desk(at_work, watch, Role.CASEWORKER)
    desk.finds(me.account.user_number)
    agent = desk.person
    agent.goes(f"/agents/dossiers/{me.landlord.pk}/demandes/{change.number}/")
    desk.follows("Arrêter ce changement")
    agent.looks("Arrêter ce changement de compte")
    agent.page.get_by_label("Raison").select_option("origin_doubted")
    agent.types("Note pour le journal", "Le siège n’a rien demandé")
    agent.presses("Arrêter ce changement")
    agent.looks("Changement de coordonnées bancaires")
    assert "Pourquoi elle est arrêtée" in agent.words
    assert Message.objects.filter(template="changes/letters/bank_stopped").count() == 1
    agent.goes("/agents/coordonnees-bancaires/?pays=FR")
    agent.looks("Coordonnées bancaires à vérifier")
