"""Answering a captcha: it serves once, right or wrong."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from django.db import connection

from parvis.identity.captcha import tokens
from parvis.identity.services import limits
from parvis.kit.references import fingerprint


class Answer(Enum):
    """What became of an answer."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"


_USE = "INSERT INTO identity_captchause (nonce_hash, used_at) VALUES (%s, %s) ON CONFLICT DO NOTHING"


def answer(token: str, typed: str, *, at: datetime) -> Answer:
    """Use a captcha up and say whether it was answered rightly.

    Expired is also what was answered before, and what this instance never asked. Of fifty at once, one is compared.
    """
    captcha = tokens.read(token)
    if captcha is None or not captcha.is_young(at):
        return Answer.EXPIRED
    with connection.cursor() as cursor:
        cursor.execute(_USE, [fingerprint(captcha.nonce.hex()), at])
        fresh = cursor.rowcount == 1
    if not fresh:
        return Answer.EXPIRED
    return Answer.RIGHT if tokens.answers(captcha, typed) else Answer.WRONG


def is_right(token: str, typed: str, *, at: datetime) -> bool:
    """Whether a captcha was answered rightly; asking uses it up."""
    return answer(token, typed, at=at) is Answer.RIGHT


def may_draw(address: str, *, at: datetime) -> bool:
    """Whether another picture or sound may be made for this neighbourhood: each costs as much as some pages."""
    return limits.admit([limits.of_captchas(address)], at=at).paused_until is None
