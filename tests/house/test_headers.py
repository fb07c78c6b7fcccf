"""Every answer carries the headers that protect people, errors included."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import path

from parvis.web import urls
from tests.house.conftest import Landlord
from tests.house.routes import Route, every_route

PAGES = every_route()


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a page breaks")


urlpatterns = [*urls.urlpatterns, path("cassee/", _broken)]
handler400, handler404, handler500 = urls.handler400, urls.handler404, urls.handler500
"""The portal's addresses, and one page that breaks."""


def _assert_protected(response: HttpResponseBase) -> None:
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    for cookie in response.cookies.values():
        assert cookie["samesite"] == "Lax"
        assert cookie["httponly"] or cookie.key == "theme" or cookie["max-age"] == 0, "closed to scripts"


@pytest.mark.parametrize("route", PAGES, ids=str)
def test_the_answer_to_its_owner_is_protected(route: Route, owning: Landlord) -> None:
    _assert_protected(owning.owner.browser().get(route.address(owning.real)))


@pytest.mark.parametrize("route", PAGES, ids=str)
def test_the_answer_to_an_anonymous_is_protected(route: Route, owning: Landlord) -> None:
    _assert_protected(Client().get(route.address(owning.real)))


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), [("/nulle-part/", 404), ("/connexion", 301), ("/%00/", 404)])
def test_what_is_not_there_is_protected(address: str, status: int) -> None:
    response = Client().get(address)
    assert response.status_code == status
    _assert_protected(response)


@pytest.mark.django_db
def test_a_refused_form_is_protected() -> None:
    response = Client(enforce_csrf_checks=True).post("/connexion/")
    assert response.status_code == 403
    _assert_protected(response)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_a_broken_page_is_protected_and_tells_nothing() -> None:
    response = Client(raise_request_exception=False).get("/cassee/")
    assert response.status_code == 500
    assert "a page breaks" not in response.content.decode()
    _assert_protected(response)


@pytest.mark.django_db
def test_an_unknown_host_is_refused() -> None:
    response = Client(raise_request_exception=False).get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert b"elsewhere.example" not in response.content


def test_what_breaks_a_page_does_not_break_the_page_that_says_so(
    owning: Landlord, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_menu(*_: object) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr("parvis.web.frame.context.menu_for", broken_menu)
    browser = owning.owner.browser()
    browser.raise_request_exception = False
    response = browser.get(f"/c/{owning.owner.account.reference}/")
    assert response.status_code == 500
    assert "Le service a un problème" in response.content.decode()
    _assert_protected(response)
