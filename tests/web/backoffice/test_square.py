"""Every act of agents × each role × own office, another, everywhere: what the table of duties says, and nothing written beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from parvis.agents.posts import DUTIES, Role
from parvis.agents.services.openings import open_file
from parvis.audit.models import Entry
from parvis.kit.actors import Duty
from tests.factories import agent_acts
from tests.factories.agent_stages import Try
from tests.factories.agents import SQUARE, Colleague, colleague
from tests.factories.back_office import PLACE, everywhere, opened_by, things
from tests.factories.landlords import Owner, office
from tests.house.routes import Route, every_route

ROUTES = [route for route in every_route() if route.access is not None and route.access.agent]
WITH_A_DUTY = [route for route in ROUTES if route.access.code.removeprefix("agent:") in set(Duty)]
ACTS = [route for route in WITH_A_DUTY if route.writes]
OF_AN_OFFICE = {"partner", "manual", "flagged", "tenancy", "conversation", "alert"}
"""What a landlord or an agent of one office is about: to another office's agents it does not exist."""
MORE = {"agent-campaign-waves": Duty.RUN_CAMPAIGN}
"""Pages whose buttons take another duty than reading them does."""
UNNAMED = {"viewing-leave", "agent-returns"}
"""Pages that name nothing in their address: what is viewed or typed there is of the landlord's office, and does not exist elsewhere."""
NOT_WRITTEN = {"agent-batch-file", "file-replacement-paper"}
"""The files of a batch are on disk, and gone once posted; nobody asked for a replacement here."""
READ = ("agents.file_read", "agents.looked", "agents.listed", "agents.paper_opened")
"""What the journal notes of who only looked."""
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
    return status in (200, 302, 405) or route.name in NOT_WRITTEN


def _duty(route: Route) -> Duty:
    return Duty(route.access.code.removeprefix("agent:"))


def _asked(route: Route, who: Colleague, real: dict[str, Any], form: dict[str, Any]) -> tuple[int, list[str]]:
    browser: Client = who.browser()
    with written() as found:
        answer = browser.post(route.address(real), form) if route.writes else browser.get(route.address(real))
        answer.getvalue()
    return answer.status_code, found


_SAID = re.compile(
    r'<(?:p|li)[^>]*>((?:<b>Erreur|<a href="#id_|[^<]*(?:refus|attend|impossible)).*?)</(?:p|li)>', re.DOTALL
)


def _tried(route: Route, who: Colleague, someone: Owner, real: dict[str, Any]) -> tuple[int, list[str], str]:
    """A valid form is posted: the status, what the journal says was done, and what the page said."""
    act, browser = agent_acts.ACTS[route.name], who.browser()
    more, typed = act.prepare(Try(real, someone, browser)) if act.prepare else ({}, {})
    partner = {**real, **more}["partner"]
    before = Entry.objects.latest("pk").pk
    if "partner" in more:
        open_file(who.agent.pk, partner, reason="call", note="", by=who.actor, at=datetime.now(UTC))
        before = Entry.objects.latest("pk").pk
    query = f"?{more['?']}" if "?" in more else ""
    answer = browser.post(route.address({**real, **more}) + query, {**act.form, **typed})
    page = answer.getvalue().decode(errors="replace")
    noted = Entry.objects.filter(pk__gt=before, actor_label=who.agent.login).exclude(event__in=READ)
    done = list(noted.values_list("event", flat=True))
    if act.shows:
        done = [act.shows] if act.shows in page.upper() else []
    return answer.status_code, done, " ".join(_SAID.findall(page))


@pytest.mark.parametrize("route", WITH_A_DUTY, ids=str)
@pytest.mark.parametrize(("role", "place"), SQUARE)
def test_the_square(route: Route, role: Role, place: str, made: tuple[Any, dict[str, Any]], db: None) -> None:
    """A role without the duty is told so; with it, at another office, there is no such thing; nothing is written either way,
    whether the form is good or empty. With it, here, an act whose form is good is done, and the journal says what.
    """
    someone, real = made
    who, duty = colleague((role, place)), _duty(route)
    here, about = place in ("", PLACE), OF_AN_OFFICE & set(route.needs)
    of_a_file = route.name == "viewing-leave" or ("partner" in route.needs and route.name != "file-reason")
    if here and of_a_file and Duty.OPEN_FILES in DUTIES[role]:
        opened_by(who, someone)
    refused = 403 if duty not in DUTIES[role] else 404 if about and not here else None
    if refused is not None or not route.writes:
        for form in (agent_acts.ACTS[route.name].form, {}) if route.writes else ({},):
            status, found = _asked(route, who, real, form)
            assert (status, found) == (refused, []) if refused else _answered(route, status), f"{status}: {role.label}"
        return
    status, done, said = _tried(route, who, someone, real)
    if route.name in UNNAMED and not here:
        assert done == []
    elif MORE.get(route.name, duty) in DUTIES[role]:
        assert (status, bool(done)) == (agent_acts.ACTS[route.name].status, True), said
    else:
        assert (status, done) == (403, [])


@pytest.mark.parametrize("route", ACTS, ids=str)
def test_each_act_takes_effect(route: Route, made: tuple[Any, dict[str, Any]], db: None) -> None:
    """The forms the square is tried with are good: posted by whoever holds every duty everywhere, each act is done, and noted."""
    someone, real = made
    who = everywhere()
    if route.name != "file-reason":
        opened_by(who, someone)
    status, done, said = _tried(route, who, someone, real)
    assert (status, bool(done)) == (agent_acts.ACTS[route.name].status, True), said


def test_every_duty_opens_something_and_every_act_needs_one() -> None:
    assert {_duty(route) for route in WITH_A_DUTY} == set(Duty)
    free = {route.name for route in ROUTES if route not in WITH_A_DUTY and route.writes}
    assert free == {
        "agent-own-password", "agent-own-recovery", "agent-own-session", "agent-sign-in", "agent-code", "agent-enrolment",
        "agent-enrolment-code", "agent-sign-out", "agent-keep-alive",
        # Of which duty depends on the file: tests/web/backoffice/office/test_exports.py.
        "agent-export-ask", "agent-export-decide", "agent-export-file",
    }  # fmt: skip
    assert {route.name for route in ACTS} == set(agent_acts.ACTS), "each act has a form: tests/factories/agent_acts.py"


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
