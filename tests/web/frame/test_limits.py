"""The database's limits, with a second connection that is really in the way."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html import unescape
from threading import Thread
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse

from parvis.config import limits as config
from parvis.upkeep.figures import requests as figures
from parvis.web.frame.errors import busy, limits
from parvis.web.frame.errors.limits import Limits
from tests.factories import declarations as made
from tests.factories.declarations import YEAR
from tests.factories.landlords import Owner, owner
from tests.factories.tenancies import many_tenancies

pytestmark = pytest.mark.django_db(transaction=True)
Somebody = psycopg.Connection[Any]


def connected() -> Somebody:
    words = connection.get_connection_params()
    return psycopg.connect(
        **{name: words[name] for name in ("dbname", "user", "host", "port", "password") if name in words}
    )


@pytest.fixture
def somebody() -> Iterator[Somebody]:
    """Another connection, in a transaction of its own."""
    other = connected()
    yield other
    other.close()


@pytest.fixture(autouse=True)
def _hurried() -> Iterator[None]:
    """This connection as one of the web, in a hurry: a test need not wait two seconds."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'; SET statement_timeout = '2s'")
    figures.forget()
    yield
    connection.close()


def counted() -> dict[tuple[str, str], int]:
    figures.keep()
    return {(line.route, line.status): line.count for line in figures.figures() if not line.status.endswith("xx")}


def in_july(rents: int = 2) -> tuple[Owner, str, list[str]]:
    who = owner()
    many_tenancies(who.landlord, rents)
    made.campaign()
    address = reverse("july-rents", args=[who.account.reference])
    page = who.browser().get(address).content.decode()
    return who, address, re.findall(r'name="(rent-[0-9a-f-]{36})"', page)


def lock_the_counts(other: Somebody) -> None:
    other.execute("SELECT 1 FROM declarations_campaigncount FOR UPDATE")


class TestSomebodyWritesThere:
    def test_what_was_typed_is_given_back_and_sent_again(self, somebody: Somebody) -> None:
        who, address, (field, *_) = in_july()
        lock_the_counts(somebody)
        browser = who.browser()
        answer = browser.post(address, {"annee": str(YEAR), field: '525,"50"', "suite": "verifier"})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert answer["Retry-After"] == "5"
        assert "Quelqu’un d’autre enregistre au même endroit" in page
        fields = {
            name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)
        }
        assert fields[field] == '525,"50"'
        assert not made.drafts_of()
        assert counted() == {("july-rents", "locked"): 1}
        somebody.rollback()
        again = browser.post(address, {name: fields[name] for name in ("annee", field, "suite")})
        assert again.status_code == 302
        assert made.draft_of().typed == '525,"50"'

    def test_a_page_that_keeps_account_by_account_does_not_say_that_nothing_is_kept(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(busy, "_is_our_form", lambda _: True)

        def locked(_: Any) -> HttpResponse:
            raise OperationalError from psycopg.errors.LockNotAvailable()

        assert "Nous ne savons pas" in asked(locked, method="post", name="rents-across").content.decode()
        assert "pas enregistré. Vous" in asked(locked, method="post", name="rents-across-check").content.decode()

    def test_a_line_saved_by_a_script_is_told_in_a_word(self, somebody: Somebody) -> None:
        who, _, (field, *_) = in_july()
        lock_the_counts(somebody)
        line = reverse("july-rent-save", args=[who.account.reference, field.removeprefix("rent-")])
        answer = who.browser().post(f"{line}?annee={YEAR}", {field: "525"}, headers={"HX-Request": "true"})
        assert answer.status_code == 409
        assert answer["Content-Type"].startswith("text/plain")
        assert b"<" not in answer.content

    def test_what_a_script_keeps_is_told_as_it_reads_it(self, somebody: Somebody) -> None:
        who, address, (field, *_) = in_july()
        lock_the_counts(somebody)
        answer = who.browser().post(address, {"annee": str(YEAR), field: "525"}, headers={"Sec-Fetch-Dest": "empty"})
        assert answer.status_code == 409
        assert answer.json()["sentence"].startswith("quelqu’un d’autre")


def asked(view: Any, *, method: str = "get", name: str = "tenants") -> HttpResponse:
    request = getattr(RequestFactory(), method)("/", HTTP_HOST="localhost")
    request.resolver_match = SimpleNamespace(view_name=name)
    return Limits(lambda _: HttpResponse()).process_view(request, view, (), {})  # type: ignore[return-value]


class TestTheDatabaseChoosesBetweenTwo:
    """Two connections that wait for each other: PostgreSQL gives one up, ours."""

    def _crossed(self, other: Somebody) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS crossed (id int PRIMARY KEY)")
            cursor.execute("INSERT INTO crossed VALUES (1), (2) ON CONFLICT DO NOTHING")
            cursor.execute("SET lock_timeout = '8s'; SET statement_timeout = '8s'; SET deadlock_timeout = '100ms'")
        other.execute("SET deadlock_timeout = '20s'")
        other.execute("SELECT 1 FROM crossed WHERE id = 2 FOR UPDATE")
        threads: list[Thread] = []

        def view(_: Any) -> HttpResponse:
            if threads:
                threads[0].join(5)  # the one that was kept has its turn
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM crossed WHERE id = 1 FOR UPDATE")
                if not threads:
                    threads.append(Thread(target=self._goes_on, args=(other,)))
                    threads[0].start()
                    while not self._waits(cursor, other.info.backend_pid):
                        time.sleep(0.02)
                cursor.execute("SELECT 1 FROM crossed WHERE id = 2 FOR UPDATE")
            return HttpResponse("read")

        return view

    @staticmethod
    def _waits(cursor: Any, pid: int) -> bool:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted)", [pid])
        return bool(cursor.fetchone()[0])

    @staticmethod
    def _goes_on(other: Somebody) -> None:
        other.execute("SELECT 1 FROM crossed WHERE id = 1 FOR UPDATE")
        other.commit()

    @pytest.fixture(autouse=True)
    def _tidied(self) -> Iterator[None]:
        yield
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS crossed")

    def test_a_page_that_reads_is_asked_again(self, somebody: Somebody) -> None:
        assert asked(self._crossed(somebody)).content == b"read"
        assert counted() == {}

    def test_what_writes_is_not_done_again_unasked(self, somebody: Somebody) -> None:
        assert asked(self._crossed(somebody), method="post").status_code == 409
        assert counted() == {("tenants", "locked"): 1}


def slow(_: Any) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(2.5)")
    return HttpResponse("done")


def test_what_takes_too_long_is_given_up_in_words() -> None:
    answer = asked(slow)
    assert answer.status_code == 503
    assert "La réponse tarde trop" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()
    assert counted() == {("tenants", "slow"): 1}


def test_a_file_may_take_longer_and_only_it() -> None:
    assert asked(slow, name="tenants-export").content == b"done"
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("2s",)
    assert asked(slow).status_code == 503


def test_pages_that_may_take_longer_exist() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert set(limits.LONGER) <= names


def _raises(error: Exception, cause: Exception | None) -> Any:
    def view(_: Any) -> HttpResponse:
        raise error from cause

    return view


def test_a_database_that_is_away_is_told_with_no_question_to_it(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = asked(_raises(OperationalError(), psycopg.OperationalError("the server closed the connection")))
    assert answer.status_code == 503
    assert "Le service est interrompu un moment" in answer.content.decode()


def test_a_fault_of_ours_is_not_hidden() -> None:
    with pytest.raises(ProgrammingError):
        asked(_raises(ProgrammingError(), psycopg.errors.UndefinedTable("no such table")))


def test_a_password_is_typed_again_and_never_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    away = _raises(OperationalError(), psycopg.OperationalError("gone"))
    monkeypatch.setattr("parvis.web.account.views.sign_in.sign_in", lambda *_, **__: away(None), raising=False)
    monkeypatch.setattr("parvis.web.frame.page.clock.now", lambda: away(None))
    answer = Client().post(reverse("sign-in"), {"identifier": "LOG012345A", "password": "Tilleul-1987-rouge"})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert '<input type="hidden" name="identifier" value="LOG012345A">' in page
    assert "Tilleul" not in page
    assert re.search(r'name="password" type="password"', page)


def test_a_form_from_elsewhere_is_not_offered_to_be_sent_again() -> None:
    foreign = {"identifier": "LOG012345A", "csrfmiddlewaretoken": "x" * 64}
    strict, lenient = Client(enforce_csrf_checks=True), Client()
    strict.defaults[limits.FULL] = lenient.defaults[limits.FULL] = "1"
    answer = strict.post(reverse("sign-in"), foreign)
    assert answer.status_code == 503
    assert "Trop de monde en ce moment" in answer.content.decode()
    assert "LOG012345A" not in answer.content.decode()
    ours = lenient.post(reverse("sign-in"), foreign)
    assert "LOG012345A" in ours.content.decode()


def test_a_connection_of_the_web_asks_for_its_limits() -> None:
    database: dict[str, Any] = {"OPTIONS": {"options": "-c search_path=public"}}
    config.hold(database)
    words = connection.get_connection_params()
    known = {name: words[name] for name in ("dbname", "user", "host", "port", "password") if name in words}
    with psycopg.connect(**known, options=database["OPTIONS"]["options"]) as other:
        told = {name: other.execute(f"SHOW {name}").fetchone() for name in (*config.SETTINGS, "search_path")}
    assert told == {
        "lock_timeout": ("2s",),
        "statement_timeout": ("5s",),
        "idle_in_transaction_session_timeout": ("1min",),
        "search_path": ("public",),
    }
