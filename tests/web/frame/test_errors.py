"""The pages that say no."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from parvis.kit.refusals import NotAllowed
from parvis.web.frame import errors

pytestmark = pytest.mark.django_db


def test_an_unknown_address_says_so_and_where_to_sign_in() -> None:
    answer = Client().get("/nulle-part/")
    assert answer.status_code == 404
    assert "Page introuvable" in answer.content.decode()
    assert f'href="{reverse("sign-in")}"' in answer.content.decode()


def test_a_form_that_comes_from_elsewhere_is_refused_in_words() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("sign-in"), {})
    assert answer.status_code == 403
    assert "Cette page a expiré" in answer.content.decode()


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (lambda request: errors.not_allowed(request, NotAllowed("Paiements")), 403, "Vous n’avez pas ce droit"),
        (errors.bad_request, 400, "Cette demande n’a pas pu être lue"),
        (errors.broken, 500, "Le service a un problème"),
    ],
)
def test_each_no_has_its_page(answer, status: int, words: str) -> None:  # type: ignore[no-untyped-def]
    page = answer(RequestFactory().get("/", HTTP_HOST="localhost"))
    assert page.status_code == status
    assert words in page.content.decode()


def test_a_broken_page_gives_a_code_to_tell() -> None:
    first, second = (errors.broken(RequestFactory().get("/", HTTP_HOST="localhost")).content for _ in range(2))
    assert b'id="incident"' in first
    assert first != second


def test_the_log_holds_the_code_and_the_trace_of_what_broke(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(*_: object, **__: object) -> None:
        raise ZeroDivisionError("told by jean@bailleur.example")

    monkeypatch.setattr("parvis.web.frame.page.visit_of", explode)
    client = Client(raise_request_exception=False)
    client.cookies["session"] = "x"
    answer = client.get(reverse("sign-in"))
    assert answer.status_code == 500
    told = next(record for record in caplog.records if "page_broken" in str(record.msg))
    assert isinstance(told.msg, dict)
    assert told.msg["code"] in answer.content.decode()
    assert "ZeroDivisionError" in told.msg["exception"]
    assert "jean@" not in told.msg["exception"]
