"""What all tests share: a closed network, one browser, the pages they have seen, and a database that comes back clean."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.base import BaseHandler
from django.db import DEFAULT_DB_ALIAS, connection, connections
from pytest_django.plugin import blocking_manager_key

from tests.browser import chromium
from tests.house import seen

SIDE_BY_SIDE = "PYTEST_XDIST_WORKER" in os.environ
"""One process of several: each has a PostgreSQL, keys and folders of its own (tests/environment.py)."""
LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", ""}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Transactional tests begin with the rows the migrations wrote. Browsers come late, what judges all pages last."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is not None and marker.kwargs.get("transaction") and "serialized_rollback" not in marker.kwargs:
            item.add_marker(pytest.mark.django_db(**{**marker.kwargs, "serialized_rollback": True}), append=False)
        if item.get_closest_marker("browser") and chromium.find() is None:
            item.add_marker(pytest.mark.skip(reason="needs a Chromium: tools/browser installs one"))
    items.sort(key=lambda item: (item.get_closest_marker("last") is not None, _needs_browser(item)))


def _needs_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


ROWS_OF_THE_MIGRATIONS = pytest.StashKey[str | None]()
"""None in a run without transactional tests: Django keeps them for these alone."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest) -> None:
    """Emptying tables between transactional tests must pass the journal's guard, which a test of its own puts back."""
    request.config.stash[ROWS_OF_THE_MIGRATIONS] = getattr(connection, "_test_serialized_contents", None)
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_no_truncate")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After a transactional test every table is empty; the next test finds what the migrations wrote.

    Django brings it back for transactional tests alone, and counts on their coming last; file by file they do not.
    """
    yield
    rows = item.config.stash.get(ROWS_OF_THE_MIGRATIONS, None)
    if rows is not None and nextitem is not None and _empties_tables(item) and not _empties_tables(nextitem):
        with item.config.stash[blocking_manager_key].unblock():
            connection.creation.deserialize_db_from_string(rows)
            connection.close()


def _empties_tables(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    names = getattr(item, "fixturenames", ())
    return "live_server" in names or "transactional_db" in names or bool(marker and marker.kwargs.get("transaction"))


@pytest.fixture
def some_without_administrator(db: None) -> Iterator[None]:
    """For tests of what happens to who is closed or stripped, whatever becomes of their organisation."""
    from parvis.identity.models import Nature
    from parvis.landlords.models import Landlord
    from parvis.landlords.selectors.users import administrators
    from tests.factories.landlords import owner
    from tests.factories.users import moment

    yield
    for landlord in Landlord.objects.filter(partner__nature=Nature.CORPORATE):
        if not administrators(landlord.pk, at=moment()):
            owner(landlord)


@pytest.fixture(autouse=True)
def _parameters_of_nobody_else() -> Iterator[None]:
    """A parameter, a text or a banner that one test changed is read anew by the next one."""
    from parvis.parameters import kept

    yield
    kept.forget()


@pytest.fixture(autouse=True)
def _heads_of_nobody_else() -> Iterator[None]:
    """What one test sealed outside the database is no tampering in the eyes of the next one, whose journal is another."""
    from parvis.audit import sealing

    yield
    sealing.heads_path().unlink(missing_ok=True)


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The one Chromium of the run. Playwright keeps an event loop in this thread, which Django would take for its own.

    While it turns, Django gives this thread another connection: it is told what the migrations wrote, so that transactional
    tests begin with it there too.
    """
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch:
        if chromium.LIBRARIES.exists():
            patch.setenv("LD_LIBRARY_PATH", chromium.LIBRARIES.read_text(), prepend=":")
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            launched = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
            rows = request.config.stash.get(ROWS_OF_THE_MIGRATIONS, None)
            if rows is not None:
                beside: Any = connections[DEFAULT_DB_ALIAS]
                beside._test_serialized_contents = rows
            yield launched
            launched.close()
            # Out of reach once the loop is gone: it would keep the database from being dropped.
            connections[DEFAULT_DB_ALIAS].close()


@pytest.fixture(scope="session", autouse=True)
def _closed_network() -> Iterator[None]:
    """Nothing leaves this machine: a test that calls elsewhere fails, instead of passing where there is a network."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def checked(call: Any) -> Any:
        def checked_call(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
                raise AssertionError(f"A test called {address[0]}: the network is closed.")
            return call(self, address)

        return checked_call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", checked(connect))
        patch.setattr(socket.socket, "connect_ex", checked(connect_ex))
        yield


@pytest.fixture(scope="session", autouse=True)
def _pages_seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what every test was answered: tests/house/test_html.py judges it all at once, at the end.

    Tests that run side by side (``pytest -n``) have no last one: each process judges then what it has seen itself.
    """
    answer = BaseHandler.get_response

    def kept(self: BaseHandler, request: Any) -> Any:
        response = answer(self, request)
        seen.keep(request, response)
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseHandler, "get_response", kept)
        yield
    if SIDE_BY_SIDE and seen.pages():
        assert sorted(set(seen.faults(tmp_path_factory.mktemp("seen"), seen.pages()))) == []
