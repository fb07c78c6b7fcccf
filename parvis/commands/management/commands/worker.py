"""Send what is due, e-mails and letters, read the files of rents that wait, run the tasks that are due.

Run as many as wanted; stop with SIGTERM.
"""

from __future__ import annotations

import signal
import time
from threading import Event
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connection

from parvis.correspondence import worker
from parvis.declarations.bulk import intake
from parvis.kit import clock
from parvis.upkeep.clockwork import running

LOOKS_EVERY_SECONDS = 0.25
WAITS_FOR_DATABASE_SECONDS = 2.0
LOOKS_FOR_TASKS_EVERY_SECONDS = 5.0

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    """SIGTERM and Ctrl-C let the message in hand finish."""

    help = "Send the e-mails and letters that are due and read the files of rents, as they come."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to stay."""
        parser.add_argument("--once", action="store_true", help="stop as soon as nothing is due")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        stopped = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        log.info("worker_started")
        _work(stopped, once=options["once"])
        log.info("worker_stopped")


def _work(stopped: Event, *, once: bool) -> None:
    sender, tasks_at = worker.Worker(), 0.0
    while not stopped.is_set():
        try:
            if time.monotonic() >= tasks_at:
                # One task at a time, so that codes leave in between.
                more = running.run_next(at=clock.now()) is not None
                tasks_at = 0.0 if more else time.monotonic() + LOOKS_FOR_TASKS_EVERY_SECONDS
            if sender.run_one(at=clock.now()) or intake.work_one(at=clock.now()) or not tasks_at:
                continue
        except (OperationalError, InterfaceError):
            log.exception("database_away")
            connection.close()
            stopped.wait(WAITS_FOR_DATABASE_SECONDS)
            continue
        except Exception:
            # One file that cannot be read must not keep codes and letters from leaving: it is told, and tried again later.
            log.exception("work_failed")
            if once:
                raise
            stopped.wait(WAITS_FOR_DATABASE_SECONDS)
            continue
        sender.rest()
        if once:
            break
        stopped.wait(LOOKS_EVERY_SECONDS)
    sender.stop()
