"""A first sign-in from the letter to the landlord's space, page by page, as a browser without JavaScript walks it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from parvis.correspondence.models import Message
from parvis.identity.models import Account
from parvis.landlords.models import Landlord
from parvis.web.frame import cookies
from tests.factories.identity import OWN_PASSWORD, PROVISIONAL, code_received, deliver, member, newborn
from tests.factories.landlords import landlord, owner

pytestmark = pytest.mark.django_db


def arrival(of: Landlord | None = None, **fields: Any) -> Account:
    """Somebody with both letters on the table."""
    of = of or landlord(company_name="Agence des Trois Tilleuls")
    return newborn(of.partner, until=datetime.now(UTC) + timedelta(days=14), **fields)


def signed_in(who: Account) -> Client:
    client = Client()
    answer = client.post(reverse("sign-in"), {"identifier": who.login_id.lower(), "password": "ABCD efgh-3467"})
    assert answer.status_code == 302, answer.content.decode()
    return client


def page(client: Client, name: str, who: Account, **data: Any) -> str:
    """Post to a step, or read it, and follow to the page one lands on."""
    address = reverse(name, args=[who.reference])
    answer = client.post(address, data, follow=True) if data else client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def title(html: str) -> str:
    return re.search(r"<h1[^>]*>(.*?)</h1>", html, re.S)[1].strip()  # type: ignore[index]


INTRODUCTION = {
    "first_name": "Zoé",
    "last_name": "Grandvallet",
    "job_title": "Gérante",
    "email": "zoe@parvis.example",
    "email_again": "Zoe@parvis.example ",
}


def now() -> datetime:
    return datetime.now(UTC)


def test_from_the_letter_to_the_landlords_space() -> None:
    who = arrival()
    client = signed_in(who)

    html = page(client, "welcome", who)
    assert title(html) == "Vos informations"
    assert "vous serez l’administrateur de Agence des Trois Tilleuls" in html
    assert "Étape 1 sur 4" in html

    html = page(client, "first-information", who, **INTRODUCTION)
    assert title(html) == "Entrez le code reçu par mail"
    assert "zoe@parvis.example" in html

    html = page(client, "first-email-code", who, code=code_received(now()))
    assert title(html) == "Votre mot de passe"
    assert "C’est fait. Votre adresse est validée." in html

    html = page(client, "first-password", who, password=OWN_PASSWORD, password_again=OWN_PASSWORD)
    assert title(html) == "Règles d’usage"

    html = page(client, "first-rules", who, version="1", accepted="on")
    assert title(html) == "Conditions de l’Espace bailleur"

    html = page(client, "first-terms", who, version="1", accepted="on")
    assert title(html) == "Votre espace est prêt"

    answer = client.post(reverse("first-done", args=[who.reference]))
    assert answer["Location"] == reverse("landlord-home", args=[who.reference])
    html = page(client, "welcome", who)
    assert title(html) == "Bienvenue, Zoé Grandvallet"
    assert "Espace bailleur" in html
    assert Message.objects.filter(template="landlords/letters/administrator").count() == 1
    assert any("Bienvenue" in message.subject for message in deliver(now()))

    client.post(reverse("sign-out"))
    comes_back(who)


def comes_back(who: Account) -> None:
    """The next visit, from another browser, by the e-mail."""
    again = Client()
    answer = again.post(reverse("sign-in"), {"identifier": "zoe@parvis.example", "password": OWN_PASSWORD}, follow=True)
    assert title(answer.content.decode()) == "Entrez le code reçu par mail"
    html = page(again, "sign-in-code", who, code=code_received(now()))
    assert title(html) == "Bienvenue, Zoé Grandvallet"


def test_it_can_be_left_and_resumed_elsewhere() -> None:
    who = arrival()
    client = signed_in(who)
    page(client, "first-information", who, **INTRODUCTION)
    page(client, "first-email-code", who, code=code_received(now()))
    client.post(reverse("sign-out"))

    elsewhere = Client()
    answer = elsewhere.post(reverse("sign-in"), {"identifier": who.login_id, "password": PROVISIONAL}, follow=True)
    assert title(answer.content.decode()) == "Entrez le code reçu par mail"
    html = page(elsewhere, "sign-in-code", who, code=code_received(now()))
    assert title(html) == "Votre mot de passe"


@pytest.mark.parametrize(
    "name", ["first-email", "first-password", "first-rules", "first-terms", "first-done", "sign-in-code"]
)
def test_no_step_opens_before_its_turn(name: str) -> None:
    who = arrival()
    client = signed_in(who)
    assert title(page(client, name, who)) == "Vos informations"
    data = {
        "password": OWN_PASSWORD,
        "password_again": OWN_PASSWORD,
        "version": "1",
        "accepted": "on",
        "code": "123456",
    }
    assert title(page(client, name, who, **data)) == "Vos informations"
    who.refresh_from_db()
    assert who.opened_at is None
    assert not who.acceptances.exists()


@pytest.mark.parametrize("name", ["landlord-home", "usage-rules", "welcome"])
def test_no_page_opens_before_the_last_step(name: str) -> None:
    who = arrival()
    assert title(page(signed_in(who), name, who)) == "Vos informations"


def test_not_my_role_keeps_nothing_and_signs_out() -> None:
    who = arrival()
    client = signed_in(who)
    answer = client.post(reverse("first-not-my-role", args=[who.reference]), INTRODUCTION, follow=True)
    assert "Transmettez la lettre à la bonne personne. Nous n’avons rien enregistré." in answer.content.decode()
    who.refresh_from_db()
    assert (who.first_name, who.claimed_email) == ("", "")
    assert client.get(reverse("welcome", args=[who.reference])).status_code == 404
    assert title(page(signed_in(who), "welcome", who)) == "Vos informations"


def test_the_administrators_box_is_for_the_first_person_only() -> None:
    first = owner()
    who = arrival(first.landlord)
    assert "administrateur" not in page(signed_in(who), "first-information", who)


def test_a_used_address_shows_nothing_until_its_code_is_right() -> None:
    of = landlord(company_name="Caché")
    member(of.partner, email="zoe@parvis.example")
    who, free = arrival(), arrival()
    client = signed_in(who)
    taken = page(client, "first-information", who, **INTRODUCTION)
    code = code_received(now())
    other = page(signed_in(free), "first-information", free, **{**INTRODUCTION, "email": "zoo@parvis.example",
                                                               "email_again": "zoo@parvis.example"})  # fmt: skip
    neutral = [
        re.sub(r'value="[^"]{40,}"', "", html).replace(ref, "").replace("zoo@", "zoe@")
        for html, ref in ((taken, who.reference), (other, free.reference))
    ]
    assert neutral[0] == neutral[1]
    html = page(client, "first-email-code", who, code=code)
    assert title(html) == "Un seul mot de passe pour vos 2 comptes"
    assert "Caché" in html
    html = client.post(reverse("link-leave", args=[who.reference]), follow=True).content.decode()
    assert title(html) == "Validation de l’adresse mail"
    html = page(client, "first-email", who, email="libre@parvis.example", email_again="libre@parvis.example")
    assert title(html) == "Entrez le code reçu par mail"


def test_the_address_can_be_corrected_and_the_code_sent_again() -> None:
    who = arrival()
    client = signed_in(who)
    page(client, "first-information", who, **INTRODUCTION)
    html = client.get(reverse("first-email", args=[who.reference]) + "?corriger").content.decode()
    assert title(html) == "Validation de l’adresse mail"
    html = client.post(reverse("first-email-again", args=[who.reference]), follow=True).content.decode()
    assert "Vous pourrez demander un nouveau code dans" in html


def test_the_address_the_office_knows_is_masked_and_may_be_kept() -> None:
    who = arrival(claimed="gestion@parvis.example")
    client = signed_in(who)
    html = page(client, "first-information", who)
    assert "g•••••@parvis.example" in html
    assert "gestion@" not in html
    html = page(client, "first-information", who, **{**INTRODUCTION, "email": "", "email_again": ""})
    assert title(html) == "Entrez le code reçu par mail"
    assert "gestion@" not in html


def test_a_refused_text_says_what_remains_possible() -> None:
    who = arrival()
    client = signed_in(who)
    page(client, "first-information", who, **INTRODUCTION)
    page(client, "first-email-code", who, code=code_received(now()))
    page(client, "first-password", who, password=OWN_PASSWORD, password_again=OWN_PASSWORD)
    html = client.get(reverse("first-rules", args=[who.reference]) + "?refus").content.decode()
    assert "Sans cet accord, l’accès n’est pas possible. Rien n’est perdu" in html
    html = page(client, "first-rules", who, version="1")
    assert "Pour continuer, cochez la case après avoir lu le texte." in html
    html = page(client, "first-rules", who, version="7", accepted="on")
    assert "Ce texte a changé entre-temps." in html


def test_the_password_page_says_what_is_missing_and_who_one_must_not_be() -> None:
    who = arrival()
    client = signed_in(who)
    page(client, "first-information", who, **INTRODUCTION)
    page(client, "first-email-code", who, code=code_received(now()))
    for password, sentence in (
        ("court", "de 10 à 64 caractères"),
        ("Motdepasse2026!", "trop courant"),
        ("Grandvallet-2026", "Évitez votre nom"),
        ("TroisTilleuls-44-agence", "Évitez votre nom"),
    ):
        html = page(client, "first-password", who, password=password, password_again=password)
        assert sentence in html
        assert password not in html
    html = page(client, "first-password", who, password=OWN_PASSWORD, password_again="Autre")
    assert "Les deux mots de passe sont différents." in html


STEPS = ["first-information", "first-email", "first-email-code", "first-password", "first-rules", "first-terms"]


@pytest.mark.parametrize("sent", ["", "   ", "x" * 10_000, "<script>alert(1)</script>", "\x00", "‮"])
def test_forms_of_the_first_page_survive_anything(sent: str) -> None:
    who = arrival()
    client = signed_in(who)
    html = page(client, "first-information", who, **dict.fromkeys(INTRODUCTION, sent))
    assert title(html) == "Vos informations"
    assert "<script>alert" not in html
    assert "<title>Erreur" in html


@pytest.mark.parametrize("sent", ["", "   ", "x" * 10_000, "<script>alert(1)</script>", "\x00", "‮"])
def test_forms_of_the_other_pages_survive_anything(sent: str) -> None:
    who = arrival()
    client = signed_in(who)
    page(client, "first-information", who, **INTRODUCTION)
    code = code_received(now())
    both = {"email": sent, "email_again": sent + "x"}
    assert "Erreur" in page(client, "first-email", who, **both)
    assert "Erreur" in page(client, "first-email-code", who, code=sent)
    page(client, "first-email-code", who, code=code)
    html = page(client, "first-password", who, password=sent, password_again=sent)
    assert title(html) == "Votre mot de passe"
    assert "<script>alert" not in html


@pytest.mark.parametrize("name", [*STEPS, "first-done", "first-not-my-role", "first-email-again", "sign-in-code-again"])
def test_strangers_and_the_anonymous_find_nothing(name: str) -> None:
    who = arrival()
    address = reverse(name, args=[who.reference])
    for client in (Client(), signed_in(arrival()), owner().browser()):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_cookies_are_closed_to_scripts_and_renewed_by_each_proof() -> None:
    who = arrival()
    client = signed_in(who)
    tokens = [client.cookies[cookies.SESSION].value]
    page(client, "first-information", who, **INTRODUCTION)
    page(client, "first-email-code", who, code=code_received(now()))
    tokens.append(client.cookies[cookies.SESSION].value)
    page(client, "first-password", who, password=OWN_PASSWORD, password_again=OWN_PASSWORD)
    tokens.append(client.cookies[cookies.SESSION].value)
    assert len(set(tokens)) == 3
    assert client.cookies[cookies.SESSION]["httponly"]
    assert client.cookies[cookies.BROWSER]["samesite"] == "Lax"
    for token in tokens[:2]:
        thief = Client()
        thief.cookies[cookies.SESSION] = token
        assert thief.get(reverse("welcome", args=[who.reference])).status_code == 404
