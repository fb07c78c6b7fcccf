"""When a task comes due again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from parvis.kit.clock import PARIS

_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))


@dataclass(frozen=True, slots=True)
class Every:
    """Again so many minutes after it last began."""

    minutes: int

    def after(self, at: datetime) -> datetime:
        """The next time, for a run begun ``at``."""
        return at + timedelta(minutes=self.minutes)

    @property
    def patience(self) -> timedelta:
        """How long past its time a task is merely next, not late."""
        return timedelta(minutes=max(10, 2 * self.minutes))

    @property
    def label(self) -> str:
        """The rhythm as the screens say it."""
        if self.minutes == 1:
            return "chaque minute"
        return f"toutes les {self.minutes}\u00a0minutes" if self.minutes < 60 else "chaque heure"


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a calendar day in Paris, from this hour on; the hour itself where clocks change."""

    hour: int

    def after(self, at: datetime) -> datetime:
        """The next day's hour, or today's where it is still to come."""
        here = at.astimezone(PARIS)
        today = self._on(here.date())
        return today if today > at else self._on(here.date() + timedelta(days=1))

    def _on(self, day: date) -> datetime:
        # In UTC: the hour that clocks repeat equals nothing in another zone.
        return datetime.combine(day, time(self.hour), PARIS).astimezone(UTC)

    @property
    def patience(self) -> timedelta:
        """Two hours: long enough for the tasks before it."""
        return timedelta(hours=2)

    @property
    def label(self) -> str:
        """The rhythm as the screens say it."""
        return f"chaque jour à {self.hour}\u00a0h"


Rhythm = Every | Daily


def after_failure(rhythm: Rhythm, failures: int, at: datetime) -> datetime:
    """When to try again what has failed ``failures`` times in a row: soon at first, never later than its next time."""
    return min(rhythm.after(at), at + _PAUSES[min(failures, len(_PAUSES)) - 1])
