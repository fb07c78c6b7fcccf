"""The Jinja2 environment: strict, escaping, with the few words every template knows."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from parvis.kit import money, periods


class _Environment(Environment):
    """Jinja's, with one set of words for all templates."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The words themselves: no template has others, and a chain of mappings is walked at each import of macros."""
        return super().make_globals(d) if d else self.globals


def environment(**options: Any) -> Environment:
    """Templates of the design room and of the pages; an undefined variable is an error."""
    folders = [Path(config.path) / "templates" for config in apps.get_app_configs()]
    options.update(
        loader=FileSystemLoader([folder for folder in folders if folder.is_dir()]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env = _Environment(autoescape=True, **{key: value for key, value in options.items() if key != "autoescape"})
    env.globals.update(
        static=_static,
        url=address,
        euros=money.euros,
        decimal=money.decimal,
        signed_euros=money.signed_euros,
        day=periods.day,
        long_day=periods.long_day,
        day_and_month=periods.day_and_month,
        month=periods.month,
        short_month=periods.short_month,
        hour=periods.hour,
        moment=periods.moment,
        plural=_plural,
    )
    return env


@lru_cache(maxsize=8192)
def address(name: str, *args: Any) -> str:
    """The address of a page. Every page asks for a dozen, mostly the same: they are worked out once."""
    return reverse(name, args=args)


@cache
def _static(path: str) -> str:
    return static(path)


def _plural(count: int, one: str, many: str) -> str:
    """``plural(2, "loyer", "loyers")`` → ``2 loyers`` with a no-break space; zero and one are singular in French."""
    return f"{count:,}".replace(",", "\u202f") + f"\u00a0{one if count < 2 else many}"
