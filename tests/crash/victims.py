"""Processes made to be killed: they work on the tests' own database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from parvis.config import environment
from parvis.kit.actors import system

BY = system("worker")
GRANIAN = [
    "--interface",
    "wsgi",
    "parvis.config.wsgi:application",
    "--host",
    "127.0.0.1",
    "--workers",
    "1",
    "--blocking-threads",
    "2",
    "--no-ws",
    "--log-level",
    "error",
]


def surroundings(**more: str) -> dict[str, str]:
    """The environment of a process on the tests' database."""
    url = urlsplit(environment.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}")
    return {**os.environ, "DATABASE_URL": url.geturl(), "DJANGO_SETTINGS_MODULE": "parvis.config.settings", **more}


def command(*words: str, **more: str) -> subprocess.Popen[bytes]:
    """``parvis WORDS``, started."""
    return subprocess.Popen(
        [sys.executable, "-m", "parvis", *words],
        env=surroundings(**more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def task(name: str, at: datetime, **more: str) -> subprocess.Popen[bytes]:
    """One task of the clockwork, at work as if it were ``at``."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.crash.does", name, at.isoformat()],
        env=surroundings(**more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def killed_once(victim: subprocess.Popen[bytes], is_at_work: Callable[[], bool], after: float) -> bool:
    """Kill a process so many seconds after it began to write; False if it was faster."""
    while victim.poll() is None and not is_at_work():
        time.sleep(0.005)
    time.sleep(after)
    alive = victim.poll() is None
    victim.kill()
    victim.wait()
    return alive


def is_writing(table: str) -> bool:
    """Whether another process is changing a table in a transaction that is not over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE c.relname = %s"
            " AND l.mode = 'RowExclusiveLock' AND l.pid <> pg_backend_pid())",
            [table],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """granian with one worker, in a process group of its own, so that one signal kills all of it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        granian = Path(sys.executable).with_name("granian")
        self.process = subprocess.Popen(
            [str(granian), *GRANIAN, "--port", str(self.port)],
            env=surroundings(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(4_000):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.025)
        raise AssertionError("The server does not answer.")

    def kill(self) -> None:
        """As a power cut would."""
        assert self.process is not None
        os.killpg(self.process.pid, 9)
        self.process.wait()
