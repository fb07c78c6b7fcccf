"""From the button of the invitation to the sign-in page, with the identifier filled in."""

from __future__ import annotations

import re

import pytest
from pytest_django import Settings

from parvis.kit import clock
from parvis.kit.actors import Right
from parvis.landlords.rules import Wish
from parvis.landlords.services.users.inviting import Guest, invite
from tests.browser import office, post_office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.factories.users import administrator

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LEA = Guest("Léa", "Bloch", "lea.bloch@agence.fr")


@pytest.mark.parametrize("habits", steps.HABITS)
def test_an_invited_person_knows_who_invites_and_signs_in(
    habits: tuple[int, str, bool], someone: OpensABrowser, watch: Watch, folders: Settings
) -> None:
    watch.set_to(office.MORNING)
    rights = Wish(frozenset({Right.CONSULT, Right.DECLARE}), frozenset({"441"}))
    account = invite(LEA, rights, by=administrator().actor, at=clock.now())
    post_office.deliver(at=watch.now())
    found = re.search(r"/invitation/[\w-]+/", post_office.email_to(LEA.email, "Invitation"))
    assert found is not None
    width, theme, script = habits
    person = someone(width=width, theme=theme, script=script)
    assert person.goes(found[0]) == 200
    person.looks("Claire M. vous attend")
    assert "Alliance Familiale" in person.words
    person.follows("Se connecter")
    person.looks("Bienvenue sur votre espace")
    assert person.page.get_by_label("Identifiant ou adresse mail").input_value() == account.login_id
    watch.passes(days=8)
    assert person.goes(found[0]) == 404
    person.looks("Cette invitation n’est plus valable")
