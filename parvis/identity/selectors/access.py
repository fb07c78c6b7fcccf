"""When, and from where, a credential was last used: what lets its owner see that somebody else came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parvis.identity import events
from parvis.identity.models import Session
from parvis.kit.db import one_row
from parvis.kit.references import fingerprint


@dataclass(frozen=True, slots=True)
class Access:
    """What one session may know of its credential's use.

    ``reference`` is an account from whose pages everything can be closed. ``code_at`` is the moment of the code that this
    browser is remembered for, if it is. ``last_at`` and ``browser`` are those of the last visit that is not this one.
    """

    reference: str
    code_at: datetime | None
    last_at: datetime | None
    browser: str


# Visits that are not over are in the table of sessions; of the others the accounts keep the moment, the journal the browser.
# Both questions put to hundreds of accounts read a few entries of an index: those visited since this session began are few.
_ACCESS = """
WITH before AS (
  SELECT GREATEST(
    (SELECT max(a.last_signed_in_at) FROM identity_account a
     WHERE a.credential_id = (SELECT %(credential)s::bigint) AND a.last_signed_in_at < %(began)s),
    (SELECT max(a.previous_sign_in_at) FROM identity_account a
     WHERE a.credential_id = (SELECT %(credential)s::bigint) AND a.last_signed_in_at >= %(began)s
       AND a.previous_sign_in_at < %(began)s)) AS at
), visits AS (
  SELECT s.seen_at AS at, s.browser FROM identity_session s
  WHERE s.credential_id = %(credential)s AND s.id <> %(session)s AND s.code_satisfied_at IS NOT NULL
  UNION ALL
  SELECT b.at, COALESCE((
    SELECT e.details ->> 'browser' FROM identity_account a JOIN audit_entry e ON e.subject = a.login_id
    WHERE a.credential_id = (SELECT %(credential)s::bigint) AND e.event = ANY(%(events)s)
      AND e.at <= b.at AND e.at > b.at - interval '12 hours'
    ORDER BY e.at DESC, e.id DESC LIMIT 1), '')
  FROM before b WHERE b.at IS NOT NULL
)
SELECT COALESCE((SELECT a.reference FROM identity_account a WHERE a.credential_id = (SELECT %(credential)s::bigint)
                 AND a.opened_at IS NOT NULL AND (a.state IN ('disabled', 'frozen')) IS FALSE
                 ORDER BY (a.state IN ('disabled', 'frozen')), a.sort_name, a.id LIMIT 1),
                (SELECT min(a.reference) FROM identity_account a WHERE a.credential_id = (SELECT %(credential)s::bigint)
                 AND a.state NOT IN ('disabled', 'frozen'))),
  (SELECT max(code_validated_at) FROM identity_trustedbrowser
   WHERE token_hash = %(token)s AND credential_id = %(credential)s AND credential_version = %(version)s),
  v.at, v.browser
FROM (SELECT 1) one LEFT JOIN (SELECT * FROM visits ORDER BY at DESC LIMIT 1) v ON true
"""


def access_of(session: Session, browser_token: str) -> Access:
    """What is said of the use of a session's credential. One statement."""
    values = {
        "credential": session.holder_id,
        "version": session.credential_version,
        "session": session.pk,
        "began": session.created_at,
        "token": fingerprint(browser_token),
        "events": [events.SIGNED_IN.code, events.ENTERED_DEMONSTRATION.code],
    }
    row = one_row(_ACCESS, values)
    assert row is not None
    return Access(row[0] or "", row[1], row[2], row[3] or "")
