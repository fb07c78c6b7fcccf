"""« Ce n’est pas moi » : a click, or the code of a letter, freezes; nothing is restored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from parvis.identity.models import Credential, FormerMailbox, FreezeLink, OneTimeCode, Session
from parvis.identity.services.access import freezing
from parvis.identity.services.sign_in import SignIn
from parvis.kit.actors import system
from tests.factories.identity import OWN_PASSWORD, attempt, code_received, deliver
from tests.factories.landlords import Owner
from tests.web.account.test_recovery import NEW, asks
from tests.web.account.visits import inside, now, regular, said

pytestmark = pytest.mark.django_db


def test_the_link_of_a_notice_freezes_after_a_click_and_never_before() -> None:
    me = regular()
    client = inside(me)
    link = freezing.link_for(me.account.credential_id, "test", at=now())
    address = reverse("not-me", args=[freezing.draw_link(link.pk, at=now())["freeze"]])
    assert "Bloquer mon accès" in said(Client().get(address))
    assert Credential.objects.get(pk=me.account.credential_id).frozen_at is None
    assert "l’accès est bloqué" in said(Client().post(address, follow=True))
    assert client.get(reverse("welcome", args=[me.account.reference])).status_code != 200
    assert not Session.objects.filter(credential=me.account.credential_id).exists()
    assert Client().post(address).status_code == 404
    assert "Votre accès est bloqué" in deliver(now())[0].subject


def test_the_code_of_a_letter_freezes_and_wrong_ones_are_counted() -> None:
    me = regular()
    link = freezing.link_for(me.account.credential_id, "test", at=now())
    code = freezing.draw_stop_code(link.pk, at=now())["stop_code"]
    assert "pas reconnu" in said(Client().post(reverse("not-me-code"), {"code": "AAAAA-AAAAA"}))
    assert "l’accès est bloqué" in said(Client().post(reverse("not-me-code"), {"code": code.lower()}, follow=True))
    assert FreezeLink.objects.get().used_at is not None
    for _ in range(20):
        answer = Client().post(reverse("not-me-code"), {"code": "AAAAA-AAAAA"})
    assert "Trop de codes essayés" in said(answer)


def test_an_old_notice_freezes_nothing() -> None:
    me = regular()
    link = freezing.link_for(me.account.credential_id, "test", at=now() - timedelta(days=31))
    token = freezing.draw_link(link.pk, at=now())["freeze"]
    assert Client().get(reverse("not-me", args=[token])).status_code == 404
    assert not freezing.freeze(token, at=now())


def _frozen(me: Owner, *, by_office: bool = False) -> None:
    with transaction.atomic():
        freezing.freeze_credential(
            me.account.credential_id, because="test", by=system("test"), at=now(), by_office=by_office
        )
    deliver(now())


def test_the_page_offers_another_password_and_says_that_the_access_stays_blocked() -> None:
    page = said(Client().get(reverse("frozen")))
    assert f'href="{reverse("forgotten-password")}"' in page
    assert "Personne ne peut plus se connecter." in page
    assert "L’accès reste bloqué." in page
    assert "attendra 10\u00a0jours" in page


def test_who_froze_their_access_chooses_another_password_and_stays_out() -> None:
    me, client = regular(), Client()
    _frozen(me)
    asks("forgotten-password", client, identifier=me.account.login_id)
    client.post(reverse("forgotten-code"), {"code": code_received(now())})
    assert "le reste après ce changement" in said(client.get(reverse("forgotten-choose")))
    chosen = {"password": NEW, "password_again": NEW}
    assert "L’accès reste bloqué" in said(client.post(reverse("forgotten-choose"), chosen, follow=True))
    credential = Credential.objects.get(pk=me.account.credential_id)
    assert credential.frozen_at is not None
    assert credential.proof_changed_at is not None
    for password in (OWN_PASSWORD, NEW):
        assert attempt(me.account.login_id, password, at=now()).kind is not SignIn.SIGNED_IN
    freezing.unfreeze(me.account.login_id, reason="vérifié", by=system("test"), at=now())
    assert attempt(me.account.login_id, OWN_PASSWORD, at=now()).kind is SignIn.WRONG
    assert attempt(me.account.login_id, NEW, at=now()).kind is SignIn.SIGNED_IN


def test_a_code_of_before_the_freeze_is_worth_nothing_after_it() -> None:
    me, client = regular(), Client()
    asks("forgotten-password", client, identifier=me.account.login_id)
    digits = code_received(now())
    _frozen(me)
    assert "a expiré" in said(client.post(reverse("forgotten-code"), {"code": digits}))


def test_no_code_reaches_the_mailbox_left_before_the_freeze() -> None:
    me = regular()
    FormerMailbox.objects.create(
        credential=me.account.credential,
        email="parti@agence.example",
        left_at=now(),
        told_until=now() + timedelta(days=9),
    )
    _frozen(me)
    asks("forgotten-password", identifier=me.account.login_id)
    assert [mail.to for mail in deliver(now())] == [[me.account.credential.email]]


@pytest.mark.parametrize(("name", "by_office"), [("forgotten-password", True), ("code-first", False)])
def test_nothing_else_is_opened_nor_what_an_agent_blocked(name: str, by_office: bool) -> None:
    me = regular()
    _frozen(me, by_office=by_office)
    asks(name, identifier=me.account.login_id)
    assert [mail.subject for mail in deliver(now())] == ["Aucun code ne vous a été envoyé"]
    assert OneTimeCode.objects.get().credential_id is None
