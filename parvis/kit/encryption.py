"""NIR and IBAN at rest: AES-256-GCM, bound to their column and their row; found by a keyed blind index.

A stored value is ``v1 | key name | nonce | ciphertext``. The newest key of PARVIS_FIELD_KEYS encrypts; the others still
open what they once closed, so that a key can be changed without stopping.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured

from parvis.config import environment

_VERSION = b"\x01"


class CannotOpen(Exception):
    """The value was not closed with our keys for this column: moved, altered, or its key is gone."""


@cache
def _keys() -> dict[bytes, AESGCM]:
    keys = {}
    for part in environment.FIELD_KEYS.split(","):
        name, _, encoded = part.strip().partition(":")
        key = base64.b64decode(encoded)
        if not name or len(name) > 16 or len(key) != 32:
            raise ImproperlyConfigured("PARVIS_FIELD_KEYS: name:base64 of 32 bytes, comma separated.")
        keys[name.encode()] = AESGCM(key)
    return keys


@cache
def _index_key() -> bytes:
    key = base64.b64decode(environment.INDEX_KEY)
    if len(key) != 32:
        raise ImproperlyConfigured("PARVIS_INDEX_KEY: base64 of 32 bytes.")
    return key


def close(text: str, column: str) -> bytes:
    """Encrypt ``text`` for ``column`` (``table.column|row``); a value moved to another column or row does not open.

    The row is named by what never changes of it (security.md T52); each model says how, beside its field.
    """
    name, key = next(iter(_keys().items()))
    nonce = os.urandom(12)
    head = _VERSION + bytes([len(name)]) + name
    return head + nonce + key.encrypt(nonce, text.encode(), head + column.encode())


def open_(stored: bytes, column: str) -> str:
    """The text :func:`close` was given. Raises :class:`CannotOpen`."""
    stored = bytes(stored)
    size = stored[1] if len(stored) > 2 else 0
    head, rest = stored[: 2 + size], stored[2 + size :]
    key = _keys().get(head[2:])
    if head[:1] != _VERSION or key is None or len(rest) < 28:
        raise CannotOpen(column)
    try:
        return key.decrypt(rest[:12], rest[12:], head + column.encode()).decode()
    except InvalidTag as error:
        raise CannotOpen(column) from error


def is_of_newest_key(stored: bytes) -> bool:
    """Whether a value is closed with the key that closes now."""
    stored = bytes(stored)
    return stored[2 : 2 + stored[1]] == next(iter(_keys()))


def blind_index(value: str, purpose: str) -> bytes:
    """16 bytes that are equal for equal values and say nothing without the key (HMAC-SHA-256, truncated)."""
    return hmac.new(_index_key(), f"{purpose}|{value}".encode(), hashlib.sha256).digest()[:16]
