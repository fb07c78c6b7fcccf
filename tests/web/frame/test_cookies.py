"""The secret of forms: handed over once, behind another mask in each answer, drawn evenly."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.conf import settings
from django.middleware.csrf import CSRF_ALLOWED_CHARS, get_token
from django.test import Client, RequestFactory
from django.urls import reverse

from parvis.web.frame import cookies

SECRET = "aZ0" * 10 + "b9"


def token_of(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def unmasked(token: str) -> str:
    """As Django's own check reads it: each sign moved back by its mask."""
    places = [
        (CSRF_ALLOWED_CHARS.index(sign), CSRF_ALLOWED_CHARS.index(mask))
        for mask, sign in zip(token[:32], token[32:], strict=True)
    ]
    return "".join(CSRF_ALLOWED_CHARS[sign - mask] for sign, mask in places)


def test_a_token_hides_the_secret_behind_another_mask_each_time() -> None:
    request = RequestFactory().get("/")
    request.META["CSRF_COOKIE"] = SECRET
    tokens = [cookies.form_token(request) for _ in range(50)]
    assert len(set(tokens)) == len({token[:32] for token in tokens}) == 50
    assert {unmasked(token) for token in tokens} == {SECRET} == {unmasked(get_token(request))}


def test_all_signs_of_a_mask_are_as_likely() -> None:
    request = RequestFactory().get("/")
    request.META["CSRF_COOKIE"] = SECRET
    drawn = Counter("".join(cookies.form_token(request)[:32] for _ in range(4_000)))
    expected = 4_000 * 32 / len(CSRF_ALLOWED_CHARS)
    assert set(drawn) == set(CSRF_ALLOWED_CHARS)
    # Signs twice as likely as others, as an uneven draw would make eight of them by a fifth, would show.
    assert all(abs(times - expected) < 0.15 * expected for times in drawn.values())


@pytest.mark.django_db
def test_the_secret_is_handed_over_once() -> None:
    browser = Client(enforce_csrf_checks=True)
    first = browser.get(reverse("sign-in"))
    given = first.cookies[settings.CSRF_COOKIE_NAME]
    assert given["httponly"]
    assert given["samesite"] == "Lax"
    assert unmasked(token_of(first.content.decode())) == given.value
    again = browser.get(reverse("sign-in"))
    assert settings.CSRF_COOKIE_NAME not in again.cookies
    assert unmasked(token_of(again.content.decode())) == given.value
    assert token_of(again.content.decode()) != token_of(first.content.decode())


@pytest.mark.django_db
def test_a_secret_that_cannot_be_one_is_replaced() -> None:
    for broken in ("", "trop-court", "é" * 32, "x" * 31):
        browser = Client(enforce_csrf_checks=True)
        browser.cookies[settings.CSRF_COOKIE_NAME] = broken
        page = browser.get(reverse("sign-in"))
        given = page.cookies[settings.CSRF_COOKIE_NAME].value
        assert unmasked(token_of(page.content.decode())) == given != broken


@pytest.mark.django_db
def test_a_form_is_taken_with_its_token_only() -> None:
    browser = Client(enforce_csrf_checks=True)
    token = token_of(browser.get(reverse("sign-in")).content.decode())
    other = token_of(Client().get(reverse("sign-in")).content.decode())
    assert browser.post(reverse("theme"), {"theme": "dark", "csrfmiddlewaretoken": token}).status_code == 302
    for wrong in (other, "", token[::-1], token[:-1]):
        answer = browser.post(reverse("theme"), {"theme": "dark", "csrfmiddlewaretoken": wrong})
        assert answer.status_code == 403
