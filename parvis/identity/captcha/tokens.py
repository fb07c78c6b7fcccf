"""What a captcha asks: all of it follows from a signed token, so that showing one writes nothing. Pure but for the key."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from parvis.kit.references import keyed_fingerprint

SIGNS = "ACDEFHJKMNPRTVXY34679"
"""None that can be taken for another one, printed aslant or spoken: no 0/O/Q, 1/I/L, 2/Z, 5/S, 8/B, 6/G, U/V/W."""

LENGTH = 5
LIFE = timedelta(minutes=10)
_NONCE, _MOMENT, _SEAL = 12, 5, 16

_NUMBERS = (
    *("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize"),
    *("quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt"),
)


@dataclass(frozen=True, slots=True)
class Captcha:
    """One captcha, as its token says it; ``nonce`` is what serves once."""

    nonce: bytes
    made_at: datetime

    def is_young(self, at: datetime) -> bool:
        """Whether it may still be answered."""
        return timedelta() <= at - self.made_at <= LIFE


def new(*, at: datetime) -> str:
    """The token of a fresh captcha. It goes through forms and addresses, and tells nothing without this instance's key."""
    content = secrets.token_bytes(_NONCE) + int(at.timestamp()).to_bytes(_MOMENT, "big")
    return base64.urlsafe_b64encode(content + _seal(content)).decode().rstrip("=")


def read(token: str) -> Captcha | None:
    """The captcha of a token; None if this instance did not make it."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        return None
    content, seal = raw[: _NONCE + _MOMENT], raw[_NONCE + _MOMENT :]
    if len(raw) != _NONCE + _MOMENT + _SEAL or not hmac.compare_digest(seal, _seal(content)):
        return None
    return Captcha(content[:_NONCE], datetime.fromtimestamp(int.from_bytes(content[_NONCE:], "big"), UTC))


def characters(captcha: Captcha) -> str:
    """What the picture shows and the voice says."""
    drawn = int.from_bytes(keyed_fingerprint("captcha characters", captcha.nonce.hex()), "big")
    signs = []
    for _ in range(LENGTH):
        drawn, index = divmod(drawn, len(SIGNS))
        signs.append(SIGNS[index])
    return "".join(signs)


def question(captcha: Captcha) -> tuple[str, int]:
    """The question in words, with the number that answers it."""
    drawn = keyed_fingerprint("captcha question", captcha.nonce.hex())
    high, low = 11 + drawn[0] % 10, 1 + drawn[1] % 10
    if drawn[2] % 2:
        return f"Combien font {_NUMBERS[high - 1]} moins {_NUMBERS[low - 1]}\u00a0?", high - low
    return f"Combien font {_NUMBERS[high - 1]} plus {_NUMBERS[low - 1]}\u00a0?", high + low


def answers(captcha: Captcha, typed: str) -> bool:
    """Whether what was typed answers the captcha, one way or the other; case and blanks do not count."""
    read_as = re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", typed)).upper().encode()
    right = characters(captcha).encode(), str(question(captcha)[1]).encode()
    return any(hmac.compare_digest(read_as, one) for one in right)


def _seal(content: bytes) -> bytes:
    return keyed_fingerprint("captcha", content.hex())[:_SEAL]
