"""Inviting, changing rights, closing and asking, page by page, as a browser without JavaScript does it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.identity.models import Account
from parvis.kit.actors import Right
from parvis.landlords.models import Invitation
from parvis.landlords.selectors.users import UserState
from tests.factories.identity import OWN_PASSWORD, code_received, deliver
from tests.factories.landlords import Owner
from tests.factories.users import OFTEN, READING, administrator, colleague, line, moment

pytestmark = pytest.mark.django_db
GUEST = {"first_name": "Léa", "last_name": "Bloch", "email": "Lea.Bloch@agence.fr ", "profile": "declaring"}
ODD = ["", "   ", "x" * 10_000, "\x00", "语言", "' OR 1=1 --", "<script>alert(1)</script>"]


def at(me: Owner, name: str, *args: Any) -> str:
    return reverse(name, args=[me.account.reference, *args])


def said(answer: Any) -> str:
    return str(answer.content.decode())


def hidden(html: str) -> dict[str, list[str]]:
    """The hidden fields of a check page, as the browser sends them again."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value)
    return found


def test_an_invitation_is_checked_then_sent_once() -> None:
    me = administrator()
    browser, page = me.browser(), at(me, "user-invite")
    check = said(browser.post(page, GUEST))
    assert "Rien n’est encore parti." in check
    assert "lea.bloch@agence.fr" in check
    assert not Invitation.objects.exists()
    again = {**hidden(check), "confirmer": "oui"}
    sheet = said(browser.post(page, again, follow=True))
    assert "Invitation envoyée à lea.bloch@agence.fr" in sheet
    assert "Elle est valable 7 jours." in sheet
    assert "Invité le" in sheet
    twice = said(browser.post(page, again))
    assert "Cette personne a déjà accès" in twice
    assert Invitation.objects.get().account.reference in twice
    assert set(Invitation.objects.get().rights) == {"consult", "declare"}


def test_what_was_typed_may_be_corrected_from_the_check_page() -> None:
    me = administrator()
    browser = me.browser()
    check = said(browser.post(at(me, "user-invite"), {**GUEST, "profile": "custom", "rights": ["declare"]}))
    back = said(browser.post(at(me, "user-invite"), {**hidden(check), "modifier": "oui"}))
    assert 'value="lea.bloch@agence.fr"' in back
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "accueil@agence.fr"}, "Cette adresse est générique."),
        ({"email": ""}, "Entrez son adresse mail."),
        ({"first_name": " "}, "Entrez son prénom."),
        ({"profile": "custom"}, "Choisissez au moins un droit."),
        ({"profile": "king"}, "Choisissez une des réponses proposées."),
        ({"offices": ["999"]}, "Choisissez une des réponses proposées."),
        ({"end_on": "32/13/2026"}, "Écrivez une date"),
        ({"end_on": "0001-01-01"}, "passée"),
        ({"end_on": "9999-12-31"}, "dans les cinq ans"),
        ({"last_name": "x" * 10_000}, "60 caractères au maximum."),
    ],
)
def test_a_fault_is_said_beside_its_field_and_nothing_is_written(changes: dict[str, Any], words: str) -> None:
    me = administrator()
    answer = me.browser().post(at(me, "user-invite"), {**GUEST, **changes, "confirmer": "oui"})
    assert answer.status_code == 200
    assert words in said(answer)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", ["user-invite", "user-rights", "user-close", "user-reopen", "user-invite-again"])
def test_odd_input_writes_nothing_but_what_was_confirmed(name: str, odd: str) -> None:
    me = administrator()
    paul = colleague(me)
    page = at(me, name) if name == "user-invite" else at(me, name, paul.account.reference)
    names = ("seen", "rights", "offices", "end_on", "email", "first_name", "profile", "reponse", "confirmer")
    assert me.browser().post(page, dict.fromkeys(names, odd)).status_code in (200, 302)
    shown = line(me, paul)
    assert (shown.state, shown.rights) == (UserState.ACTIVE, READING)
    assert not Invitation.objects.exists()


def test_an_invited_person_walks_in_and_finds_their_rights() -> None:
    me = administrator()
    me.browser().post(at(me, "user-invite"), {**GUEST, "confirmer": "oui"})
    guest = Account.objects.get(claimed_email="lea.bloch@agence.fr")
    deliver(moment())
    (mail,) = deliver(moment() + timedelta(minutes=6))
    password = re.search(r"\w{4}-\w{4}-\w{4}", str(mail.body))
    assert password
    browser = Client()
    browser.post(reverse("sign-in"), {"identifier": guest.login_id, "password": password[0]})
    lea = Owner(me.landlord, guest, READING)
    page = at(lea, "first-email")
    other = {"email": "autre@agence.fr", "email_again": "autre@agence.fr"}
    assert "Votre invitation est pour l’adresse" in said(browser.post(page, other, follow=True))
    assert "code" in said(browser.post(page, {"email": "", "email_again": ""}, follow=True))
    browser.post(at(lea, "first-email-code"), {"code": code_received(moment())})
    browser.post(at(lea, "first-password"), {"password": OWN_PASSWORD, "password_again": OWN_PASSWORD})
    for name in ("first-rules", "first-terms"):
        version = re.search(r'name="version" value="(\d+)"', said(browser.get(at(lea, name))))
        assert version
        browser.post(at(lea, name), {"version": version[1], "accepted": "on"})
    browser.post(at(lea, "first-done"), follow=True)
    assert browser.get(at(lea, "tenants")).status_code == 200
    assert browser.get(at(lea, "july-rents")).status_code == 200
    assert browser.get(at(lea, "users")).status_code == 403
    assert line(me, lea).rights == OFTEN


def test_rights_are_checked_then_changed_and_a_stale_page_changes_nothing() -> None:
    me = administrator()
    paul = colleague(me)
    browser, page = me.browser(), at(me, "user-rights", paul.account.reference)
    shown = hidden(said(browser.get(page)))
    check = said(browser.post(page, {**shown, "rights": ["consult", "declare"]}))
    assert "Rien n’est encore changé." in check
    assert line(me, paul).rights == READING
    done = said(browser.post(page, {**hidden(check), "confirmer": "oui"}, follow=True))
    assert "Les droits de Paul Girard sont changés." in done
    assert line(me, paul).rights == OFTEN
    stale = said(browser.post(page, {**shown, "rights": ["payments"], "confirmer": "oui"}))
    assert "a changé entre-temps" in stale
    assert line(me, paul).rights == OFTEN


def test_one_s_own_rights_are_not_changed() -> None:
    me = administrator()
    browser, page = me.browser(), at(me, "user-rights", me.account.reference)
    answer = said(browser.post(page, {**hidden(said(browser.get(page))), "rights": ["consult"], "confirmer": "oui"}))
    assert "Vous ne pouvez pas changer vos propres droits." in answer
    assert Right.ADMINISTER in line(me, me).rights


def test_an_access_is_closed_after_a_question_and_reopened_after_another() -> None:
    me = administrator()
    paul = colleague(me)
    browser, close, reopen = (
        me.browser(),
        *(at(me, f"user-{act}", paul.account.reference) for act in ("close", "reopen")),
    )
    question = said(browser.get(close))
    assert "Fermer l’accès de Paul Girard" in question
    assert "Paul Girard n’a plus accès." in said(browser.post(close, hidden(question), follow=True))
    assert "déjà fait" in said(browser.post(close, hidden(question), follow=True))
    question = said(browser.get(reopen))
    assert "Consulter" in question
    assert "Paul Girard a de nouveau accès." in said(browser.post(reopen, hidden(question), follow=True))
    assert line(me, paul).state is UserState.ACTIVE


def test_a_missing_right_is_asked_for_and_granted() -> None:
    me = administrator()
    paul = colleague(me)
    browser = paul.browser()
    refused = browser.get(at(paul, "july-rents"))
    assert refused.status_code == 403
    assert "Claire Martin" in said(refused)
    ask = f"{at(paul, 'right-ask')}?droit=declare"
    assert ask in said(refused)
    assert "Claire Martin" in said(browser.get(ask))
    for words in ("Votre demande est partie.", "Votre demande est déjà partie."):
        assert words in said(browser.post(ask, {"right": "declare"}, follow=True))
    (asked,) = paul.account.right_requests.all()
    page = at(me, "right-answer", asked.pk)
    assert page in said(me.browser().get(at(me, "users")))
    assert "Le droit est accordé." in said(me.browser().post(page, {"reponse": "accorder"}, follow=True))
    assert browser.get(at(paul, "july-rents")).status_code == 200


@pytest.mark.parametrize("odd", [*ODD, "consult", "administer' --"])
def test_a_right_that_is_not_lacking_cannot_be_asked_for(odd: str) -> None:
    paul = colleague(administrator())
    assert paul.browser().post(at(paul, "right-ask"), {"right": odd}).status_code == 200
    assert not paul.account.right_requests.exists()


def test_nothing_of_another_organisation_is_reached() -> None:
    me, stranger = administrator(), administrator()
    paul = colleague(stranger)
    asked = paul.account.right_requests.create(right=Right.DECLARE, asked_at=moment())
    browser = me.browser()
    for name in ("user-rights", "user-close", "user-reopen", "user-invite-again"):
        assert browser.post(at(me, name, paul.account.reference), {"seen": ""}).status_code == 404
    assert browser.post(at(me, "right-answer", asked.pk), {"reponse": "accorder"}).status_code == 404
    assert browser.get(at(me, "right-answer", 10**30)).status_code == 404
    assert line(stranger, paul).rights == READING
