"""Days as people write them: read kindly, refused in words."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date, timedelta

from parvis.kit.refusals import Refusal
from parvis.kit.text import fold

_MONTHS = ("janv", "fevr", "mars", "avri", "mai", "juin", "juil", "aout", "sept", "octo", "nove", "dece")
_NUMBERS = re.compile(r"(\d{1,2})[\s/.\-](\d{1,2})[\s/.\-](\d{2}|\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})[\s/.\-](\d{1,2})[\s/.\-](\d{1,2})", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})(?:er)?\s+([a-z]{3,9})\.?\s+(\d{4})", re.ASCII)
_MONTH_NUMBERS = re.compile(r"(\d{1,2})[\s/.\-](\d{4})", re.ASCII)
_MONTH_ISO = re.compile(r"(\d{4})[\s/.\-](\d{1,2})", re.ASCII)
_MONTH_WORDS = re.compile(r"([a-z]{3,9})\.?\s+(\d{4})", re.ASCII)
EARLIEST, LATEST = 1900, 2200
_SPELLED = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze")
_FRIDAY = 5
_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)})
_AFTER_EASTER = frozenset({1, 39, 50})
"""Days from Easter Sunday to its Monday, to Ascension Day and to Whit Monday."""


class NotADay(Refusal):
    """What was typed cannot be read as one day, or month."""


def read_day(written: str) -> date:
    """Read ``31/07/2026``, ``31-7-26``, ``2026-07-31`` or ``31 juillet 2026``; day before month, as in France."""
    text = _plain(written)
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(text):
        year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        return _day(year, int(found[2]), int(found[1]))
    if found := _WORDS.fullmatch(text):
        return _day(int(found[3]), _month(found[2]), int(found[1]))
    raise NotADay("Écrivez une date, par exemple 31/07/2026.")


def read_month(written: str) -> date:
    """Read ``07/2026``, ``2026-07`` or ``juillet 2026``: the first day of that month."""
    text = _plain(written)
    if found := _MONTH_ISO.fullmatch(text):
        return _first_day(int(found[1]), int(found[2]))
    if found := _MONTH_NUMBERS.fullmatch(text):
        return _first_day(int(found[2]), int(found[1]))
    if found := _MONTH_WORDS.fullmatch(text):
        return _first_day(int(found[2]), _month(found[1], example="07/2026"))
    raise NotADay("Écrivez un mois, par exemple 07/2026.")


def read_day_or_month(written: str) -> date:
    """A day, or a month for its first day."""
    try:
        return read_month(written)
    except NotADay:
        return read_day(written)


def months_later(day: date, months: int) -> date:
    """The same day of the month ``months`` later (earlier if negative), or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def working_days_before(day: date, count: int) -> date:
    """The working day that is ``count`` of them before; neither Saturdays and Sundays nor the public holidays of France count."""
    while count:
        day -= timedelta(days=1)
        count -= day.isoweekday() <= _FRIDAY and not is_public_holiday(day)
    return day


def is_public_holiday(day: date) -> bool:
    """Whether nobody works that day in the whole of France (Code du travail, L3133-1)."""
    return (day.month, day.day) in _FIXED_HOLIDAYS or (day - _easter(day.year)).days in _AFTER_EASTER


def _easter(year: int) -> date:
    """Easter Sunday, by the calculation of Meeus, Jones and Butcher."""
    century, rest = divmod(year, 100)
    leaps, corrected = divmod(century, 4)
    moon = (19 * (year % 19) + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * corrected + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = moon + sunday - 7 * ((year % 19 + 11 * moon + 22 * sunday) // 451) + 114
    return date(year, shift // 31, shift % 31 + 1)


def months_spelled(count: int) -> str:
    """``deux mois``; more than a year is written in digits."""
    return f"{_SPELLED[count]} mois" if 0 <= count < len(_SPELLED) else f"{count}\u00a0mois"


def _plain(written: str) -> str:
    return fold(" ".join(unicodedata.normalize("NFKC", written).split()))


def _month(word: str, *, example: str = "31/07/2026") -> int:
    for number, beginning in enumerate(_MONTHS, start=1):
        if word.startswith(beginning[: len(word)]) and len(word) >= 3 and word[:4] == beginning[: min(4, len(word))]:
            return number
    raise NotADay(f"Ce mois n’existe pas. Écrivez par exemple {example}.")


def _first_day(year: int, month: int) -> date:
    """The first of a month: what is wrong is said of a month, never of a day nobody typed."""
    if not 1 <= month <= 12:
        raise NotADay("Ce mois n’existe pas. Écrivez par exemple 07/2026.")
    if not EARLIEST <= year <= LATEST:
        raise NotADay("Vérifiez l’année. Écrivez par exemple 07/2026.")
    return date(year, month, 1)


def _day(year: int, month: int, number: int) -> date:
    try:
        found = date(year, month, number)
    except ValueError:
        raise NotADay("Ce jour n’existe pas. Écrivez par exemple 31/07/2026.") from None
    if not EARLIEST <= found.year <= LATEST:
        raise NotADay("Vérifiez l’année. Écrivez par exemple 31/07/2026.")
    return found
