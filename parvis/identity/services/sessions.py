"""Visits: begun, kept alive, ended. A token leaves once, in a cookie; only its fingerprint stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from parvis.identity.captcha import tokens
from parvis.identity.models import CaptchaUse, Credential, OneTimeCode, Session, Throttle, TrustedBrowser
from parvis.kit.db import one_row, write
from parvis.kit.references import fingerprint, token
from parvis.parameters.catalogue import BROWSER_REMEMBERED, CODE_DELAY, SESSION_SILENCE
from parvis.parameters.selectors import duration

LONGEST = timedelta(hours=12)


# Every sign-in begins one: written without the ORM, which would take longer to say it than the database to do it.
_BEGIN = """
INSERT INTO identity_session
  (token_hash, credential_id, credential_version, code_satisfied_at, browser, created_at, seen_at, ends_at, notes)
VALUES (%(token_hash)s, %(credential_id)s::bigint, %(credential_version)s, %(code_satisfied_at)s::timestamptz, %(browser)s,
  %(created_at)s, %(seen_at)s, %(ends_at)s, '{}') RETURNING id
"""

# One statement: whoever signs in again from the same browser should not wait for three.
_END = """
WITH codes AS (DELETE FROM identity_onetimecode WHERE session_id = %s) DELETE FROM identity_session WHERE id = %s
"""


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session just begun, with the token that only its cookie will hold."""

    token: str
    session: Session


def begin(
    *,
    browser: str,
    at: datetime,
    credential_id: int | None = None,
    credential_version: int = 0,
    code_satisfied_at: datetime | None = None,
) -> NewSession:
    """Begin a session; without a credential it proves nothing yet."""
    value = token()
    kept: dict[str, Any] = {
        "token_hash": fingerprint(value),
        "credential_id": credential_id,
        "credential_version": credential_version,
        "code_satisfied_at": code_satisfied_at,
        "browser": browser[:80],
        "created_at": at,
        "seen_at": at,
        "ends_at": at + duration(SESSION_SILENCE),
    }
    row = one_row(_BEGIN, kept)
    assert row is not None
    session = Session(pk=row[0], **kept)
    session._state.adding = False
    return NewSession(value, session)


def renew(session: Session, *, at: datetime) -> str:
    """Give the session another token, so that one fixed or seen before a proof is worth nothing after it."""
    value = token()
    session.token_hash = fingerprint(value)
    session.seen_at, session.ends_at = at, _end(session.created_at, at)
    session.save(update_fields=["token_hash", "seen_at", "ends_at"])
    return value


def keep_alive(session_id: int, *, created_at: datetime, at: datetime) -> None:
    """Push the end of the session back by the allowed silence, twelve hours after its beginning at most."""
    Session.objects.filter(pk=session_id).update(seen_at=at, ends_at=_end(created_at, at))


def end(session_id: int) -> None:
    """Sign out: the session is gone, at once and everywhere."""
    write(_END, [session_id, session_id])


def end_all_of(credential: Credential, *, but: int | None = None, but_proved_at: datetime | None = None) -> None:
    """End every session and forget every browser of a credential; its version makes older proofs void.

    ``but`` is the session that stays, ``but_proved_at`` the moment of the code of the one browser that stays remembered.
    """
    Credential.objects.filter(pk=credential.pk).update(version=F("version") + 1)
    credential.refresh_from_db(fields=["version"])
    Session.objects.filter(credential=credential).exclude(pk=but or 0).delete()
    Session.objects.filter(pk=but or 0).update(credential_version=credential.version)
    if but_proved_at is not None:
        own = credential.trustedbrowser_set.filter(code_validated_at=but_proved_at)
        own.update(credential_version=credential.version)
    credential.trustedbrowser_set.exclude(credential_version=credential.version).delete()


@dataclass(frozen=True, slots=True)
class Satisfied:
    """The new tokens of a session and of its browser, and whether the browser was remembered already."""

    token: str
    browser_token: str
    known: bool


def satisfy_code(session: Session, *, browser_token: str, at: datetime, shared: bool = False) -> tuple[str, str]:
    """Note that a code was right: new token of the session, new token of the browser, which is now remembered."""
    done = accept_code(session, browser_token=browser_token, at=at, shared=shared)
    return done.token, done.browser_token


def accept_code(session: Session, *, browser_token: str, at: datetime, shared: bool = False) -> Satisfied:
    """:func:`satisfy_code`, for who must know whether the browser is a new one.

    A ``shared`` computer is remembered for nobody: the next sign-in there asks a code again.

    The browser never keeps the token it came with, which somebody may have put there; those it is already remembered
    for follow it to the new one.
    """
    if shared:
        there = TrustedBrowser.objects.filter(token_hash=fingerprint(browser_token), credential_id=session.holder_id)
        forgotten, _ = there.delete()
        session.code_satisfied_at = at
        session.save(update_fields=["code_satisfied_at"])
        return Satisfied(renew(session, at=at), "", bool(forgotten))
    value, renewed = token(), token()
    row: dict[str, Any] = {
        "came_with": fingerprint(browser_token),
        "token_hash": fingerprint(value),
        "credential": session.holder_id,
        "version": session.credential_version,
        "browser": session.browser,
        "session": session.pk,
        "renewed": fingerprint(renewed),
        "ends_at": _end(session.created_at, at),
        "at": at,
    }
    done = one_row(_SATISFY, row)
    session.code_satisfied_at, session.token_hash = at, row["renewed"]
    session.seen_at, session.ends_at = at, row["ends_at"]
    return Satisfied(renewed, value, bool(done and done[0]))


# One statement: every first sign-in of the day comes through here.
_SATISFY = """
WITH followed AS (
  UPDATE identity_trustedbrowser SET token_hash = %(token_hash)s
  WHERE token_hash = %(came_with)s AND credential_id <> %(credential)s),
forgotten AS (
  DELETE FROM identity_trustedbrowser WHERE token_hash = %(came_with)s AND credential_id = %(credential)s RETURNING id),
remembered AS (
  INSERT INTO identity_trustedbrowser (token_hash, credential_id, credential_version, code_validated_at, browser)
  VALUES (%(token_hash)s, %(credential)s, %(version)s, %(at)s, %(browser)s))
UPDATE identity_session
SET code_satisfied_at = %(at)s, token_hash = %(renewed)s, seen_at = %(at)s, ends_at = %(ends_at)s
WHERE id = %(session)s RETURNING EXISTS (SELECT 1 FROM forgotten)
"""


def know_browser(credential: Credential, browser: str, *, at: datetime) -> str:
    """Make a browser one whose tries count apart, without any code counting there yet; returns its token."""
    value = token()
    credential.refresh_from_db(fields=["version"])
    TrustedBrowser.objects.create(
        token_hash=fingerprint(value),
        credential=credential,
        credential_version=credential.version,
        code_validated_at=at
        - min(duration(CODE_DELAY), duration(BROWSER_REMEMBERED) - timedelta(days=1))
        - timedelta(seconds=1),
        browser=browser,
    )
    return value


@transaction.atomic
def forget_ended(*, at: datetime) -> int:
    """Delete what can serve no more: ended sessions with their codes, old counters and captchas,
    browsers not seen for as long as they are remembered."""
    OneTimeCode.objects.filter(session__ends_at__lte=at).delete()
    sessions, _ = Session.objects.filter(ends_at__lte=at - LONGEST).delete()
    Throttle.objects.filter(window_ends_at__lte=at).delete()
    CaptchaUse.objects.filter(used_at__lte=at - tokens.LIFE).delete()
    TrustedBrowser.objects.filter(code_validated_at__lte=at - duration(BROWSER_REMEMBERED)).delete()
    return sessions


def _end(created_at: datetime, at: datetime) -> datetime:
    return min(at + duration(SESSION_SILENCE), created_at + LONGEST)
