"""The stage of the long stories: a real server, a clock one can turn, the post, browsers for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from parvis.kit import clock
from tests.browser.person import Person

OpensABrowser = Callable[..., Person]


class Watch:
    """What time it is in the story: it flows from where it was set."""

    def __init__(self) -> None:
        self._shift = timedelta()

    def now(self) -> datetime:
        """The present moment of the story."""
        return datetime.now(UTC) + self._shift

    def set_to(self, moment: datetime) -> None:
        """It is ``moment`` now."""
        self._shift = moment - datetime.now(UTC)

    def passes(self, **time: float) -> None:
        """Some time goes by: ``hours=2``."""
        self._shift += timedelta(**time)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The story's clock; every page lives at its time."""
    made = Watch()
    monkeypatch.setattr(clock, "now", made.now)
    return made


@pytest.fixture
def folders(settings: Settings, tmp_path: Path) -> Settings:
    """Folders of the story's own: letters, deliveries in and out."""
    settings.LETTERS, settings.INBOX, settings.OUTBOX = tmp_path / "letters", tmp_path / "in", tmp_path / "out"
    for folder in (settings.LETTERS, settings.INBOX, settings.OUTBOX):
        folder.mkdir()
    return settings


@pytest.fixture
def someone(browser: Any, live_server: LiveServer) -> Iterator[OpensABrowser]:
    """Opens a browser for one person: ``someone(width=320, theme="dark", script=False)``."""
    opened: list[Person] = []

    def opens(**habits: Any) -> Person:
        opened.append(Person(browser, live_server.url, **habits))
        return opened[-1]

    yield opens
    for person in opened:
        person.leaves()
