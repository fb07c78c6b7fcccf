"""Workers killed at random moments lose nothing and repeat at most one message a kill (security.md, T74 to T76)."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message as Email
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, transaction

from parvis.config import environment
from parvis.correspondence import worker
from parvis.correspondence.models import Message
from parvis.correspondence.services import Draft, queue_many
from tests.factories.correspondence import ADDRESS, AT, CONTEXT, write_texts

KILLS = 10
EMAILS = 900
LETTERS = 150


@dataclass
class Sink:
    """Keeps what it receives."""

    received: list[Email] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.received.append(message_from_bytes(envelope.original_content))
        return "250 OK"


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=0)
    server.port = _free_port()
    server.start()
    yield sink, server.port
    server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _victim(port: int, letters: Path) -> subprocess.Popen[bytes]:
    url = urlsplit(environment.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}")
    env = {
        **os.environ,
        "DATABASE_URL": url.geturl(),
        "PARVIS_EMAIL_HOST": "127.0.0.1",
        "PARVIS_EMAIL_PORT": str(port),
        "PARVIS_LETTERS": str(letters),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.correspondence.victim"],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_nothing_and_repeat_at_most_once_a_kill(
    sink: tuple[Sink, int], letters_folder: Path, settings: Any
) -> None:
    (kept, port), chance = sink, random.Random()
    write_texts()
    drafts = [Draft("tests/emails/hello", CONTEXT, to=f"p{n}@tilleuls.example") for n in range(EMAILS)]
    drafts += [Draft("tests/letters/hello", CONTEXT, to_address=ADDRESS) for _ in range(LETTERS)]
    chance.shuffle(drafts)
    with transaction.atomic():
        references = {message.reference for message in queue_many(drafts, at=AT) if message.to_email}

    endings = _killed_at_random(kept, port, letters_folder, chance)
    assert endings <= {0, -signal.SIGTERM}, "told to stop, a worker finishes its message"

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    worker.run_until_empty(at=datetime.now(UTC) + timedelta(seconds=10))

    copies = Counter(email["X-Parvis-Reference"] for email in kept.received)
    ids = {email["Message-ID"] for email in kept.received}
    marked = sum("X-Parvis-Repeat" in email for email in kept.received)
    again = copies.total() - len(copies)
    assert set(copies) == references, "lost"
    assert not Message.objects.exclude(state="sent").exists()
    assert len(ids) == EMAILS, "a repeat keeps its Message-ID"
    assert again <= KILLS
    assert again <= marked <= KILLS
    numbers = set(Message.objects.filter(channel="letter").values_list("number", flat=True))
    assert len(numbers) == LETTERS
    assert {path.stem for path in letters_folder.glob("*.pdf")} == numbers


def _killed_at_random(kept: Sink, port: int, letters_folder: Path, chance: random.Random) -> set[int]:
    """Two workers, one of them killed again and again; how the last ones ended once told to stop."""
    workers = [_victim(port, letters_folder) for _ in range(2)]
    try:
        for kill in range(KILLS):
            _wait_until(kept, len(kept.received) + chance.randint(5, 60))
            time.sleep(chance.random() / 50)
            victim = workers[kill % 2]
            assert victim.poll() is None
            victim.kill()
            victim.wait()
            workers[kill % 2] = _victim(port, letters_folder)
    finally:
        for left in workers:
            left.terminate()
    return {left.wait(20) for left in workers}


def _wait_until(kept: Sink, count: int) -> None:
    for _ in range(4000):
        if len(kept.received) >= min(count, EMAILS - 200):
            return
        time.sleep(0.005)
    raise AssertionError("The workers send nothing.")
