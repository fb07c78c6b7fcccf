"""A date and an hour as people write them: ``01/07/2026``, ``1er juillet 2026``, ``2026-07-01``; ``14 h 30``, ``midi``."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from parvis.kit.clock import PARIS
from parvis.kit.periods import MONTHS
from parvis.kit.refusals import Refusal
from parvis.kit.text import fold

_MONTHS = {fold(name): number for number, name in enumerate(MONTHS, 1)}
_SHORTEST_MONTH = 3
_NEAR = {"hier": -1, "aujourd hui": 0, "demain": 1, "apres demain": 2}
_WEEKDAYS = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)? ?"
_ISO = re.compile(r"([0-9]{4}) ?[/ ] ?([0-9]{1,2}) ?[/ ] ?([0-9]{1,2})")
_FIGURES = re.compile(_WEEKDAYS + r"([0-9]{1,2}) ?[/ ] ?([0-9]{1,2}) ?[/ ] ?([0-9]{4}|[0-9]{2})")
_GLUED = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_WORDS = re.compile(rf"(?:le )?{_WEEKDAYS}([0-9]{{1,2}})(?: ?er)? ?([a-z]+)(?: ([0-9]{{4}}|[0-9]{{2}}))?")
_HOURS = re.compile(
    r"(?:a )?([0-9]{1,2})(?: ?(?:heures?|hrs?|h|:| ) ?([0-9]{2})?(?::[0-9]{2})? ?(?:mn|min|minutes?)?)?"
)
_GLUED_HOURS = re.compile(r"([0-9]{2})([0-9]{2})")
_NAMED_HOURS = {"midi": time(12), "minuit": time(0)}

NOT_A_DATE = "Écrivez une date comme 01/07/2026 ou 1er juillet 2026."
NO_SUCH_DAY = "Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."
NOT_AN_HOUR = "Écrivez une heure comme 9 h 30 ou 14:05, ou laissez vide.".replace(" h ", "\u00a0h\u00a0")


def read_moment(typed_day: str, typed_hour: str, *, here: datetime) -> datetime:
    """The moment meant, in Paris; without an hour, the hour it is ``here``."""
    local = here.astimezone(PARIS)
    text = _plain(typed_day)
    both = re.fullmatch(r"(.*?[0-9a-z])(?:t| a | )([0-9]{1,2} ?[h:][0-9: ]*)", text)
    if both and not typed_hour.strip():
        text, typed_hour = both[1], ":".join(both[2].split(":")[:2])
    day = _read_day(text, local.date())
    hour = _read_hour(typed_hour) if typed_hour.strip() else local.time().replace(second=0, microsecond=0)
    return datetime.combine(day, hour, PARIS)


def _plain(text: str) -> str:
    """Small letters without accents, figures of our own, one space between words."""
    return fold(unicodedata.normalize("NFKC", text))


def _read_day(text: str, today: date) -> date:
    if text in _NEAR:
        return today + timedelta(days=_NEAR[text])
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _FIGURES.fullmatch(text) or _GLUED.fullmatch(text):
        return _day(_year(found[3]), int(found[2]), int(found[1]))
    if found := _WORDS.fullmatch(text):
        return _day(_year(found[3]) if found[3] else today.year, _month(found[2]), int(found[1]))
    raise Refusal(NOT_A_DATE, field="day")


def _month(word: str) -> int:
    """The month a word begins: ``juil``, ``sept``, ``aout``."""
    meant = [number for name, number in _MONTHS.items() if name.startswith(word)]
    if len(meant) != 1 or len(word) < _SHORTEST_MONTH:
        raise Refusal(NOT_A_DATE, field="day")
    return meant[0]


def _year(figures: str) -> int:
    return int(figures) + (2000 if len(figures) == 2 else 0)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as fault:
        raise Refusal(NO_SUCH_DAY, field="day") from fault


def _read_hour(typed: str) -> time:
    text = _plain(typed)
    if text in _NAMED_HOURS:
        return _NAMED_HOURS[text]
    found = _HOURS.fullmatch(text) or _GLUED_HOURS.fullmatch(text)
    if found is None or typed.strip().startswith("-"):
        raise Refusal(NOT_AN_HOUR, field="hour")
    try:
        return time(int(found[1]), int(found[2] or 0))
    except ValueError as fault:
        raise Refusal(NOT_AN_HOUR, field="hour") from fault
