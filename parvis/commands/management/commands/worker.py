"""Send what is due, e-mails and letters, and read the files of rents that wait. Run as many as wanted; stop with SIGTERM."""

from __future__ import annotations

import signal
from datetime import date, datetime, timedelta
from threading import Event
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connection

from parvis.changes.services import attachments, drafts, leaving
from parvis.correspondence import worker
from parvis.declarations.bulk import intake
from parvis.declarations.services import bundles, campaigns, papers
from parvis.declarations.services.exchange import endings
from parvis.declarations.services.reminders import writing as reminders
from parvis.identity.services import sessions
from parvis.kit import clock
from parvis.kit.actors import system
from parvis.landlords.services.role import replacing, silence
from parvis.tenancies.services import payment_emails

LOOKS_EVERY_SECONDS = 0.25
WAITS_FOR_DATABASE_SECONDS = 2.0
WAITS_AFTER_FAILURE = timedelta(minutes=1)
TIDIES_EVERY = timedelta(minutes=10)
"""How often ended sessions are cleared away, and opening days looked for."""

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


def _tidy(at: datetime, day: date | None) -> date:
    """What comes due by itself; says the day.

    Ended sessions, old files and drafts go, transfers are told, changes held long enough may leave, those nobody agreed to expire. On
    a new day a campaign that opens gets its lines, an administrator who did not answer gives way to the deputy, an
    organisation left alone is told, an end of management takes effect, those who have July rents left are reminded, and
    landlords asked again about what they declared.
    """
    sessions.forget_ended(at=at)
    payment_emails.tell_due(at=at)
    leaving.release_due(by=system("worker"), at=at)
    today = clock.day_in_paris(at)
    if today != day:
        replacing.promote_deputies(by=system("worker"), at=at)
        silence.notice_silent_administrators(by=system("worker"), at=at)
        campaigns.begin_due(by=system("worker"), at=at)
        # Before the reminders: a dwelling that is managed no more is reminded of nothing.
        endings.end_due(by=system("worker"), at=at)
        reminders.remind(by=system("worker"), at=at)
        bundles.remind_due(by=system("worker"), at=at)
        attachments.forget_unjoined(at=at)
        papers.forget_orphans(at=at)
        drafts.forget_old(at=at)
        intake.forget_old(at=at)
    return today


def _work(stopped: Event, *, once: bool) -> None:
    sender, tidy_at, day = worker.Worker(), clock.now(), None
    while not stopped.is_set():
        try:
            if clock.now() >= tidy_at:
                day = _tidy(clock.now(), day)
                tidy_at = clock.now() + TIDIES_EVERY
            if sender.run_one(at=clock.now()) or intake.work_one(at=clock.now()):
                continue
        except (OperationalError, InterfaceError):
            log.exception("database_away")
            connection.close()
            stopped.wait(WAITS_FOR_DATABASE_SECONDS)
            continue
        except Exception:
            # One chore that fails must not keep codes and letters from leaving: it is told to the logs, and tried again later.
            log.exception("work_failed")
            if once:
                raise
            tidy_at = max(tidy_at, clock.now() + WAITS_AFTER_FAILURE)
            stopped.wait(WAITS_FOR_DATABASE_SECONDS)
            continue
        sender.rest()
        if once:
            break
        stopped.wait(LOOKS_EVERY_SECONDS)
    sender.rest()
