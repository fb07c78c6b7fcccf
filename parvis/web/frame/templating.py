"""The Jinja2 environment: strict, escaping, with the few words every template knows."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape
from markupsafe._speedups import _escape_inner

from parvis.kit import money, periods, text


def _written(value: object) -> str:
    """``value`` as it may stand in a page. What is written is joined at once, and need not be marked as safe before."""
    kind = type(value)
    if kind is str:
        return _escape_inner(value)  # type: ignore[arg-type]
    return value if kind is Markup else escape(value)  # type: ignore[return-value]


_PLAIN = frozenset({type(_written), type(cache(_written))})
"""Functions, and functions that remember."""


class _Template(Template):
    """Jinja's, with our own writing of values: a page of twenty-five rows writes six hundred of them."""

    @classmethod
    def from_code(cls, *args: Any, **kwargs: Any) -> Template:
        """The compiled module looks ``escape`` up among its own names."""
        made = super().from_code(*args, **kwargs)
        made.root_render_func.__globals__["escape"] = _written
        return made


class _Context(Context):
    """Jinja's, which asks at each call what the called one wants to be handed."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Macros want the escaping in force, plain functions nothing; for anything else Jinja looks."""
        kind = type(called)
        if kind is not Macro and (kind not in _PLAIN or hasattr(called, "jinja_pass_arg")):
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return called(self.eval_ctx, *args, **kwargs) if kind is Macro else called(*args, **kwargs)


class _Environment(Environment):
    """Jinja's, with one set of words for all templates."""

    template_class = _Template
    context_class = _Context

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The words themselves: no template has others, and a chain of mappings is walked at each import of macros."""
        return super().make_globals(d) if d else self.globals


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
        of=text.of,
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
