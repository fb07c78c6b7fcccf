"""Which code a session is waiting for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parvis.identity import rules
from parvis.identity.models import OneTimeCode, Purpose


@dataclass(frozen=True, slots=True)
class Waiting:
    """The newest code asked in a session: where it went, when, and in how many seconds another may be asked."""

    email: str
    asked_at: datetime
    again_in: int
    expired: bool
    blocked: bool


def waiting_for(session_id: int, purpose: Purpose, *, at: datetime) -> Waiting | None:
    """The code a page asks for; None if none was asked in this session, or it has served."""
    latest = OneTimeCode.objects.filter(session_id=session_id, purpose=purpose).order_by("-asked_at", "-id").first()
    if latest is None or latest.used_at is not None:
        return None
    again_in = round((latest.asked_at + rules.CODE_AGAIN_AFTER - at).total_seconds())
    return Waiting(
        email=latest.email,
        asked_at=latest.asked_at,
        again_in=max(0, again_in),
        expired=latest.expires_at <= at,
        blocked=latest.tries >= rules.CODE_TRIES,
    )
