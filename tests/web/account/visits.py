"""Browsers that go through the pages of sign-in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.factories.identity import OWN_PASSWORD, code_received, kept
from tests.factories.landlords import Owner, owner

ANYTHING = ["", "   ", "x" * 10_000, "<script>alert(1)</script>", "\x00", "\u202e", "é" * 300, "' OR 1=1 --"]


def now() -> datetime:
    return datetime.now(UTC)


def regular(**changes: object) -> Owner:
    """An owner who knows a password."""
    me = owner(**changes)  # type: ignore[arg-type]
    me.account.credential.password = kept(OWN_PASSWORD)
    me.account.credential.save()
    return me


def sign_in(typed: str, password: str = OWN_PASSWORD, client: Client | None = None, query: str = "") -> HttpResponse:
    answer = (client or Client()).post(reverse("sign-in") + query, {"identifier": typed, "password": password})
    assert isinstance(answer, HttpResponse)
    return answer


def inside(me: Owner) -> Client:
    """A browser that went through both pages."""
    client = Client()
    sign_in(me.account.login_id, client=client)
    client.post(reverse("sign-in-code", args=[me.account.reference]), {"code": code_received(now())})
    return client


def said(answer: Any) -> str:
    """The HTML of an answer, of a page or after redirects."""
    return str(answer.content.decode())
