"""Where a request comes from."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from parvis.config import environment
from parvis.web.frame.requests import address_of


def test_headers_written_by_visitors_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    request = RequestFactory().get("/", headers={"x-forwarded-for": "1.1.1.1, 203.0.113.9"}, REMOTE_ADDR="10.0.0.1")
    assert address_of(request) == "10.0.0.1"
    monkeypatch.setattr(environment, "PROXY_COUNT", 1)
    assert address_of(request) == "203.0.113.9"
    monkeypatch.setattr(environment, "PROXY_COUNT", 3)
    assert address_of(request) == "10.0.0.1"
