"""How passwords are hashed: Argon2id, 19 MiB, two passes, one lane (stack.md §3: 21 ms; security.md M8)."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """OWASP's parameters; Django's own would allow five sign-ins a second on this machine."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
