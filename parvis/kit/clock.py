"""What time it is: read by the ways in only, handed down as ``at``.

A demonstration or training instance can live at another date: time then flows from there. Production cannot: the
offset is not even looked up.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from parvis.config import environment

PARIS = ZoneInfo("Europe/Paris")
MAY_LIVE_ELSEWHEN = environment.MODE in (environment.Mode.DEMONSTRATION, environment.Mode.TRAINING)

_offset: tuple[float, timedelta] = (0.0, timedelta())


def _stored_offset() -> timedelta:
    """The offset in kit_work_date, read at most once a second per process."""
    global _offset
    read_at, offset = _offset
    if time.monotonic() - read_at > 1.0 or not read_at:
        with connection.cursor() as cursor:
            cursor.execute("SELECT shift FROM kit_work_date")
            row = cursor.fetchone()
        offset = row[0] if row else timedelta()
        _offset = (time.monotonic(), offset)
    return offset


def now() -> datetime:
    """The present moment, in UTC: the work date's on a demonstration or training instance."""
    real = datetime.now(UTC)
    return real + _stored_offset() if MAY_LIVE_ELSEWHEN else real


def live_at(moment: datetime) -> None:
    """Make the whole instance live at ``moment`` from now on. Refused in production."""
    if not MAY_LIVE_ELSEWHEN:
        raise RuntimeError("Only a demonstration or training instance can change its work date.")
    global _offset
    shift = moment - datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kit_work_date")
        cursor.execute("INSERT INTO kit_work_date (shift) VALUES (make_interval(secs => %s))", [shift.total_seconds()])
    _offset = (0.0, timedelta())


def day_in_paris(moment: datetime) -> date:
    """The calendar day people live in when it is ``moment``."""
    return moment.astimezone(PARIS).date()
