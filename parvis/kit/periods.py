"""Days and months as French people write them."""

from __future__ import annotations

from datetime import date, datetime

from parvis.kit.clock import PARIS, day_in_paris

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = ("Janv.", "Fév.", "Mars", "Avr.", "Mai", "Juin", "Juil.", "Août", "Sept.", "Oct.", "Nov.", "Déc.")


def day(value: date) -> str:
    """``21/07/2026``."""
    return f"{value:%d/%m/%Y}"


def long_day(value: date) -> str:
    """``21 juillet 2026``; the first of a month is ``1er``."""
    number = "1er" if value.day == 1 else str(value.day)
    return f"{number} {MONTHS[value.month - 1]} {value.year}"


def day_and_month(value: date) -> str:
    """``30 septembre``."""
    number = "1er" if value.day == 1 else str(value.day)
    return f"{number} {MONTHS[value.month - 1]}"


def month(value: date) -> str:
    """``juillet 2026``."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def short_month(value: date) -> str:
    """``Juil. 2026``."""
    return f"{SHORT_MONTHS[value.month - 1]} {value.year}"


def hour(value: datetime) -> str:
    """``10 h 26``, in Paris, with no-break spaces."""
    local = value.astimezone(PARIS)
    return f"{local.hour}\u00a0h\u00a0{local.minute:02d}"


def moment(value: datetime) -> str:
    """``21/07/2026 à 10 h 26``, in Paris."""
    return f"{value.astimezone(PARIS):%d/%m/%Y} à {hour(value)}"


def at_hour(value: datetime, now: datetime) -> str:
    """When something will be possible: ``à 10 h 26``, ``demain, à 10 h 26``, ``le 23/11/2026 à 10 h 26``."""
    days = _days_ahead(value, now)
    if days == 0:
        return f"à {hour(value)}"
    return f"demain, à {hour(value)}" if days == 1 else f"le {moment(value)}"


def until(value: datetime, now: datetime) -> str:
    """How long it lasts: ``jusqu’à 10 h 26``, ``jusqu’à demain, 10 h 26``, ``jusqu’au 23/11/2026, 10 h 26``."""
    days = _days_ahead(value, now)
    if days == 0:
        return f"jusqu’à {hour(value)}"
    return f"jusqu’à demain, {hour(value)}" if days == 1 else f"jusqu’au {day(day_in_paris(value))}, {hour(value)}"


def _days_ahead(value: datetime, now: datetime) -> int:
    return (day_in_paris(value) - day_in_paris(now)).days


def months_back(last: date, count: int) -> list[date]:
    """The ``count`` first-of-months up to and including the month of ``last``, oldest first."""
    index = last.year * 12 + last.month - 1
    return [date(i // 12, i % 12 + 1, 1) for i in range(index - count + 1, index + 1)]
