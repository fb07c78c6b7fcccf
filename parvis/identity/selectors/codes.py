"""Which code a session is waiting for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parvis.identity import rules
from parvis.identity.models import Purpose
from parvis.kit.db import one_row


@dataclass(frozen=True, slots=True)
class Waiting:
    """The newest code asked in a session: where it went, when, and in how many seconds another may be asked."""

    email: str
    asked_at: datetime
    again_in: int
    expired: bool
    blocked: bool


_LATEST = """
SELECT email, asked_at, expires_at, tries, used_at FROM identity_onetimecode
WHERE session_id = %(session)s AND purpose = %(purpose)s ORDER BY asked_at DESC, id DESC LIMIT 1
"""


def waiting_for(session_id: int, purpose: Purpose, *, at: datetime) -> Waiting | None:
    """The code a page asks for; None if none was asked in this session, or it has served."""
    latest = one_row(_LATEST, {"session": session_id, "purpose": purpose.value})
    if latest is None or latest[4] is not None:
        return None
    email, asked_at, expires_at, tries, _ = latest
    again_in = round((asked_at + rules.CODE_AGAIN_AFTER - at).total_seconds())
    return Waiting(
        email=email,
        asked_at=asked_at,
        again_in=max(0, again_in),
        expired=expires_at <= at,
        blocked=tries >= rules.CODE_TRIES,
    )
