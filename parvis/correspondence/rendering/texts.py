"""The texts of messages: one Jinja2 file each, whose values can never become markup."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

from parvis.kit import money, periods
from parvis.kit.text import of, plural

_SPECIAL = "*|>#-=.\\"
_HIDDEN = {ord(sign): chr(0xE000 + index) for index, sign in enumerate(_SPECIAL)}
_SHOWN = {ord(hidden): chr(sign) for sign, hidden in _HIDDEN.items()}
_HIDDEN |= dict.fromkeys(map(ord, "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")


def plain(text: str) -> str:
    """Give back the signs that :func:`_as_data` hid from the line format."""
    return text.translate(_SHOWN)


def _as_data(value: Any) -> Any:
    """What a value prints: on one line, and without any sign that means something in the line format."""
    return str(value).translate(_HIDDEN)


def _read(words: Callable[[Any], str]) -> Callable[[Any], str]:
    """Let a word about days and moments read what JSON keeps of them: ISO texts."""

    def reading(value: Any) -> str:
        if isinstance(value, str):
            value = datetime.fromisoformat(value) if "T" in value or " " in value else date.fromisoformat(value)
        return words(value)

    return reading


@cache
def _environment() -> Environment:
    folders = [Path(config.path) / "templates" for config in apps.get_app_configs()]
    env = Environment(
        loader=FileSystemLoader([folder for folder in folders if folder.is_dir()]),
        undefined=StrictUndefined,
        auto_reload=False,
        finalize=_as_data,
        autoescape=False,  # noqa: S701 - texts, not HTML: what becomes HTML is escaped by the frame
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(
        euros=money.euros, decimal=money.decimal, signed_euros=money.signed_euros, plural=plural, of=of, site=_site
    )
    about_days = (periods.day, periods.long_day, periods.day_and_month, periods.month, periods.short_month)
    env.globals.update({words.__name__: _read(words) for words in (*about_days, periods.hour, periods.moment)})
    return env


def _site() -> str:
    """The address people type, as printed: ``parvis.example``."""
    return str(settings.PUBLIC_URL).split("://", 1)[-1]


@cache
def is_written(template: str) -> bool:
    """Whether some room has written this text."""
    try:
        _environment().get_template(f"{template}.txt")
    except TemplateNotFound:
        return False
    return True


def words_of(template: str, context: dict[str, Any]) -> str:
    """The text in the line format, its values harmless; undefined words are errors."""
    return _environment().get_template(f"{template}.txt").render(context)
