"""How passwords are hashed: Argon2id, 19 MiB, two passes, one lane (stack.md §3: 21 ms; security.md M8)."""

from __future__ import annotations

import threading
from functools import cache

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """OWASP's parameters; Django's own would allow five sign-ins a second on this machine."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1


_HASHER = Argon2id()
# One hash at a time in a process: a flood of sign-ins waits here instead of taking every core from the pages.
_ONE_AT_A_TIME = threading.Semaphore(1)


def hashed(password: str) -> str:
    """What the database keeps of a password."""
    with _ONE_AT_A_TIME:
        return str(_HASHER.encode(password, _HASHER.salt()))


def matches(password: str, kept: str) -> bool:
    """Whether ``password`` is the one kept. Costs one hash whatever is kept, nothing included (security.md §2.2)."""
    with _ONE_AT_A_TIME:
        right = _HASHER.verify(password, kept or _nobody())
    return bool(right and kept)


def is_outdated(kept: str) -> bool:
    """Whether a kept password was hashed with other parameters than today's."""
    return bool(_HASHER.must_update(kept))


@cache
def _nobody() -> str:
    """The hash of a password nobody has, so that unknown identifiers take as long as known ones."""
    return str(_HASHER.encode(_HASHER.salt(), _HASHER.salt()))
