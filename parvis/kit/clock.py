"""What time it is: read by the ways in only, handed down as ``at``.

A demonstration or training instance can live at another date: time then flows from there. Production cannot: the
offset is not even looked up.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from parvis.config import environment

PARIS = ZoneInfo("Europe/Paris")
MAY_LIVE_ELSEWHEN = environment.MODE in (environment.Mode.DEMONSTRATION, environment.Mode.TRAINING)


class OneDateOnly(RuntimeError):
    """Somebody asked a production instance to live at another date."""

    def __init__(self) -> None:
        super().__init__("Only a demonstration or training instance can change its work date.")


def _stored_offset() -> timedelta:
    """The offset in kit_work_date. Read each time: after a jump, no process may still show the old date."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT shift FROM kit_work_date")
        row = cursor.fetchone()
    return row[0] if row else timedelta()


def real_now() -> datetime:
    """The moment outside, wherever this instance lives."""
    return datetime.now(UTC)


def now() -> datetime:
    """The present moment, in UTC: the work date's on a demonstration or training instance."""
    return real_now() + _stored_offset() if MAY_LIVE_ELSEWHEN else real_now()


def live_at(moment: datetime) -> None:
    """Make the whole instance live at ``moment`` from now on. Refused in production."""
    _move(moment - real_now())


def live_now() -> None:
    """Come back to the real date: time is not moved any more."""
    _move(None)


def _move(shift: timedelta | None) -> None:
    """Write the one row in one transaction: nobody reads the real date in between, two jumps at once leave one row."""
    if not MAY_LIVE_ELSEWHEN:
        raise OneDateOnly
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE kit_work_date IN EXCLUSIVE MODE")
        cursor.execute("DELETE FROM kit_work_date")
        if shift is not None:
            seconds = shift.total_seconds()
            cursor.execute("INSERT INTO kit_work_date (shift) VALUES (make_interval(secs => %s))", [seconds])


def starts_at(day: date) -> datetime:
    """The moment a day begins in Paris."""
    return datetime.combine(day, time.min, PARIS)


def day_in_paris(moment: datetime) -> date:
    """The calendar day people live in when it is ``moment``."""
    return moment.astimezone(PARIS).date()
