"""Which code a session is waiting for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from parvis.identity import events
from parvis.identity.models import Purpose
from parvis.kit.db import one_row
from parvis.parameters.catalogue import CODE_AGAIN_AFTER, CODE_LIFE, CODE_TRIES
from parvis.parameters.selectors import duration, value


@dataclass(frozen=True, slots=True)
class Waiting:
    """The newest code asked in a session: where it went, when, and in how many seconds another may be asked.

    ``number`` counts the codes sent one after the other, as their mails do; ``minutes`` is how long each lives.
    """

    email: str
    asked_at: datetime
    again_in: int
    expired: bool
    blocked: bool
    number: int
    minutes: int


OF_NOBODY_YET = (Purpose.RECOVER, Purpose.SIGN_IN_FIRST)
"""What anybody may ask for any value: limited where it is asked, by neighbourhood, and the same for values nobody has."""

# Where anybody may ask for any value, all mailboxes count together: the number does not tell whether somebody has the value.
_NUMBERED = f"""
SELECT count(*) FROM identity_onetimecode n
WHERE n.session_id = {{session}} AND n.purpose = {{purpose}}
  AND ({{purpose}} IN {tuple(purpose.value for purpose in OF_NOBODY_YET)} OR n.email = {{email}})
  AND NOT EXISTS (SELECT 1 FROM identity_onetimecode u WHERE u.session_id = n.session_id AND u.purpose = n.purpose
    AND u.used_at >= n.asked_at)"""
NUMBERED = _NUMBERED.format(session="%(session_id)s", purpose="%(purpose)s", email="%(email)s")
"""How many codes were sent before this one: to one session, purpose and mailbox, since one of them has served."""
_LATEST = f"""
WITH l AS (
  SELECT session_id, purpose, email, asked_at, expires_at, tries, used_at FROM identity_onetimecode
  WHERE session_id = %(session)s AND purpose = %(purpose)s ORDER BY asked_at DESC, id DESC LIMIT 1
)
SELECT l.email, l.asked_at, l.expires_at, l.tries, l.used_at,
  ({_NUMBERED.format(session="l.session_id", purpose="l.purpose", email="l.email")}) FROM l
"""


def waiting_for(session_id: int, purpose: Purpose, *, at: datetime) -> Waiting | None:
    """The code a page asks for; None if none was asked in this session, or it has served."""
    latest = one_row(_LATEST, {"session": session_id, "purpose": purpose.value})
    if latest is None or latest[4] is not None:
        return None
    email, asked_at, expires_at, tries, _, number = latest
    again_in = round((asked_at + duration(CODE_AGAIN_AFTER) - at).total_seconds())
    return Waiting(
        email=email,
        asked_at=asked_at,
        again_in=max(0, again_in),
        expired=expires_at <= at,
        blocked=tries >= value(CODE_TRIES),
        number=number,
        minutes=value(CODE_LIFE),
    )


_A_DAY = """
WITH s AS MATERIALIZED (
  SELECT e.at - lag(e.at) OVER (PARTITION BY e.actor_label, e.details->>'browser' ORDER BY e.at) AS since
  FROM audit_entry e WHERE e.event = %(event)s AND e.at > %(since)s AND e.at <= %(at)s)
SELECT ARRAY(SELECT (SELECT count(*) FROM s WHERE s.since IS NULL OR s.since >= d.delay)
  FROM unnest(%(delays)s::interval[]) WITH ORDINALITY AS d(delay, rank) ORDER BY d.rank)
"""


def codes_a_day(delays: Sequence[timedelta], *, at: datetime) -> list[int]:
    """About how many codes a day each delay between two of them asks for: the sign-ins of the last day, counted with each, read once."""
    asked = {"event": events.SIGNED_IN.code, "since": at - timedelta(days=1), "at": at, "delays": list(delays)}
    row = one_row(_A_DAY, asked)
    return [int(count) for count in row[0]] if row else [0] * len(delays)
