"""« Ce n’est pas moi » : a click, or the code of a letter, freezes; nothing is restored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from parvis.identity.models import Credential, FreezeLink, Session
from parvis.identity.services.access import freezing
from tests.factories.identity import deliver
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
