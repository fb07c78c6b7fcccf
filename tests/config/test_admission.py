"""A process that is full says so at once; whoever is in is answered, and machines always are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from io import BytesIO
from threading import Event, Thread
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.http import HttpResponse, StreamingHttpResponse

from parvis.config import admission
from parvis.config.admission import Admission
from parvis.upkeep.figures import requests as figures
from parvis.web.frame.errors.full import Full

pytestmark = pytest.mark.django_db(transaction=True)


def environ(path: str = "/connexion/", method: str = "GET", **more: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost", "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "HTTP_HOST": "localhost", **more,
    }  # fmt: skip


class Busy:
    """Pages that are slow until they are let go."""

    def __init__(self) -> None:
        self.go, self.inside = Event(), 0
        self.pids: set[int] = set()

    def __call__(self, asked: dict[str, Any], start_response: Any) -> Any:
        self.inside += 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.pids.add(cursor.fetchone()[0])
        self.go.wait(10)
        return HttpResponse(b"done")


def refusing(*_: Any) -> list[bytes]:
    return [b"full"]


_OPEN: list[Admission] = []
_ASKING: list[Thread] = []


def opened(pages: Any, refuse: Any = refusing, **words: int) -> Admission:
    _OPEN.append(Admission(pages, refuse, **words))
    return _OPEN[-1]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    for thread in _ASKING:
        thread.join(20)
    for door in _OPEN:
        door.close()
    _ASKING.clear()
    _OPEN.clear()


def asks(door: Admission, count: int, **words: Any) -> tuple[list[Any], list[Thread]]:
    answers: list[Any] = []
    threads = [Thread(target=lambda: answers.append(door(environ(**words), None)), daemon=True) for _ in range(count)]
    _ASKING.extend(threads)
    for thread in threads:
        thread.start()
    return answers, threads


def until(said: Any) -> None:
    for _ in range(500):
        if said():
            return
        time.sleep(0.01)
    raise AssertionError


@pytest.fixture
def busy() -> Iterator[Busy]:
    pages = Busy()
    yield pages
    pages.go.set()


def test_some_are_served_some_wait_the_others_are_told_at_once(busy: Busy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "PATIENCE_SECONDS", 20.0)
    door = opened(busy, at_once=2, in_line=3)
    answers, threads = asks(door, 20)
    # Two thirds of the line for whoever reads: 2 are served, 2 wait, 16 are refused while nobody has been served yet.
    until(lambda: len(answers) == 16)
    assert busy.inside == 2
    assert answers == [[b"full"]] * 16
    senders, more = asks(door, 5, method="POST")
    until(lambda: len(senders) == 4)
    busy.go.set()
    for thread in [*threads, *more]:
        thread.join(10)
    assert answers.count([b"done"]) == 4
    assert senders.count([b"done"]) == 1
    assert len(busy.pids) <= 2, "a place has a connection, a thread has none"


def test_nobody_waits_longer_than_patience(busy: Busy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "PATIENCE_SECONDS", 0.2)
    door = opened(busy, at_once=1, in_line=3)
    asks(door, 1)
    until(lambda: busy.inside)
    began = time.monotonic()
    assert door(environ(), None) == [b"full"]
    assert 0.15 < time.monotonic() - began < 5


def test_whoever_watches_is_answered_when_it_is_full(busy: Busy) -> None:
    door = opened(busy, at_once=1, in_line=0)
    asks(door, 1)
    until(lambda: busy.inside)
    watched, threads = asks(door, 1, path="/readyz")
    until(lambda: busy.inside == 2)
    assert door(environ(), None) == [b"full"]
    busy.go.set()
    threads[0].join(10)
    assert watched == [[b"done"]]


def test_a_fault_gives_its_place_back() -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    door = opened(broken, at_once=1, in_line=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            door(environ(), None)


def test_what_is_sent_bit_by_bit_keeps_its_place_and_its_connection() -> None:
    def pages(*_: Any) -> Any:
        def parts() -> Iterator[bytes]:
            for _ in range(2):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    yield str(cursor.fetchone()[0]).encode()

        return StreamingHttpResponse(parts())

    own = connections["default"]
    door = opened(pages, at_once=1, in_line=0)
    answer = door(environ(), None)
    assert door(environ(), None) == [b"full"]
    first, second = list(answer)
    assert first == second
    answer.close()
    answer.close()
    again = door(environ(), None)
    assert next(again) == first
    again.close()
    assert connections["default"] is own, "whose thread it was has its own connection again"


def refused(**words: Any) -> tuple[str, dict[str, str], str]:
    pages = WSGIHandler()
    door = opened(pages, Full(pages), at_once=0, in_line=0)
    told: list[Any] = []
    for _ in range(2):
        told.clear()
        body = b"".join(door(environ(**words), lambda *answer: told.extend(answer)))
    return told[0], dict(told[1]), body.decode()


def test_the_page_is_drawn_as_others_with_their_headers() -> None:
    figures.forget()
    status, headers, page = refused()
    assert status == "503 Service Unavailable"
    assert headers["Retry-After"] == "5"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert int(headers["Content-Length"]) == len(page.encode())
    assert not {"Set-Cookie", "X-Request-Id"} & set(headers)
    assert "Trop de monde en ce moment" in page
    assert "data-theme" not in page
    assert 'data-theme="dark"' in refused(HTTP_COOKIE="theme=dark; session=x")[2]
    figures.keep()
    assert {(line.route, line.status): line.count for line in figures.figures()}[("none", "full")] >= 4


def test_each_is_told_in_its_own_form_whoever_came_first() -> None:
    full = Full(WSGIHandler())
    told: list[Any] = []

    def kind(**words: str) -> tuple[str, bool]:
        told.clear()
        body = b"".join(full(environ(**words), lambda *answer: told.extend(answer)) or [])
        return dict(told[1])["Content-Type"].partition(";")[0], b"rop de monde" in body

    forms: tuple[tuple[dict[str, str], str], ...] = (
        ({"HTTP_ACCEPT": "application/json"}, "application/json"),
        ({"HTTP_HX_REQUEST": "true"}, "text/plain"),
        ({"HTTP_ACCEPT": "text/html"}, "text/html"),
        ({"HTTP_SEC_FETCH_DEST": "empty"}, "application/json"),
    )
    for words, form in [*forms, *reversed(forms)]:
        assert kind(**words) == (form, True)


def test_a_form_is_given_back_by_a_full_process_too() -> None:
    body = b"identifier=LOG012345A&csrfmiddlewaretoken=" + b"x" * 32
    sent: dict[str, Any] = {
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
    }
    pages = WSGIHandler()
    door = opened(pages, Full(pages), at_once=0, in_line=0)
    told: list[Any] = []
    asked = environ(method="POST", HTTP_COOKIE="csrf=" + "x" * 32, **sent)
    answer = door(asked, lambda *words: told.extend(words))
    page = b"".join(answer).decode()
    assert told[0].startswith("503")
    assert 'name="identifier" value="LOG012345A"' in page
