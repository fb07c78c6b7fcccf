"""The demonstration's mail server: what it receives goes into a folder, and nowhere else."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import time
from pathlib import Path
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser


class Pigeonholes:
    """Keeps each e-mail as one ``.eml`` file, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Write it down before saying yes."""
        name = f"{time.time_ns()}-{secrets.token_hex(3)}.eml"
        part = self.folder / f".{name}.part"
        with part.open("wb") as file:
            file.write(envelope.original_content or b"")
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.folder / name)
        return "250 Message kept"


class Command(BaseCommand):
    """For demonstration and training instances: no e-mail leaves the machine."""

    help = "Receive every e-mail by SMTP and keep it for the demonstration's mailbox."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.EMAIL_PORT)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, until told to stop."""
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # every line of the dialogue otherwise
        stopped = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        settings.MAILBOX.mkdir(parents=True, exist_ok=True)
        server = Controller(Pigeonholes(settings.MAILBOX), hostname=options["host"], port=options["port"])
        server.start()
        stopped.wait()
        server.stop()
