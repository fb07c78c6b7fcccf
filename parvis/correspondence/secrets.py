"""Who draws the secrets that messages carry. Rooms above register themselves; the worker asks at the last moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

MASK = "••••••"
"""What stands for a secret in all that is kept."""


class SecretNoLongerNeeded(Exception):
    """The secret would open nothing any more: its message is cancelled instead of sent."""


class Draw(Protocol):
    """Draws a secret for ``subject_id``, stores its hash, returns the words of the message. Runs in a transaction."""

    def __call__(self, subject_id: int, /, *, at: datetime) -> Mapping[str, str]:
        """Draw, or raise :class:`SecretNoLongerNeeded`."""


@dataclass(frozen=True, slots=True)
class _Source:
    draw: Draw
    shown: frozenset[str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The words of one secret: ``clear`` for the message that leaves, ``masked`` for what is kept of it."""

    clear: Mapping[str, str]
    masked: Mapping[str, str]


NOTHING = Drawn({}, {})
_sources: dict[str, _Source] = {}


def register(name: str, draw: Draw, *, shown: Collection[str] = ()) -> None:
    """Say who draws the secret ``name``; ``shown`` lists the returned words that are no secret (a date of expiry)."""
    _sources[name] = _Source(draw, frozenset(shown))


def is_registered(name: str) -> bool:
    """Whether somebody draws this secret."""
    return name in _sources


def draw(name: str, subject_id: int, *, at: datetime) -> Drawn:
    """Have the secret drawn; may raise :class:`SecretNoLongerNeeded`."""
    source = _sources[name]
    words = source.draw(subject_id, at=at)
    return Drawn(words, {key: value if key in source.shown else MASK for key, value in words.items()})
