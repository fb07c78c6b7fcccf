"""What a request tells of its sender."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from parvis.config import environment
from parvis.web.account import visitor


def test_headers_written_by_visitors_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    request = RequestFactory().get("/", headers={"x-forwarded-for": "1.1.1.1, 203.0.113.9"}, REMOTE_ADDR="10.0.0.1")
    assert visitor.address_of(request) == "10.0.0.1"
    monkeypatch.setattr(environment, "PROXY_COUNT", 1)
    assert visitor.address_of(request) == "203.0.113.9"
    monkeypatch.setattr(environment, "PROXY_COUNT", 3)
    assert visitor.address_of(request) == "10.0.0.1"


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
