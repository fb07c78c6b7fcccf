"""What a parameter is: what it counts, between which bounds, who must agree. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Unit(StrEnum):
    """What a value counts."""

    SECONDS = "secondes"
    MINUTES = "minutes"
    HOURS = "heures"
    DAYS = "jours"
    NUMBER = "nombre"
    CENTS = "centimes"
    EUROS = "euros"
    SWITCH = "0 ou 1"
    PERCENT = "%"
    POINTS = "points"


_LENGTHS = {
    Unit.SECONDS: timedelta(seconds=1),
    Unit.MINUTES: timedelta(minutes=1),
    Unit.HOURS: timedelta(hours=1),
    Unit.DAYS: timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; ``low`` and ``high`` bound what may be set, ``caution`` says who must agree first.

    Above ``decided_above`` it takes the reference of a written decision, which the journal keeps. ``of_office`` says what the own
    value of an office counts for, where an office may have one beside that of all; empty where none may.
    """

    name: str
    unit: Unit
    default: int
    low: int
    high: int
    meaning: str
    caution: str = ""
    decided_above: int | None = None
    of_office: str = ""

    @property
    def by_office(self) -> bool:
        """Whether an office may have a value of its own."""
        return bool(self.of_office)

    @property
    def at_sign_in(self) -> bool:
        """Whether who is signed in already notices nothing until they come back."""
        return self.name in ("code_delay", "browser_remembered", "captcha_after", "tries_a_day")

    @property
    def effect(self) -> str:
        """From when a new value counts, in a sentence."""
        if self.at_sign_in:
            return "Prend effet à la prochaine connexion de chacun."
        if self.name.startswith("keep_"):
            return "Prend effet la nuit suivante, quand ce qui a fait son temps est effacé."
        return "Prend effet deux secondes après, pour tout ce qui est fait ou jugé ensuite."

    def bounded(self, value: int) -> int:
        """``value``, or the nearest that may be set: what was given before a release moved a limit obeys it."""
        return min(max(value, self.low), self.high)

    def duration(self, value: int) -> timedelta:
        """``value`` as a length of time; refuses a parameter that counts something else."""
        return value * _LENGTHS[self.unit]
