"""Every act of agents × each role × own office, another, everywhere: what the table of duties says, and nothing written beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from parvis.agents.posts import DUTIES, Role
from parvis.kit.actors import Duty
from tests.factories.agents import SQUARE, Colleague, colleague
from tests.factories.back_office import PLACE, everywhere, opened_by, things
from tests.factories.landlords import office
from tests.house.routes import Route, every_route

ROUTES = [route for route in every_route() if route.access is not None and route.access.agent]
WITH_A_DUTY = [route for route in ROUTES if route.access.code.removeprefix("agent:") in set(Duty)]
ACTS = [route for route in WITH_A_DUTY if route.writes]
BUTTONS = {"agent-campaign-waves", "agent-batch", "agent-conversation"}
"""Pages of several acts: a form that names none of them asks for nothing there is."""
OF_AN_OFFICE = {"partner", "manual", "flagged", "tenancy", "conversation", "alert"}
"""What a landlord or an agent of one office is about: to another office's agents it does not exist."""
NOT_WRITTEN = {"agent-batch-file", "file-replacement-paper"}
"""The files of a batch are on disk, and gone once posted; nobody asked for a replacement here."""
WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "COPY", "MERGE")
ALLOWED = ('UPDATE "agents_agentsession"', "INSERT INTO audit_entry", "SAVEPOINT", 'INSERT INTO "django_session"')


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[tuple[Any, dict[str, Any]]]:
    """One of everything, made once for the module."""
    folder: Path = tmp_path_factory.mktemp("square")
    with django_db_blocker.unblock():
        around = transaction.atomic()
        around._from_testcase = True  # type: ignore[attr-defined]
        around.__enter__()
        try:
            office("751", "Caf de Paris")
            yield things(folder)
        finally:
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


@contextmanager
def written() -> Iterator[list[str]]:
    """What is written meanwhile, besides the session and the journal."""
    found: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        words = str(sql).lstrip(" (\n")
        if words.upper().startswith(WRITES) and not words.startswith(ALLOWED):
            found.append(words[:120])
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield found


def _answered(route: Route, status: int) -> bool:
    return status in (200, 302, 405) or route.name in NOT_WRITTEN or (status == 404 and route.name in BUTTONS)


def _duty(route: Route) -> Duty:
    return Duty(route.access.code.removeprefix("agent:"))


def _asked(route: Route, who: Colleague, real: dict[str, Any]) -> tuple[int, list[str]]:
    browser: Client = who.browser()
    with written() as found:
        answer = browser.post(route.address(real)) if route.writes else browser.get(route.address(real))
        answer.getvalue()
    return answer.status_code, found


@pytest.mark.parametrize("route", WITH_A_DUTY, ids=str)
@pytest.mark.parametrize(("role", "place"), SQUARE)
def test_the_square(route: Route, role: Role, place: str, made: tuple[Any, dict[str, Any]], db: None) -> None:
    """A role without the duty is told so; with it, at another office, there is no such thing; nothing is written either way."""
    someone, real = made
    who, duty = colleague((role, place)), _duty(route)
    here, about = place in ("", PLACE), OF_AN_OFFICE & set(route.needs)
    if here and Duty.OPEN_FILES in DUTIES[role] and "partner" in route.needs and route.name != "file-reason":
        opened_by(who, someone)
    status, found = _asked(route, who, real)
    if duty not in DUTIES[role]:
        assert (status, found) == (403, [])
    elif about and not here:
        assert (status, found) == (404, [])
    else:
        assert _answered(route, status), f"{status}: {role.label} holds « {duty.label} » here"


def test_every_duty_opens_something_and_every_act_needs_one() -> None:
    assert {_duty(route) for route in WITH_A_DUTY} == set(Duty)
    free = {route.name for route in ROUTES if route not in WITH_A_DUTY and route.writes}
    assert free == {
        "agent-own-password", "agent-own-recovery", "agent-own-session", "agent-sign-in", "agent-code", "agent-enrolment",
        "agent-enrolment-code", "agent-sign-out", "agent-keep-alive",
        # Of which duty depends on the file: tests/web/backoffice/office/test_exports.py.
        "agent-export-ask", "agent-export-decide", "agent-export-file",
    }  # fmt: skip
    assert len(ACTS) > 30


def test_who_holds_all_may_ask_all(made: tuple[Any, dict[str, Any]], db: None) -> None:
    someone, real = made
    who = everywhere()
    opened_by(who, someone)
    refused = {}
    for route in WITH_A_DUTY:
        answer = who.browser().get(route.address(real))
        answer.getvalue()
        if answer.status_code not in (200, 302, 405) and route.name not in NOT_WRITTEN:
            refused[route.name] = answer.status_code
    assert refused == {}


def test_nobody_signed_in_is_sent_to_the_door(made: tuple[Any, dict[str, Any]], db: None) -> None:
    for route in WITH_A_DUTY:
        answer = Client().post(route.address(made[1])) if route.writes else Client().get(route.address(made[1]))
        assert answer.status_code == 302, route
        assert answer["Location"].startswith("/agents/connexion/"), route
