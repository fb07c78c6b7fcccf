"""The Jinja2 environment: strict, escaping, with the few words every template knows."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from parvis.design.engine import Engine
from parvis.kit import money, periods, text


def environment(**options: Any) -> Environment:
    """Templates of the design room and of the pages; an undefined variable is an error."""
    folders = [Path(config.path) / "templates" for config in apps.get_app_configs()]
    options.update(
        loader=FileSystemLoader([folder for folder in folders if folder.is_dir()]),
        undefined=StrictUndefined,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env = Engine(autoescape=True, **{key: value for key, value in options.items() if key != "autoescape"})
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
        plural=text.plural,
        figure=text.figure,
        of=text.of,
    )
    return env


def address(name: str, *args: Any) -> str:
    """The address of a page. Every page asks for a dozen, mostly the same: they are worked out once.

    Of those that end on a reference, and a list has one or three a line, only what stands around it is.
    """
    if args and type(args[-1]) is UUID:
        before, after = _around(name, *args[:-1])
        return f"{before}{args[-1]}{after}"
    return _worked_out(name, *args)


@lru_cache(maxsize=8192)
def _worked_out(name: str, *args: Any) -> str:
    return reverse(name, args=args)


_ANY = UUID("00000000-0000-4000-8000-000000000000")


@lru_cache(maxsize=8192)
def _around(name: str, *args: Any) -> tuple[str, str]:
    before, _, after = reverse(name, args=[*args, _ANY]).rpartition(str(_ANY))
    return before, after


@cache
def _static(path: str) -> str:
    return static(path)
