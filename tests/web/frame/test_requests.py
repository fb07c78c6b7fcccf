"""Where a request comes from, and the line it leaves in the log."""

from __future__ import annotations

import io
import json
import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from parvis.config import environment
from parvis.config.logs import RequestLine
from parvis.web.frame.middleware import RequestLog
from parvis.web.frame.requests import address_of, comes_from


def test_headers_written_by_visitors_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    request = RequestFactory().get("/", headers={"x-forwarded-for": "1.1.1.1, 203.0.113.9"}, REMOTE_ADDR="10.0.0.1")
    assert address_of(request) == "10.0.0.1"
    monkeypatch.setattr(environment, "PROXY_COUNT", 1)
    assert address_of(request) == "203.0.113.9"
    monkeypatch.setattr(environment, "PROXY_COUNT", 3)
    assert address_of(request) == "10.0.0.1"


def test_who_the_proxies_did_not_name_is_not_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "PROXY_COUNT", 2)
    told = {"x-forwarded-for": "10.2.0.7, 10.0.0.2"}
    assert comes_from(RequestFactory().get("/", headers=told, REMOTE_ADDR="10.0.0.1"), ["10.0.0.0/8"])
    for short in ({"x-forwarded-for": "10.2.0.7"}, {"x-forwarded-for": ""}, {}):
        assert not comes_from(RequestFactory().get("/", headers=short, REMOTE_ADDR="10.0.0.1"), ["10.0.0.0/8"])
    monkeypatch.setattr(environment, "PROXY_COUNT", 0)
    assert comes_from(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1"), ["10.0.0.0/8"])


def test_a_request_leaves_one_line_without_what_its_address_holds(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.StringIO()
    handlers = logging.getLogger("parvis.request").handlers
    own = next(handler for handler in handlers if isinstance(handler.formatter, RequestLine))
    monkeypatch.setattr(own, "stream", written)

    def answer(request: HttpRequest) -> HttpResponse:
        request.resolver_match = resolve(request.path)
        return HttpResponse("bonjour")

    request = rf.generic('GE"T', "/c/abcdef/bailleur/locataires/")
    given = RequestLog(answer)(request)
    (line,) = written.getvalue().splitlines()
    told = json.loads(line)
    assert told["id"] == given["X-Request-Id"]
    assert (told["route"], told["status"], told["method"], told["event"], told["level"]) == (
        "tenants",
        200,
        'GE"T',
        "request",
        "info",
    )
    assert set(told) == {"id", "method", "route", "status", "milliseconds", "event", "level", "timestamp"}
    assert "abcdef" not in line
    RequestLog(lambda request: HttpResponse())(rf.get("/static/design/tokens.css"))
    assert written.getvalue().count("\n") == 1
