"""Getting back in: the same page for all, the mailbox alone is told, the owner always finds a way."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from parvis.correspondence.models import Message
from parvis.identity.models import Account, AccountState, Credential, OneTimeCode
from parvis.identity.services.access import meant
from parvis.identity.services.sign_in import SignIn
from parvis.landlords.models import Landlord
from parvis.landlords.services import credentials
from parvis.web.account import steady
from parvis.web.frame import cookies
from tests.factories.captcha import answered, read_from
from tests.factories.identity import OWN_PASSWORD, attempt, code_received, deliver, newborn
from tests.factories.landlords import Owner, landlord
from tests.web.account.visits import inside, now, regular, said, sign_in

NEW = "Lanterne-Moulin-Sable-92"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steady, "FLOOR_SECONDS", 0.0)


def asks(name: str, visitor: Client | None = None, **fields: str) -> Any:
    """Fill a form of recovery in, captcha passed, and follow to the page it leads to."""
    return (visitor or Client()).post(reverse(name), {**answered(now()), **fields}, follow=True)


def neutral(answer: Any, *words: str) -> str:
    """A page without what is new at every request, and without what was typed."""
    html = re.sub(r'value="[^"]{20,}"|nonce="[^"]+"|/verification/[^"]+', "", said(answer))
    for word in words:
        html = html.replace(word, "TYPED")
    return html


def email_of(me: Owner) -> str:
    return str(Credential.objects.get(pk=me.account.credential_id).email)


def unopened(claimed: str = "") -> Account:
    """Somebody of a landlord with an address, whose letters have gone and who never signed in."""
    of = landlord()
    who = newborn(of.partner, claimed=claimed)
    Account.objects.filter(pk=who.pk).update(user_number=of.third_party_numbers.get().user_number)
    who.refresh_from_db()
    return who


@pytest.mark.parametrize("by", ["login_id", "email"])
def test_a_code_then_a_new_password_and_every_other_device_is_out(by: str) -> None:
    me = regular()
    elsewhere = inside(me)
    client = Client()
    answer = asks("forgotten-password", client, identifier=me.account.login_id if by == "login_id" else email_of(me))
    assert "Si un compte correspond, un code vient de partir" in said(answer)
    answer = client.post(reverse("forgotten-code"), {"code": code_received(now())}, follow=True)
    assert "Choisissez un nouveau mot de passe" in said(answer)
    answer = client.post(reverse("forgotten-choose"), {"password": NEW, "password_again": NEW}, follow=True)
    assert "Votre mot de passe est changé" in said(answer)
    assert attempt(me.account.login_id, OWN_PASSWORD, at=now()).kind is SignIn.WRONG
    assert attempt(me.account.login_id, NEW, at=now()).kind is SignIn.SIGNED_IN
    assert elsewhere.get(reverse("welcome", args=[me.account.reference])).status_code in (302, 404)
    (told,) = [message for message in deliver(now()) if "mot de passe a été changé" in message.subject]
    assert told.to == [email_of(me)]


@pytest.mark.usefixtures("some_without_administrator")
@pytest.mark.parametrize("name", ["forgotten-password", "code-first"])
def test_all_values_get_the_same_page_with_as_many_statements(name: str, django_assert_max_num_queries: object) -> None:
    me, disabled, without, frozen = regular(), regular(), unopened(), regular()
    Account.objects.filter(pk=disabled.account.pk).update(state=AccountState.DISABLED)
    Credential.objects.filter(pk=frozen.account.credential_id).update(frozen_at=now())
    typed = [me.account.login_id, disabled.account.login_id, without.login_id, frozen.account.login_id]
    typed += ["LOG999999Z", "personne@parvis.example", email_of(me), "' OR 1=1 --", "  "]
    pages = {neutral(asks(name, identifier=value), value) for value in typed[:-1]}
    assert len(pages) == 1
    assert "Entrez votre identifiant" in said(asks(name, identifier=typed[-1]))


def test_what_takes_time_takes_as_long_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(steady, "FLOOR_SECONDS", 60.0)
    me = regular()
    for value in (me.account.login_id, "LOG999999Z"):
        asks("forgotten-password", identifier=value)
    assert len(slept) == 2
    assert all(55 < seconds <= 60 for seconds in slept)


def test_no_code_no_captcha_no_page(client: Client) -> None:
    me = regular()
    for name in ("forgotten-code", "forgotten-choose", "forgotten-again", "code-first-code", "code-first-again"):
        assert client.get(reverse(name)).status_code == 302
    answer = client.post(reverse("forgotten-password"), {"identifier": me.account.login_id})
    assert "Saisissez les caractères affichés." in said(answer)
    assert me.account.login_id in said(answer)
    assert not OneTimeCode.objects.exists()


def test_a_code_of_recovery_opens_nothing_else_and_dies_with_a_change() -> None:
    me, client = regular(), Client()
    asks("forgotten-password", client, identifier=me.account.login_id)
    digits = code_received(now())
    other = Client()
    asks("forgotten-password", other, identifier="LOG999999Z")
    assert "pas le bon code" in said(other.post(reverse("forgotten-code"), {"code": digits}))
    asks("code-first", client, identifier="LOG999999Z")
    assert "pas le bon code" in said(client.post(reverse("code-first-code"), {"code": digits}))
    Credential.objects.filter(pk=me.account.credential_id).update(version=9)
    assert "a expiré" in said(client.post(reverse("forgotten-code"), {"code": digits}))


def test_the_right_code_serves_a_quarter_of_an_hour_and_once() -> None:
    me, client = regular(), Client()
    asks("forgotten-password", client, identifier=me.account.login_id)
    client.post(reverse("forgotten-code"), {"code": code_received(now())})
    OneTimeCode.objects.update(used_at=now() - timedelta(minutes=16))
    answer = client.post(reverse("forgotten-choose"), {"password": NEW, "password_again": NEW})
    assert answer["Location"] == reverse("forgotten-password")
    assert attempt(me.account.login_id, NEW, at=now()).kind is SignIn.WRONG


def test_a_weak_password_is_refused_with_its_reason_and_nothing_changes() -> None:
    me, client = regular(), Client()
    asks("forgotten-password", client, identifier=me.account.login_id)
    client.post(reverse("forgotten-code"), {"code": code_received(now())})
    weak = f"{Landlord.objects.get(pk=me.landlord.pk).company_name}-1A"
    for typed, why in (("court", "ne respecte pas encore"), (weak, "Évitez votre nom")):
        answer = client.post(reverse("forgotten-choose"), {"password": typed, "password_again": typed})
        assert why in said(answer)
    assert attempt(me.account.login_id, OWN_PASSWORD, at=now()).kind is SignIn.SIGNED_IN


def test_six_codes_a_day_reach_a_mailbox_then_the_page_stays_the_same() -> None:
    me = regular()
    for _ in range(8):
        answer = asks("forgotten-password", identifier=me.account.login_id)
        assert "Si un compte correspond" in said(answer)
    mine = [str(message.subject) for message in deliver(now()) if message.to == [email_of(me)]]
    assert (mine[-1], len(mine)) == ("3 codes demandés en une heure", 7)


def test_the_owner_of_a_closed_access_is_told_why_once_a_day() -> None:
    me = regular()
    Credential.objects.filter(pk=me.account.credential_id).update(frozen_at=now(), frozen_by_office=True)
    for _ in range(3):
        asks("forgotten-password", identifier=me.account.login_id)
    (told,) = deliver(now())
    assert "Votre accès est bloqué. Aucun code" in str(told.body).replace("**", "")


def test_while_strangers_pause_an_identifier_its_owner_enters_with_a_code_first() -> None:
    me, client = regular(), Client()
    for number in range(100):
        attempt(me.account.login_id, "Faux", at=now(), address=f"198.51.{number}.7")
    assert "Connexion en pause" in said(sign_in(me.account.login_id, client=client))
    asks("code-first", client, identifier=me.account.login_id)
    answer = client.post(reverse("code-first-code"), {"code": code_received(now())}, follow=True)
    assert "Code accepté" in said(answer)
    assert sign_in(me.account.login_id, client=client)["Location"] == reverse("welcome", args=[me.account.reference])
    assert cookies.BROWSER in client.cookies


def test_a_captcha_is_asked_from_the_third_failure_and_the_password_is_not_looked_at_before() -> None:
    me, client = regular(), Client()
    pages = [said(sign_in(me.account.login_id, "Faux", client)) for _ in range(3)]
    assert ["captcha_token" in page for page in pages] == [False, False, True]
    assert ["Retapez votre mot de passe" in page for page in pages] == [False, False, True]
    assert "répondez à la vérification" in said(sign_in(me.account.login_id, client=client))
    right = {"identifier": me.account.login_id, "password": OWN_PASSWORD, **read_from(pages[2])}
    answer = client.post(reverse("sign-in"), {**right, "captcha": "FAUX"})
    assert "Ce ne sont pas les bons caractères" in said(answer)
    answer = client.post(reverse("sign-in"), {**right, **read_from(said(answer))})
    assert answer.status_code == 302


@pytest.mark.usefixtures("some_without_administrator")
def test_frozen_and_disabled_are_said_after_the_right_password_only() -> None:
    me, other = regular(), regular()
    Credential.objects.filter(pk=me.account.credential_id).update(frozen_at=now())
    Account.objects.filter(pk=other.account.pk).update(state=AccountState.DISABLED, disabled_at=now())
    assert "bloqué à votre demande" in said(sign_in(me.account.login_id))
    assert "Alliance Familiale a été fermé" in said(sign_in(other.account.login_id))
    for who in (me, other):
        assert "ne vont pas ensemble" in said(sign_in(who.account.login_id, "Faux"))


def numbered(who: Account, **changes: str) -> dict[str, str]:
    return {"user_number": who.user_number, "postcode": "44220", **changes}


def test_an_identifier_is_sent_again_to_the_mailbox_and_the_password_stays() -> None:
    me = regular()
    number = me.landlord.third_party_numbers.get().user_number
    answer = asks("lost-identifier", user_number=f"{number[:3]} {number[3:]}", postcode="99999")
    assert "Si ce numéro et ce code postal vont ensemble, votre identifiant part" in said(answer)
    assert "ne marcheront plus" not in said(answer)
    (told,) = deliver(now())
    assert (told.to, me.account.login_id in told.subject) == ([email_of(me)], True)
    assert attempt(me.account.login_id, at=now()).kind is SignIn.SIGNED_IN


def test_an_identifier_leaves_by_mail_once_in_ten_minutes_and_the_page_stays_the_same() -> None:
    me = regular()
    number = me.landlord.third_party_numbers.get().user_number
    pages = {neutral(asks("lost-identifier", user_number=number, postcode="44220"), number) for _ in range(3)}
    assert (len(pages), len(deliver(now()))) == (1, 1)
    for minutes, sent in ((9, 0), (11, 1)):
        later = now() + timedelta(minutes=minutes)
        credentials.identifier_lost(number, "44220", address="203.0.113.9", at=later)
        assert len(deliver(later)) == sent


def test_letters_go_again_with_the_right_postcode_and_never_while_they_travel() -> None:
    who = unopened()
    unknown = neutral(asks("lost-identifier", user_number="44199999999999", postcode="44220"), "44199999999999")
    assert neutral(asks("lost-identifier", None, **numbered(who, postcode="75001")), who.user_number) == unknown
    assert not Message.objects.exists()
    assert neutral(asks("lost-identifier", None, **numbered(who)), who.user_number) == unknown
    assert Message.objects.filter(channel="letter").count() == 2
    again = asks("lost-identifier", None, **numbered(who, postcode=" 44 220"))
    assert "Vos deux lettres se préparent" in said(again)
    assert "elle partira au plus tôt le" in said(again)
    assert who.login_id not in said(again)
    assert Message.objects.filter(channel="letter").count() == 2


def test_who_never_opened_the_mails_gets_them_again_by_either_door() -> None:
    who = unopened("lea@parvis.example")
    of = who.partner
    of.nature = "individual"
    of.save()
    asks("forgotten-password", identifier=who.login_id)
    assert [message.to for message in deliver(now())] == [["lea@parvis.example"]]
    assert [message.to for message in deliver(now() + timedelta(minutes=6))] == [["lea@parvis.example"]]
    asks("lost-identifier", None, **numbered(who, postcode="75001"))
    assert Message.objects.filter(channel="email").count() == 4


def test_a_password_by_post_is_asked_with_the_same_answer_for_all() -> None:
    who, me = unopened(), regular()
    pages = {
        said(asks("password-by-post", identifier=typed, postcode="44220")).split("<main")[1]
        for typed in (who.login_id, me.account.login_id, "LOG999999Z")
    }
    assert len(pages) == 1
    assert Message.objects.filter(account_id=who.pk, channel="letter").count() == 2
    assert not Message.objects.filter(account_id=me.account.pk).exists()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("4410000", "Il manque 7 caractères"),
        ("441000000000012", "Il y a 1 caractère de trop"),
        ("4410000000O012", "c’est peut-être un zéro"),
        ("441-0000#00012", "que des chiffres et des lettres"),
        ("", "Entrez votre numéro d’utilisateur."),
    ],
)
def test_a_user_number_is_read_kindly_and_refused_with_a_reason(typed: str, why: str) -> None:
    assert why in said(asks("lost-identifier", user_number=typed, postcode="44220"))


def test_an_organisation_has_its_number_sent_by_its_siret() -> None:
    me = regular()
    Landlord.objects.filter(pk=me.landlord.pk).update(siret="12345678900017")
    answer = asks("user-number", siret="123 456 789 00017")
    assert "Si cet organisme est connu" in said(answer)
    (told,) = deliver(now())
    assert me.account.user_number in str(told.body)
    assert said(asks("user-number", siret="99999999900017")).split("<main")[1] == said(answer).split("<main")[1]
    assert mail.outbox == [told]


def test_a_mailbox_proved_by_nobody_recovers_nothing() -> None:
    who = unopened("prise@parvis.example")
    assert meant.account_of("prise@parvis.example") is None
    assert not meant.may_come_back(who)
