"""Every address says who may see it, and keeps to it: anonymous, stranger, owner."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.house.conftest import Landlord
from tests.house.routes import Route, every_route

ROUTES = every_route()
ACCOUNT = [route for route in ROUTES if "account" in route.needs]
OPEN = [route for route in ROUTES if "account" not in route.needs]
WRITING = [route for route in ROUTES if route.writes]
READING_ONLY = [route for route in ROUTES if not route.writes]
WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "COPY", "MERGE")
KEPT_ALIVE = 'UPDATE "identity_session" SET'
"""The one write of a GET: the session is not silent."""
NOTED = "INSERT INTO audit_entry"
"""And where a file of personal data leaves: who took it."""


def test_there_are_addresses() -> None:
    assert len(ROUTES) > 20
    assert len({route.name for route in ROUTES}) == len(ROUTES), "an address has no name, or another one's"


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_it_declares_its_access(route: Route) -> None:
    assert route.access is not None, "decorate the view with @page(access)"
    assert route.access.account == ("account" in route.needs)
    assert (
        route.path.endswith("/")
        or route.name in ("home", "health", "ready", "metrics")
        or "." in route.path.rsplit("/", 1)[-1]
    )


@pytest.mark.parametrize("route", ACCOUNT, ids=str)
def test_an_anonymous_finds_nothing(route: Route, owning: Landlord) -> None:
    address = route.address(owning.real)
    assert Client().get(address).status_code == 404
    if route.writes:
        assert Client().post(address).status_code == 404


@pytest.mark.parametrize("route", ACCOUNT, ids=str)
def test_a_stranger_finds_nothing(route: Route, owning: Landlord, stranger: Landlord) -> None:
    browser, address = stranger.owner.browser(), route.address(owning.real)
    assert browser.get(address).status_code == 404
    if route.writes:
        assert browser.post(address).status_code == 404


@pytest.mark.parametrize("route", [route for route in ACCOUNT if len(route.needs) > 1], ids=str)
def test_things_of_another_landlord_do_not_exist_under_ones_own_account(
    route: Route, owning: Landlord, stranger: Landlord
) -> None:
    address = route.address({**owning.real, "account": stranger.owner.account.reference})
    assert stranger.owner.browser().get(address).status_code == 404
    if route.writes:
        assert stranger.owner.browser().post(address).status_code == 404


@pytest.mark.parametrize("route", ACCOUNT, ids=str)
def test_the_owner_is_answered_and_reading_writes_nothing(route: Route, owning: Landlord) -> None:
    browser, written = owning.owner.browser(), []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        words = str(sql).lstrip(" (\n")
        if words.upper().startswith(WRITES) or " INTO " in words.upper().split("SELECT")[0]:
            written.append(words)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        answer = browser.get(route.address(owning.real))
    assert answer.status_code in (200, 302)
    allowed = (KEPT_ALIVE, NOTED) if "Content-Disposition" in answer.headers else KEPT_ALIVE
    assert [sql for sql in written if not sql.startswith(allowed)] == []


@pytest.mark.parametrize("route", OPEN, ids=str)
def test_anybody_is_answered_where_no_account_is_named(route: Route, owning: Landlord) -> None:
    status = Client().get(route.address(owning.real)).status_code
    assert status == 404 if route.access.demonstration else status in (200, 302)


@pytest.mark.parametrize("route", WRITING, ids=str)
def test_a_form_from_elsewhere_is_refused(route: Route, owning: Landlord) -> None:
    browser = owning.owner.browser()
    browser.handler.enforce_csrf_checks = True
    assert browser.post(route.address(owning.real)).status_code == 403


@pytest.mark.parametrize("route", READING_ONLY, ids=str)
def test_a_page_that_only_reads_takes_no_form(route: Route, owning: Landlord) -> None:
    assert owning.owner.browser().post(route.address(owning.real)).status_code in (404, 405)
