"""The template engine: Jinja's, made to write the same pages for less.

Three of its habits cost most of a page: it marks each value as safe before it joins them, it asks of each thing called what
it wants to be handed, and it draws the same button again at every page. What is written is the same to the letter.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import cache
from typing import Any

from jinja2 import Environment, Template
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape
from markupsafe._speedups import _escape_inner

MOST_DRAWINGS = 128
"""How many drawings of one macro are remembered; beyond, all are forgotten: a macro is given few values, or ever new ones."""


def written(value: object) -> str:
    """``value`` as it may stand in a page. What is written is joined at once, and need not be marked as safe before."""
    kind = type(value)
    if kind is str:
        return _escape_inner(value)  # type: ignore[arg-type]
    return value if kind is Markup else escape(value)  # type: ignore[return-value]


_PLAIN = frozenset({type(written), type(cache(written))})
"""Functions, and functions that remember."""


class Quick(Template):
    """Jinja's template, with our own writing of values: a page of twenty-five rows writes six hundred of them."""

    @classmethod
    def from_code(cls, *args: Any, **kwargs: Any) -> Template:
        """The compiled module looks ``escape`` up among its own names."""
        made = super().from_code(*args, **kwargs)
        made.root_render_func.__globals__["escape"] = written
        return made


class Calls(Context):
    """Jinja's context, which calls functions and macros without asking what they are."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Macros may be remembered, plain functions are called; for anything else Jinja looks."""
        kind = type(called)
        if kind is not Macro and (kind not in _PLAIN or hasattr(called, "jinja_pass_arg")):
            return super().call(called, *args, **kwargs)
        if kwargs:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
        if kind is not Macro:
            return called(*args, **kwargs)
        return drawn(called, self.eval_ctx, args, kwargs)


def drawn(macro: Macro, escaping: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What a macro writes of these values; remembered when they are plain texts, numbers, and lists of them.

    A macro sees nothing but its values and the words every template knows: those of a page are made anew at each page, with
    a memory of their own, and so are never mistaken for one another. Forms, forgery tokens and bodies are no plain values.
    """
    try:
        key = (_plain(args), _plain(kwargs) if kwargs else None)
    except TypeError:
        return macro(escaping, *args, **kwargs)
    memory: dict[Any, Any] | None = macro.__dict__.get("drawings")
    if memory is None:
        memory = macro.__dict__["drawings"] = {}
    known = memory.get(key)
    if known is None:
        if len(memory) >= MOST_DRAWINGS:
            memory.clear()
        known = memory[key] = macro(escaping, *args, **kwargs)
    return known


def _plain(value: Any) -> Any:
    """A key that tells values from one another, kinds included: 1 is not true. Raises :class:`TypeError` for all others."""
    kind = type(value)
    if kind is str or value is None:
        return value
    if kind is tuple or kind is list:
        return (kind, *map(_plain, value))
    if kind is int or kind is bool:
        return kind, value
    if kind is dict:
        return dict, *((_plain(name), _plain(held)) for name, held in value.items())
    raise TypeError(kind)


class Engine(Environment):
    """Jinja's environment, with one set of words for all templates."""

    template_class = Quick
    context_class = Calls

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The words themselves: no template has others, and a chain of mappings is walked at each import of macros."""
        return super().make_globals(d) if d else self.globals
