"""The pages of the administrator's role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.landlords.models import AdministratorReplacement, HandOver
from parvis.landlords.services.role import replacing
from tests.factories.identity import code_received, deliver
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


def test_an_administrator_who_opens_the_replacement_is_told_so_and_offered_nothing() -> None:
    me = administrator()
    assert "Vous êtes administrateur" in sees(me, "replacement")
    for html in (sees(me, "replacement"), does(me, "replacement", reason="Par erreur")):
        assert 'name="reason"' not in html
    assert not AdministratorReplacement.objects.exists()


def test_several_administrators_are_named_with_or_and_in_the_plural() -> None:
    me = administrator()
    administrator(me, first_name="Ève", last_name="Petit")
    paul = colleague(me)
    assert "Si Claire Martin ou Ève Petit ne répondent plus ou ont quitté l’organisme." in sees(paul, "replacement")
    assert "Demander leur remplacement" in sees(paul)
    assert "si les administrateurs ne répondent plus" in sees(me)
    assert "Si les administrateurs ne répondent plus" in sees(me, "deputy")
    assert reverse("replacement", args=[paul.account.reference]) in sees(paul)
    assert reverse("replacement", args=[me.account.reference]) not in sees(me)


def test_a_double_click_shows_the_code_page_and_sends_one_code() -> None:
    me = administrator()
    paul = colleague(me, rights=OFTEN)
    browser, typed = me.browser(), {"taker": paul.account.reference, "becomes": "deputy"}
    for _ in range(2):
        page: Any = browser.post(reverse("hand-over", args=[me.account.reference]), typed, follow=True)
        assert "Entrez le code reçu par mail" in page.content.decode()
    code = code_received(moment())
    for _ in range(2):
        page = browser.post(reverse("hand-over-code", args=[me.account.reference]), {"code": code}, follow=True)
        assert "Votre proposition attend une réponse" in page.content.decode()


def test_an_answer_that_comes_too_late_says_so_and_another_administrator_may_stop_an_offer() -> None:
    me = administrator()
    eve, paul = administrator(me, first_name="Ève", last_name="Petit"), colleague(me, rights=OFTEN)
    HandOver.objects.create(
        landlord=me.landlord,
        giver=me.account,
        taker=paul.account,
        giver_becomes="user",
        offered_at=moment(),
        expires_at=moment() + timedelta(days=7),
    )
    assert "Claire Martin transmet son rôle à Paul Girard" in sees(eve)
    assert "C’est fait." in does(eve, "hand-over-decline")
    assert "n’est plus valable" in does(paul, "hand-over-accept")
    assert "Aucun remplacement n’attend" in does(me, "still-here")


def test_the_mail_opens_the_page_where_one_answers() -> None:
    me = administrator()
    paul = colleague(me, rights=OFTEN)
    does(paul, "replacement", reason="Parti sans prévenir")
    (mail,) = deliver(moment())
    assert f"/connexion/?suite={reverse('role', args=[me.account.reference])}" in str(mail.body)


def test_who_does_not_administer_finds_the_page_in_the_menu() -> None:
    me = administrator()
    paul = colleague(me)
    for who, shown in ((me, False), (paul, True)):
        home = who.browser().get(reverse("welcome", args=[who.account.reference])).content.decode()
        assert ("Qui administre\u00a0?" in home) is shown
        assert ("Utilisateurs et droits" in home) is not shown
