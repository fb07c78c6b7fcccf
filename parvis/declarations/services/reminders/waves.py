"""When reminders are due, from the dates of the campaign and the office's own pace (ux.md B21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from parvis.kit.clock import starts_at
from parvis.parameters import catalogue
from parvis.parameters.selectors import value

GRACE = timedelta(days=7)
"""A worker that was stopped writes a wave late by as much; an older one is left out, the next says it again."""
APART = timedelta(days=14)
"""Nobody is reminded again so shortly before the last days."""
OPENING, REMAINING, LAST_DAYS = "opening", "remaining", "last_days"
CLOSING, LATE, UNSENT = "closing", "late", "unsent"
"""The kinds of reminders: the first word of a wave, and the name of its text."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The days between a campaign's dates and its waves, as the office has set them."""

    after_opening: int
    before_deadline: int
    late_every: int


def pace_in_force(office: str | None = None) -> Pace:
    """The pace set for all offices, or the one of an office that has its own campaign."""
    code = office or ""
    return Pace(
        value(catalogue.REMINDER_AFTER_OPENING, office=code),
        value(catalogue.REMINDER_BEFORE_DEADLINE, office=code),
        value(catalogue.REMINDER_LATE_EVERY, office=code),
    )


def goes_by_post(kind: str, office: str | None) -> bool:
    """Whether a kind of wave of a campaign is written by letter too, to those whom no mail reaches."""
    return kind == OPENING or (kind != CLOSING and bool(value(catalogue.REMINDER_LETTERS, office=office or "")))


class Wave(NamedTuple):
    """One moment at which all who have rents left are written to. ``name`` is unique in its campaign: its kind and its rank
    among them, without the day, for what has left does not leave again when its day moves. Whoever was told of the same kind
    since ``close`` has been told of this one: other days give other ranks.
    """

    name: str
    on: date
    close: date

    @property
    def kind(self) -> str:
        """Which text it is."""
        return self.name.split(":")[0]


def waves(opens_on: date, deadline_on: date, suspension_on: date, pace: Pace) -> list[Wave]:
    """The waves of a campaign in order: the opening, then every so often until some days before the deadline, the end, then
    again until the day aids are suspended. A campaign too short for the second has it not."""
    last_days = deadline_on - timedelta(days=pace.before_deadline)
    first, every = opens_on + timedelta(days=pace.after_opening), timedelta(days=pace.after_opening)
    found = [Wave(OPENING, opens_on, opens_on)]
    found += [Wave(REMAINING, first, first - every / 2)] if first < last_days else []
    found += _again(REMAINING, 2, first + every, last_days - APART, every)
    found.append(Wave(LAST_DAYS, max(last_days, opens_on), opens_on))
    found.append(Wave(CLOSING, deadline_on + timedelta(days=1), deadline_on))
    every = timedelta(days=pace.late_every)
    return found + _again(LATE, 1, deadline_on + every, suspension_on - timedelta(days=1), every)


def _again(kind: str, rank: int, on: date, until: date, every: timedelta) -> list[Wave]:
    found = []
    while on <= until:
        found.append(Wave(f"{kind}:{rank}" if rank > 1 else kind, on, on - every / 2))
        on, rank = on + every, rank + 1
    return found


class Claim(NamedTuple):
    """What the telling of a wave is kept under, and what counts as that telling too (``TOLD`` of ``due.py``).

    ``kind`` finds the waves of the same kind, by a regular expression, told since ``close``. Until ``own_since`` an office was
    told by the campaign of all offices, under ``shared``, and the likes of ``shared_kind``.
    """

    wave: str
    kind: str
    close: datetime
    shared: str = ""
    shared_kind: str = ""
    own_since: datetime | None = None


def claim_of(wave: Wave, *, office: str = "", own_since: datetime | None = None) -> Claim:
    """How a wave of the campaign of all offices is claimed, or that of one office."""
    close, alike = starts_at(wave.close), f"{wave.kind}(:[0-9]+)?$"
    if not office:
        return Claim(wave.name, f"^{alike}", close)
    return Claim(f"{office}:{wave.name}", f"^{office}:{alike}", close, wave.name, f"^{alike}", own_since)


def wave_due(opens_on: date, deadline_on: date, suspension_on: date, pace: Pace, *, on: date) -> Wave | None:
    """The wave to write on a day, or the one that was to be written in the last days."""
    begun = [wave for wave in waves(opens_on, deadline_on, suspension_on, pace) if wave.on <= on <= wave.on + GRACE]
    return begun[-1] if begun else None
