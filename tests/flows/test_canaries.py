"""What nobody may read later: the values that were typed and sent are looked for in every log line, address, figure and row."""

from __future__ import annotations

import csv
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from parvis.agents.posts import Role
from parvis.correspondence.models import Message
from parvis.upkeep.figures import requests
from parvis.web.account import steady
from tests.browser import office, post_office, steps
from tests.browser.conftest import Watch
from tests.factories.agents import PASSWORD, colleague
from tests.factories.captcha import answered
from tests.flows.visitor import MAILBOX, Visitor, opens_the_account, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER, NAME = "0005067", "Moreau"
WRONG, NEW_PASSWORD = "Mauvais-Canari-77", "Lanterne-Canari-92!"
IBAN = "FR7630006000011234567890189"


@dataclass
class Heard:
    """Everything a machine keeps of a story: log lines as they were handed over, before any sieve, and addresses."""

    lines: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)

    def hears(self, record: logging.LogRecord) -> None:
        """One line, before any sieve."""
        self.lines.append(f"{record.msg} {record.args} {record.exc_info} {record.getMessage()}")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    found = Heard()
    handler = logging.Handler()
    handler.emit = found.hears  # type: ignore[method-assign]
    loggers = [logging.getLogger(), logging.getLogger("parvis.request")]
    answer = BaseHandler.get_response

    def kept(self: BaseHandler, request: Any) -> Any:
        response = answer(self, request)
        found.addresses += [request.get_full_path(), response.headers.get("Location", "")]
        return response

    monkeypatch.setattr(BaseHandler, "get_response", kept)
    monkeypatch.setattr(steady, "FLOOR_SECONDS", 0.0)
    requests.forget()
    for logger in loggers:
        logger.addHandler(handler)
    yield found
    for logger in loggers:
        logger.removeHandler(handler)


def _code(watch: Watch, heard: Heard, about: str) -> str:
    post_office.deliver(at=watch.now())
    code = post_office.code(post_office.email_to(MAILBOX, about))
    heard.codes.add(code)
    return code


def _comes_back(watch: Watch, heard: Heard, identifier: str) -> Visitor:
    """A wrong password, then a forgotten one, then in."""
    signed_in(identifier, WRONG).sees("ne vont pas ensemble")
    person = Visitor()
    person.goes(reverse("forgotten-password"))
    person.sends(identifier=identifier, **answered(watch.now()))
    person.sends(code=_code(watch, heard, "nouveau mot de passe"))
    person.sends(password=NEW_PASSWORD, password_again=NEW_PASSWORD)
    inside = signed_in(MAILBOX, NEW_PASSWORD)
    inside.sends(code=_code(watch, heard, "est votre code"))
    inside.sees("Bienvenue")
    return inside


def _changes_the_bank(person: Visitor, watch: Watch, heard: Heard) -> None:
    account = person.path.split("/")[2]
    person.goes(reverse("bank-change", args=[account]))
    person.sends(holder="Moreau Jean-Luc", iban=IBAN)
    person.sends(code=_code(watch, heard, "coordonnées bancaires"))
    person.goes(reverse("bank-details", args=[account]))
    person.sees("•••• 0189")


def _an_agent_looks(watch: Watch, heard: Heard, asked: list[str]) -> None:
    """By every value the caller may say; then credentials again."""
    agent, desk = colleague((Role.RECEPTION, "441"), password=PASSWORD), Visitor()
    desk.goes("/agents/")
    desk.sends(login=agent.agent.login, password=PASSWORD)
    code = agent.code(watch.now())
    heard.codes.add(code)
    desk.sends(code=code)
    for value in asked:
        desk.goes("/agents/recherche/")
        desk.sends(asked=value)
        desk.sees("1 résultat")


def _everywhere(text: str) -> list[str]:
    """The tables that hold a text in clear, whatever the column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY relname")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" t WHERE strpos(t::text, %s) > 0)', [text])
            row = cursor.fetchone()
            found += [table] if row and row[0] else []
    return found


def _messages() -> list[str]:
    return [f"{one.subject} {one.body} {one.context}" for one in Message.objects.all()]


def _holds(text: str, value: str) -> bool:
    """Whether a text says a value, blanks within it or not; six digits of a longer number are none of ours."""
    spaced = r"\s?".join(re.escape(sign) for sign in value)
    return re.search(rf"(?<!\w){spaced}(?!\w)", text) is not None


def test_no_secret_and_no_number_of_anybody_is_ever_written_down(watch: Watch, folders: Settings, heard: Heard) -> None:
    with (office.DELIVERY / "landlords.csv").open(encoding="utf-8", newline="") as file:
        known = next(row for row in csv.DictReader(file, delimiter=";") if row["tiers_number"] == NUMBER)
    office.delivers(NUMBER)
    watch.set_to(office.MORNING)
    held = steps.credentials_by_email(MAILBOX)
    opens_the_account(watch)
    heard.codes.add(post_office.code(post_office.email_to(MAILBOX, "est votre code")))
    watch.passes(days=2)
    person = _comes_back(watch, heard, held.identifier)
    _changes_the_bank(person, watch, heard)
    _an_agent_looks(watch, heard, [known["nir"], MAILBOX, f"{NAME} jean-luc"])
    office.takes()
    post_office.deliver(at=watch.now())
    requests.keep()
    figures = Client().get("/metrics").content.decode()

    assert len(heard.codes) >= 4
    assert len(heard.lines) > 40, "hardly anything was heard: the test proves nothing"
    assert any("/agents/recherche/" in address for address in heard.addresses)
    assert "parvis_request_seconds_count" in figures
    secrets = {held.password, steps.OWN_PASSWORD, NEW_PASSWORD, WRONG, PASSWORD}
    numbers = {known["nir"], known["iban"], IBAN}
    told = {"logs": "\n".join(heard.lines), "addresses": "\n".join(heard.addresses), "figures": figures}
    for value in secrets | numbers | heard.codes | {MAILBOX, NAME, NAME.upper(), held.identifier}:
        assert [where for where, text in told.items() if _holds(text, value)] == [], value
    for value in secrets | numbers:
        assert _everywhere(value) == [], value
    for value in heard.codes:
        assert not any(_holds(text, value) for text in _messages()), value
