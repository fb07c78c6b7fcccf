"""Which visit a cookie stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from parvis.identity.models import Session
from parvis.kit.references import fingerprint


class NoVisit(Enum):
    """Why a cookie opens nothing."""

    UNKNOWN = "unknown"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Visit:
    """A live session, with its credential once a password was right."""

    session: Session

    @property
    def credential_id(self) -> int | None:
        """The proved credential, if any."""
        return self.session.credential_id


def visit_of(cookie: str, *, at: datetime) -> Visit | NoVisit:
    """The live session of a cookie. A session of an older credential version opens nothing."""
    session = Session.objects.select_related("credential").filter(token_hash=fingerprint(cookie)).first()
    if session is None:
        return NoVisit.UNKNOWN
    if session.ends_at <= at:
        return NoVisit.ENDED
    if session.credential is not None and session.credential.version != session.credential_version:
        return NoVisit.UNKNOWN
    return Visit(session)


def session_of(session_id: int) -> Session:
    """The session the frame has just admitted, for the services that change it."""
    return Session.objects.get(pk=session_id)
