"""Back in without one's old mailbox: a letter, another mailbox, and at every moment somebody who may say no."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from parvis.correspondence.models import Message, MessageState
from parvis.correspondence.secrets import SecretNoLongerNeeded
from parvis.identity.models import Account, Credential, MailboxLetter, Nature
from parvis.identity.services.access import freezing, mailbox_letters
from parvis.identity.services.sign_in import SignIn
from parvis.kit.actors import system
from parvis.landlords.services import lost_mailbox
from parvis.parameters.services import change
from tests.factories.captcha import answered
from tests.factories.identity import OWN_PASSWORD, attempt, code_received, deliver
from tests.factories.landlords import Owner
from tests.web.account.visits import ANYTHING, inside, now, regular, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("some_without_administrator")]
LETTER, NEW = "landlords/letters/mailbox_lost", "Lavoir-Cerise-Quai-88"


@pytest.fixture(autouse=True)
def letters_have_a_folder(settings: Settings, tmp_path: Any) -> None:
    settings.LETTERS = tmp_path


def individual() -> Owner:
    """Somebody who lets a flat and signs in every year."""
    me = regular()
    me.landlord.partner.nature = Nature.INDIVIDUAL
    me.landlord.partner.save()
    return me


def asks(me: Owner | None, **changes: str) -> Any:
    """Ask the letter, for somebody or for nobody; where that leads."""
    number = me.landlord.third_party_numbers.get().user_number if me else "44199999999999"
    fields = {"user_number": number, "postcode": "44220", **changes}
    return Client().post(reverse("mailbox-lost"), {**answered(now()), **fields}, follow=True)


def drawn() -> str:
    """The password of the letter, as if it had been printed."""
    letter = MailboxLetter.objects.latest("asked_at")
    return mailbox_letters.draw(letter.pk, at=now())["password"]


def types(typed: str, password: str, client: Client | None = None) -> Any:
    """Type the password of the letter."""
    fields = {"identifier": typed, "password": password}
    return (client or Client()).post(reverse("mailbox-letter"), {**answered(now()), **fields})


def letters() -> int:
    return Message.objects.filter(template=LETTER).count()


def mailbox_of(me: Owner) -> str:
    return str(Credential.objects.get(pk=me.account.credential_id).email)


def test_a_letter_leaves_for_who_knows_number_and_postcode_and_the_old_mailbox_is_told() -> None:
    me = individual()
    assert "Si un compte de particulier correspond, une lettre part" in said(asks(me))
    letter = Message.objects.get(template=LETTER)
    assert letter.to_address[-1] == "44220 COUERON"
    (told,) = deliver(now())
    assert told.to == [mailbox_of(me)]
    assert "Une lettre part à votre adresse postale" in told.subject
    assert "/ce-n-est-pas-moi/" in str(told.body)
    letter.refresh_from_db()
    assert letter.state == MessageState.SENT
    assert "••••" in letter.body
    assert attempt(me.account.login_id, at=now()).kind is SignIn.SIGNED_IN


def test_the_answer_is_the_same_whatever_was_typed() -> None:
    me, organisation = individual(), regular()
    pages = {
        said(answer).split("<main")[1]
        for answer in (asks(me), asks(None), asks(me, postcode="75001"), asks(organisation), asks(me))
    }
    assert len(pages) == 1
    assert letters() == 1
    assert not Message.objects.filter(account_id=organisation.account.pk).exists()


def test_without_the_captcha_nothing_is_looked_at() -> None:
    me = individual()
    number = me.landlord.third_party_numbers.get().user_number
    answer = Client().post(reverse("mailbox-lost"), {"user_number": number, "postcode": "44220"})
    assert answer.status_code == 200
    assert types(me.account.login_id, "x", Client()).status_code == 200
    assert letters() == 0


def test_one_letter_leaves_in_so_many_days() -> None:
    me, at = individual(), now()
    number = me.landlord.third_party_numbers.get().user_number
    for days, expected in ((0, 1), (3, 1), (9, 1), (11, 2)):
        lost_mailbox.ask_letter(number, "44220", address="203.0.113.9", at=at + timedelta(days=days))
        assert letters() == expected, days


def test_the_letters_of_the_day_are_counted() -> None:
    change("letters_a_day", 1, by=system("test"), at=now())
    asks(individual())
    asks(individual())
    assert letters() == 1


def test_the_password_of_the_letter_leads_to_another_mailbox_and_another_password() -> None:
    me = individual()
    old, elsewhere = mailbox_of(me), inside(me)
    asks(me)
    deliver(now())
    client = Client()
    answer = types(old.upper(), f" {drawn().upper()} ", client)
    assert answer["Location"] == reverse("welcome", args=[me.account.reference])
    assert elsewhere.get(answer["Location"]).status_code == 404
    credential = Credential.objects.get(pk=me.account.credential_id)
    assert (credential.email, credential.password_changed_at) == (None, None)
    told = deliver(now())
    assert [(mail.to, "n’ouvre plus votre compte" in mail.subject) for mail in told] == [([old], True)]
    assert Message.objects.filter(template="landlords/letters/came_back", state=MessageState.SENT).count() == 1
    gives_a_mailbox_and_a_password(client, me)
    assert attempt("nouvelle@parvis.example", NEW, at=now()).kind is SignIn.SIGNED_IN
    assert attempt(old, OWN_PASSWORD, at=now()).kind is SignIn.WRONG
    assert Account.objects.get(pk=me.account.pk).opened_by_post


def gives_a_mailbox_and_a_password(client: Client, me: Owner) -> None:
    """The steps that are owed, and no other: the mailbox, its code, the password."""
    here = reverse("welcome", args=[me.account.reference])
    assert client.get(here)["Location"] == reverse("first-email", args=[me.account.reference])
    typed = dict.fromkeys(("email", "email_again"), "nouvelle@parvis.example")
    client.post(reverse("first-email", args=[me.account.reference]), typed)
    client.post(reverse("first-email-code", args=[me.account.reference]), {"code": code_received(now())})
    address = reverse("first-password", args=[me.account.reference])
    assert client.get(here)["Location"] == address
    client.post(address, {"password": NEW, "password_again": NEW})
    assert client.get(here).status_code == 200


def test_who_stops_half_way_comes_back_with_the_password_of_the_letter() -> None:
    me = individual()
    asks(me)
    password = drawn()
    types(me.account.login_id, password)
    assert attempt(me.account.login_id, password, at=now()).kind is SignIn.SIGNED_IN
    assert "ne vont pas ensemble" in said(types(me.account.login_id, password))


def test_a_letter_alone_opens_nothing() -> None:
    me, other = individual(), individual()
    asks(me)
    password = drawn()
    for typed in (other.account.login_id, "LOG999999Z", me.account.user_number, "personne@parvis.example"):
        assert "ne vont pas ensemble" in said(types(typed, password))
    assert "ne vont pas ensemble" in said(types(me.account.login_id, "abcdefgh3467"))
    assert attempt(me.account.login_id, password, at=now()).kind is SignIn.WRONG
    assert mailbox_of(me)


def test_what_changes_meanwhile_makes_the_letter_void() -> None:
    me = individual()
    asks(me)
    password = drawn()
    Credential.objects.filter(pk=me.account.credential_id).update(version=9)
    assert "ne vont pas ensemble" in said(types(me.account.login_id, password))
    with pytest.raises(SecretNoLongerNeeded):
        drawn()


def test_it_was_not_me_makes_the_letter_void() -> None:
    me = individual()
    asks(me)
    password = drawn()
    freezing.freeze_own(me.account.credential_id, by=system("test"), at=now())
    assert "ne vont pas ensemble" in said(types(me.account.login_id, password))
    with pytest.raises(SecretNoLongerNeeded):
        drawn()


def test_a_letter_too_old_opens_nothing() -> None:
    me = individual()
    asks(me)
    password = drawn()
    MailboxLetter.objects.update(expires_at=now() - timedelta(seconds=1))
    assert "ne vont pas ensemble" in said(types(me.account.login_id, password))


def test_only_the_newest_letter_serves() -> None:
    me = individual()
    asks(me)
    first = drawn()
    MailboxLetter.objects.update(asked_at=now() - timedelta(days=20))
    asks(me)
    second = drawn()
    assert "ne vont pas ensemble" in said(types(me.account.login_id, first))
    assert types(me.account.login_id, second).status_code == 302


def test_the_pages_survive_anything() -> None:
    for sent in ANYTHING:
        for name in ("mailbox-lost", "mailbox-letter"):
            fields = dict.fromkeys(("user_number", "postcode", "identifier", "password"), sent)
            assert Client().post(reverse(name), {**answered(now()), **fields}).status_code in (200, 302)
    assert not MailboxLetter.objects.exists()


def test_the_assistant_leads_individuals_to_the_letter_and_organisations_to_their_administrator() -> None:
    question = said(Client().get(reverse("sign-in-trouble-step", args=["mail-perdu"])))
    assert "Question 3, 3 au plus" in question
    alone = said(Client().get(reverse("sign-in-trouble-step", args=["mail-perdu-particulier"])))
    assert f'href="{reverse("mailbox-lost")}"' in alone
    together = said(Client().get(reverse("sign-in-trouble-step", args=["mail-perdu-organisme"])))
    assert "Demandez à votre administrateur" in together
