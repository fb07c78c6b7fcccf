"""Which visit a cookie stands for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from parvis.identity.models import Session
from parvis.kit.db import one_row
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


_COLUMNS = """
SELECT s.id, s.token_hash, s.credential_id, s.credential_version, s.code_satisfied_at, s.created_at, s.seen_at, s.ends_at,
  s.browser, s.notes"""
_SESSION = f"{_COLUMNS} FROM identity_session s WHERE s.id = %(session)s"
# Asked by every public page that comes with a cookie, the sign-in's POST among them.
_VISIT = f"""{_COLUMNS}, s.credential_id IS NULL OR c.version = s.credential_version
FROM identity_session s LEFT JOIN identity_credential c ON c.id = s.credential_id WHERE s.token_hash = %(token)s
"""


def visit_of(cookie: str, *, at: datetime) -> Visit | NoVisit:
    """The live session of a cookie. A session of an older credential version opens nothing."""
    row = one_row(_VISIT, {"token": fingerprint(cookie)})
    if row is None:
        return NoVisit.UNKNOWN
    session = _session(row[:-1])
    if session.ends_at <= at:
        return NoVisit.ENDED
    return Visit(session) if row[-1] else NoVisit.UNKNOWN


def ended_visit_of(cookie: str, *, at: datetime) -> Visit | None:
    """The session of a cookie that has run out, as long as it is remembered: it opens nothing, it says whose work was left."""
    row = one_row(_VISIT, {"token": fingerprint(cookie)})
    if row is None or not row[-1]:
        return None
    session = _session(row[:-1])
    return Visit(session) if session.ends_at <= at else None


_FIELDS = (
    "id",
    "token_hash",
    "credential_id",
    "credential_version",
    "code_satisfied_at",
    "created_at",
    "seen_at",
    "ends_at",
    "browser",
    "notes",
)


def _session(row: tuple[Any, ...]) -> Session:
    return Session.from_db("default", _FIELDS, (*row[:-1], _read(row[-1])))


def _read(notes: Any) -> dict[str, Any]:
    """What the session has noted, which the driver gives as the framework asked for it: as text."""
    return dict(json.loads(notes)) if isinstance(notes, str) else dict(notes)


def session_of(session_id: int) -> Session:
    """The session the frame has just admitted, for the services that change it."""
    row = one_row(_SESSION, {"session": session_id})
    if row is None:
        raise Session.DoesNotExist
    return _session(row)
