"""References people can read, say and type: opaque, without look-alikes, with a check letter where they are typed."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.conf import settings

READABLE = "ABCDEFGHJKMNPQRTUVWXY34679"
"""Letters and digits that cannot be taken for one another: none of 0/O, 1/I/L, 2/Z, 5/S, and B without 8."""

CHECK_LETTERS = "ABCDEFGHJKMNPQRTVWXY"
"""Letters that follow digits: none that could be taken for one."""


OPAQUE_LENGTH = 12


def check_letter(digits: str) -> str:
    """A letter that changes when one digit is wrong or two neighbours are swapped (weights 1…n, modulo 19)."""
    total = sum(index * int(digit) for index, digit in enumerate(digits, start=1))
    return CHECK_LETTERS[total % 19]


def opaque() -> str:
    """An unguessable reference for an address: 12 readable characters, 56 bits. One number is drawn: a birth needs many."""
    drawn, letters = secrets.randbelow(len(READABLE) ** OPAQUE_LENGTH), []
    for _ in range(OPAQUE_LENGTH):
        drawn, index = divmod(drawn, len(READABLE))
        letters.append(READABLE[index])
    return "".join(letters)


def signature(purpose: str, text: str, length: int) -> str:
    """A short readable code that only this instance can make for ``text``: HMAC-SHA-256, ``length`` characters."""
    key = hashlib.sha256(f"{purpose}|{settings.SECRET_KEY}".encode()).digest()
    digest = int.from_bytes(hmac.new(key, text.encode(), hashlib.sha256).digest(), "big")
    letters = []
    for _ in range(length):
        digest, index = divmod(digest, len(READABLE))
        letters.append(READABLE[index])
    return "".join(letters)


def token() -> str:
    """256 random bits for a cookie; only its fingerprint is kept."""
    return secrets.token_urlsafe(32)


def fingerprint(value: str) -> bytes:
    """SHA-256 of a long random token: what the database keeps of it."""
    return hashlib.sha256(value.encode()).digest()


def keyed_fingerprint(purpose: str, value: str) -> bytes:
    """HMAC-SHA-256 of a short or guessable value, useless without this instance's key."""
    key = hashlib.sha256(f"{purpose}|{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, value.encode(), hashlib.sha256).digest()
