"""What a request tells of its sender."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from parvis.web.frame import visitor


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
