"""The pages of the administrator's role."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.landlords.models import AdministratorReplacement
from parvis.landlords.services.role import replacing
from tests.factories.identity import code_received
from tests.factories.landlords import Owner
from tests.factories.users import OFTEN, administrator, colleague, moment

pytestmark = pytest.mark.django_db


def does(who: Owner, name: str, **fields: str) -> str:
    """Post a form as somebody, and read the page it leads to."""
    answer: Any = who.browser().post(reverse(name, args=[who.account.reference]), fields, follow=True)
    return str(answer.content.decode())


def sees(who: Owner, name: str = "role") -> str:
    return str(who.browser().get(reverse(name, args=[who.account.reference]), follow=True).content.decode())


def test_everybody_sees_who_administers_and_only_administrators_may_act() -> None:
    me = administrator()
    paul = colleague(me)
    assert "Claire Martin" in sees(paul)
    assert "Demander son remplacement" in sees(paul)
    assert "Transmettre le rôle" not in sees(paul)
    assert "Transmettre le rôle" in sees(me)
    assert paul.browser().get(reverse("hand-over", args=[paul.account.reference])).status_code == 403


def test_the_role_is_handed_over_from_page_to_page() -> None:
    me = administrator()
    paul = colleague(me, rights=OFTEN)
    browser = me.browser()

    def posts(name: str, **fields: str) -> str:
        answer: Any = browser.post(reverse(name, args=[me.account.reference]), fields, follow=True)
        return str(answer.content.decode())

    assert "Choisissez la personne" in posts("hand-over")
    assert "Entrez le code reçu par mail" in posts("hand-over", taker=paul.account.reference, becomes="deputy")
    assert "Il vous reste 4" in posts("hand-over-code", code="000000")
    html = posts("hand-over-code", code=code_received(moment()))
    assert "Votre proposition attend une réponse" in html
    assert "Claire Martin vous transmet ce rôle" in sees(paul)
    assert "C’est fait." in does(paul, "hand-over-accept")
    assert "Transmettre le rôle" in sees(paul)
    assert "Transmettre le rôle" not in sees(me)


def test_a_deputy_is_chosen_from_the_colleagues_only() -> None:
    me, stranger = administrator(), administrator()
    paul = colleague(me)
    assert "Choisissez une des réponses" in does(me, "deputy", deputy=stranger.account.reference, named="on")
    assert "Paul Girard" in does(me, "deputy", deputy=paul.account.reference, named="on")
    assert "Changer de suppléant" in sees(me)
    does(me, "deputy", deputy=paul.account.reference)
    assert "Personne n’est suppléant" in sees(me)


def test_a_replacement_is_asked_seen_and_stopped_by_the_letter() -> None:
    me = administrator()
    paul = colleague(me)
    assert "Dites en quelques mots" in does(paul, "replacement", reason="  ")
    assert "sont prévenus" in does(paul, "replacement", reason="Parti sans prévenir")
    assert "Je suis toujours là" in sees(me)
    waiting = AdministratorReplacement.objects.get()
    code = replacing.draw_code(waiting.pk, at=moment())["stop_code"]
    wrong: Any = Client().post(reverse("stop-replacement"), {"code": "AAAAA-AAAAA"})
    assert "n’est pas reconnu" in wrong.content.decode()
    right: Any = Client().post(reverse("stop-replacement"), {"code": code.lower()}, follow=True)
    assert "La demande est arrêtée" in right.content.decode()
    assert "Je suis toujours là" not in sees(me)
