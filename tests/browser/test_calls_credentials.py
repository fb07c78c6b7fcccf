"""What landlords call about when they cannot come in: the agent answers in a few clicks, and the landlord does come in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from parvis.identity.models import Account
from tests.browser import desk, post_office, steps
from tests.browser.conftest import OpensABrowser, Watch
from tests.browser.desk import WEEK, Desk
from tests.browser.person import Person
from tests.browser.steps import Credentials
from tests.factories.landlords import Owner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME, MAILBOX = "Solange Kerbrat", "solange.kerbrat@bailleur.example"
ANSWER, ACT = 4, 7
"""Clicks from the search to the answer, and to the end of the act."""


@pytest.fixture
def agent(someone: OpensABrowser, watch: Watch, folders: Settings) -> Desk:
    """The one who answers the telephone."""
    return Desk(someone(), watch)


@pytest.fixture
def caller(someone: OpensABrowser) -> Person:
    """The one who calls: a telephone, no script. Their pages are looked at in other stories."""
    return someone(width=320, theme="dark", script=False, hurries=True)


def _individual() -> Owner:
    """Somebody who lets in their own name and signs in every year."""
    me = steps.regular()
    desk.alone(me.landlord, NAME)
    Account.objects.filter(pk=me.account.pk).update(first_name="Solange", last_name="Kerbrat")
    me.account.refresh_from_db()
    return me


def test_1_the_identifier_received_by_mail_is_lost(agent: Desk, caller: Person, watch: Watch) -> None:
    me = _individual()
    agent.finds("kerbrat")
    agent.reads(f"Identifiant {me.account.login_id}", clicks=ANSWER)
    agent.does("Renvoyer les identifiants", "Renvoyer")
    assert "Son identifiant part à sa messagerie" in agent.person.words
    assert agent.clicks <= ACT
    post_office.deliver(at=watch.now())
    mail = post_office.email_to(steps.mailbox(me), "identifiant")
    held = Credentials(post_office.value(mail, "Identifiant"), steps.OWN_PASSWORD)
    steps.types_credentials(caller, held)
    steps.types_code(caller, watch, steps.mailbox(me))
    caller.looks("Bienvenue")


def test_2_the_provisional_password_received_by_mail_is_lost(agent: Desk, caller: Person, watch: Watch) -> None:
    desk.born(at=watch.now() - timedelta(days=5), email=MAILBOX, name=NAME)
    lost = steps.credentials_by_email(MAILBOX)
    agent.finds(MAILBOX)
    agent.reads("Mail du mot de passe provisoire", "valable jusqu’au", clicks=ANSWER)
    agent.does("Mot de passe pour 24", "Envoyer le mot de passe")
    assert agent.clicks <= ACT
    assert lost.password not in agent.person.page.content()
    post_office.deliver(at=watch.now())
    given = post_office.value(post_office.email_to(MAILBOX, "provisoire"), "Mot de passe provisoire")
    assert given != lost.password
    assert given not in agent.person.page.content()
    steps.opens_the_account(
        caller, watch, Credentials(lost.identifier, given), MAILBOX, first_name="Solange", last_name="Kerbrat"
    )


def test_3_the_identifier_received_by_letter_is_lost(agent: Desk, caller: Person, watch: Watch) -> None:
    who = desk.born(at=watch.now() - 4 * WEEK)
    lost = steps.credentials_by_letter("Régie du Vieux Port")
    agent.finds(who.user_number)
    agent.reads("Lettre de l’identifiant : partie le", "devait arriver au plus tard le", clicks=ANSWER)
    agent.does("Renvoyer les identifiants", "Renvoyer")
    assert "Deux lettres partent" in agent.person.words
    assert agent.clicks <= ACT
    desk.arrives(watch.now())
    watch.passes(days=8)
    held = steps.credentials_by_letter("Régie du Vieux Port")
    assert (held.identifier, held.password != lost.password) == (lost.identifier, True)
    steps.types_credentials(caller, lost)
    caller.looks("Bienvenue sur votre espace")
    steps.opens_the_account(caller, watch, held, MAILBOX, first_name="Solange", last_name="Kerbrat")


def test_4_the_user_number_is_not_found(agent: Desk, caller: Person, watch: Watch) -> None:
    me = _individual()
    agent.finds(me.third_party_number.number)
    agent.reads(f"N° d’utilisateur {me.account.user_number}", clicks=ANSWER)
    caller.goes("/identifiant-perdu/")
    caller.types("Numéro d’utilisateur", me.account.user_number)
    caller.types("Code postal de votre adresse", "44220")
    steps.passes_the_captcha(caller)
    caller.presses("Valider")
    caller.looks("Si ce numéro et ce code postal vont ensemble")
    post_office.deliver(at=watch.now())
    assert me.account.login_id in post_office.email_to(steps.mailbox(me), "identifiant")


def test_5_the_identifier_is_typed_with_the_letter_o(agent: Desk, caller: Person, watch: Watch) -> None:
    me = _individual()
    Account.objects.filter(pk=me.account.pk).update(login_id="LOG012305A")
    agent.finds("logo123o5a")
    agent.reads("Identifiant LOG012305A", "Actif", clicks=ANSWER)
    steps.types_credentials(caller, Credentials("LOG O123O5 A", steps.OWN_PASSWORD))
    steps.types_code(caller, watch, steps.mailbox(me))
    caller.looks("Bienvenue")


def test_6_the_letters_have_not_come_yet(agent: Desk, caller: Person, watch: Watch) -> None:
    born = watch.now() - timedelta(days=4)
    desk.born(at=born, name=NAME)
    agent.finds("solange kerbrat")
    agent.reads("Lettre en route", "Lettre du mot de passe : partie le", "attendue au plus tard le", clicks=ANSWER)
    agent.does("Renvoyer les identifiants", "Renvoyer")
    assert "sinon le bailleur aura deux mots de passe" in agent.person.words
    agent.follows("Attendre")
    assert agent.clicks <= ACT + 1
    watch.passes(days=3)
    held = steps.credentials_by_letter(NAME)
    assert len(post_office.letters_to(NAME)) == 2
    steps.opens_the_account(caller, watch, held, MAILBOX, first_name="Solange", last_name="Kerbrat")


def test_7_the_password_is_refused(agent: Desk, caller: Person, watch: Watch) -> None:
    me = _individual()
    for typed in ("glycine-bleue-42!", "GLYCINE-BLEUE-42!", *["Glycine bleue 42"] * 4):
        steps.types_credentials(caller, Credentials(me.account.login_id, typed))
    agent.finds(me.account.login_id)
    agent.reads("En pause", "essais", clicks=ANSWER)
    agent.does("Débloquer", "Débloquer")
    assert "La personne peut se connecter tout de suite" in agent.person.words
    assert agent.clicks <= ACT
    steps.types_credentials(caller, Credentials(me.account.login_id, steps.OWN_PASSWORD))
    steps.types_code(caller, watch, steps.mailbox(me))
    caller.looks("Bienvenue")


def test_8_the_provisional_password_is_over(agent: Desk, caller: Person, watch: Watch) -> None:
    desk.born(at=watch.now() - 3 * WEEK, email=MAILBOX, name=NAME)
    late = steps.credentials_by_email(MAILBOX)
    steps.types_credentials(caller, late)
    caller.settles()
    assert "Bienvenue" not in caller.page.title()
    agent.finds("kerbrat solange")
    agent.reads("expiré : il faut en envoyer un autre", clicks=ANSWER)
    agent.does("Renvoyer les identifiants", "Renvoyer")
    assert "partent par mail" in agent.person.words
    assert agent.clicks <= ACT
    desk.arrives(watch.now())
    held = steps.credentials_by_email(MAILBOX)
    steps.opens_the_account(caller, watch, held, MAILBOX, first_name="Solange", last_name="Kerbrat")
