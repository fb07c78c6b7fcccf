"""Where a list goes on, as addresses say it."""

from __future__ import annotations

from collections.abc import Mapping

from parvis.web.frame.requests import PageRequest

_LONGEST = 18
"""Digits: what fits in the database's largest number."""


def key_of(request: PageRequest, name: str) -> int | None:
    """The number given under this name; None for anything else."""
    return key_in(request.GET, name)


def key_in(asked: Mapping[str, str], name: str) -> int | None:
    """The same, in what was asked or posted."""
    typed = asked.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST else None


def pair_of(request: PageRequest, name: str) -> tuple[int, int] | None:
    """Two numbers with a hyphen between."""
    first, _, second = request.GET.get(name, "").partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) <= _LONGEST for part in (first, second)):
        return None
    return int(first), int(second)
