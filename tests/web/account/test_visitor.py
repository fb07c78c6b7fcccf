"""What a request tells of its sender."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.http import urlencode

from parvis.web.frame import visitor
from tests.factories.landlords import owner


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0", "Firefox sur Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari sur iPhone"),
        ("<script>alert(1)</script>", "Navigateur"),
        ("", "Navigateur"),
    ],
)
def test_browsers_are_named_in_our_own_words(agent: str, words: str) -> None:
    assert visitor.browser_of(RequestFactory().get("/", headers={"user-agent": agent})) == words


@pytest.mark.django_db
def test_the_link_of_a_mail_asks_nobody_inside_to_sign_in_again() -> None:
    me, stranger = owner(), owner()
    page = reverse("declarations", args=[me.account.reference])
    link = f"{reverse('sign-in')}?{urlencode({'suite': page})}"
    inside = me.browser().get(link)
    assert (inside.status_code, inside.headers["Location"]) == (302, page)
    for browser in (stranger.browser(), Client()):
        assert browser.get(link).status_code == 200
    for strange in ("https://evil.example/c/x/", "//evil.example/c/x/", "/c/", "/c/../x/", "/c/\x00/"):
        answer = me.browser().get(reverse("sign-in"), {"suite": strange})
        assert answer.status_code == 200, strange
