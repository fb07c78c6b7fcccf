"""When reminders are due, from the dates of the campaign and the office's own pace (ux.md B21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

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


def pace_in_force() -> Pace:
    """The pace the office has set."""
    return Pace(
        value(catalogue.REMINDER_AFTER_OPENING),
        value(catalogue.REMINDER_BEFORE_DEADLINE),
        value(catalogue.REMINDER_LATE_EVERY),
    )


class Wave(NamedTuple):
    """One moment at which all who have rents left are written to. ``name`` is unique in its campaign."""

    name: str
    on: date

    @property
    def kind(self) -> str:
        """Which text it is."""
        return self.name.split(":")[0]


def waves(opens_on: date, deadline_on: date, suspension_on: date, pace: Pace) -> list[Wave]:
    """The waves of a campaign in order: the opening, then every so often until some days before the deadline, the end, then
    again until the day aids are suspended. A campaign too short for the second has it not."""
    last_days = deadline_on - timedelta(days=pace.before_deadline)
    first = opens_on + timedelta(days=pace.after_opening)
    found = [Wave(OPENING, opens_on)]
    found += [Wave(REMAINING, first)] if first < last_days else []
    again = first + timedelta(days=pace.after_opening)
    while again <= last_days - APART:
        found.append(Wave(f"{REMAINING}:{again.isoformat()}", again))
        again += timedelta(days=pace.after_opening)
    found.append(Wave(LAST_DAYS, max(last_days, opens_on)))
    found.append(Wave(CLOSING, deadline_on + timedelta(days=1)))
    late = deadline_on + timedelta(days=pace.late_every)
    while late < suspension_on:
        found.append(Wave(f"{LATE}:{late.isoformat()}", late))
        late += timedelta(days=pace.late_every)
    return found


def wave_due(opens_on: date, deadline_on: date, suspension_on: date, pace: Pace, *, on: date) -> Wave | None:
    """The wave to write on a day, or the one that was to be written in the last days."""
    begun = [wave for wave in waves(opens_on, deadline_on, suspension_on, pace) if wave.on <= on <= wave.on + GRACE]
    return begun[-1] if begun else None
