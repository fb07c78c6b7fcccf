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
    return _readable(keyed_fingerprint(purpose, text), length)


def is_signature(typed: str, purpose: str, text: str, length: int) -> bool:
    """Whether ``typed`` is what :func:`signature` answers, or answered under a key this instance had before."""
    made = [_readable(digest, length) for digest in known_fingerprints(purpose, text)]
    return True in [hmac.compare_digest(one, typed) for one in made]


def _readable(digest: bytes, length: int) -> str:
    number, letters = int.from_bytes(digest, "big"), []
    for _ in range(length):
        number, index = divmod(number, len(READABLE))
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
    return _fingerprint_under(settings.SECRET_KEY, purpose, value)


def known_fingerprints(purpose: str, value: str) -> list[bytes]:
    """The same under each key of this instance, the newest first: for what was kept before the key changed."""
    return [_fingerprint_under(key, purpose, value) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _fingerprint_under(secret: str, purpose: str, value: str) -> bytes:
    key = hashlib.sha256(f"{purpose}|{secret}".encode()).digest()
    return hmac.new(key, value.encode(), hashlib.sha256).digest()
