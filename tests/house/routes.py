"""Every address of the portal, and a real one of each for a given landlord."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True, slots=True)
class Route:
    """One address: its name, what it must be told, and the view behind it."""

    name: str
    path: str
    needs: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def access(self) -> Any:
        """What the view declared; None if it declared nothing."""
        return getattr(self.view, "access", None)

    @property
    def writes(self) -> bool:
        """Whether it answers to POST."""
        return bool(getattr(self.view, "writes", False))

    def __str__(self) -> str:
        return self.name or self.path

    def address(self, real: Mapping[str, Any]) -> str:
        """The address of a thing that exists. ``real`` says what stands for each word of the pattern.

        ``{"number": …}`` serves any page that needs a number; ``{"receipt.number": …}`` that page only.
        """
        words = {}
        for word in self.needs:
            value = real.get(f"{self.name}.{word}", real.get(word))
            assert value is not None, f"{self.name} needs a {word}: tests/house/conftest.py must say which one is real"
            words[word] = value
        return reverse(self.name, kwargs=words)


@cache
def every_route() -> tuple[Route, ...]:
    """All of them, in the order they are tried."""
    return tuple(_walk(get_resolver().url_patterns, "", ()))


def _walk(patterns: list[Any], prefix: str, needs: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        words = (*needs, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path, words)
        elif isinstance(pattern, URLPattern):
            yield Route(str(pattern.name or ""), path, words, pattern.callback)
