"""One-time codes: asked, drawn when the e-mail is made, typed. What is typed wrong is written, never rolled back."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import connection, transaction

from parvis.audit.journal import record
from parvis.correspondence.secrets import SecretNoLongerNeeded
from parvis.correspondence.services import queue_email
from parvis.identity import events
from parvis.identity.models import Credential, OneTimeCode, Purpose, Session
from parvis.identity.refusals import TooManyCodes, TooSoon
from parvis.identity.selectors.accounts import words_of_account
from parvis.identity.selectors.codes import NUMBERED, OF_NOBODY_YET
from parvis.identity.services import limits
from parvis.identity.services.access import notices
from parvis.kit.actors import Actor, system
from parvis.kit.db import one_row
from parvis.kit.periods import at_hour
from parvis.kit.references import keyed_fingerprint
from parvis.parameters.catalogue import CODE_AGAIN_AFTER, CODE_LIFE, CODE_TRIES, CODES_A_DAY
from parvis.parameters.selectors import duration, value

DIGITS = 6
_NOBODY = system("nobody")


class Verdict(Enum):
    """What became of the digits typed."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    REPLACED = "replaced"
    USED = "used"


@dataclass(frozen=True, slots=True)
class CodeOutcome:
    """The verdict, and what the page says with it: tries left, when another may be asked, when the newer one was.

    ``at`` is when it was typed, where the page says a moment to come.
    """

    verdict: Verdict
    left: int = 0
    until: datetime | None = None
    email: str = ""
    at: datetime | None = None


@transaction.atomic
def ask(
    session: Session,
    purpose: Purpose,
    email: str,
    *,
    by: Actor,
    at: datetime,
    target: bytes = b"",
    credential_id: int | None = None,
) -> OneTimeCode:
    """Send another code to ``email``; the one before is void. Refuses within a minute, and after ten in a day.

    ``target`` binds the code to what exactly it allows; ``credential_id`` names the credential where the session proves
    none yet (recovery).
    """
    holder = Credential.objects.only("version").get(pk=credential_id or session.holder_id)
    buckets = [] if purpose in OF_NOBODY_YET else [limits.of_codes(purpose, f"{email}|{holder.version}")]
    if purpose in (Purpose.PROVE_EMAIL, Purpose.CHANGE_EMAIL):
        # Whoever may type any address must neither write to a thousand strangers nor use up what the address's owner may ask.
        buckets = [limits.of_codes(purpose, by.label), limits.of_mailbox(email)]
    _replace_live(session, purpose, email, at=at)
    _admit(buckets, at=at)
    code = OneTimeCode(
        purpose=purpose, credential=holder, credential_version=holder.version, session=session, email=email
    )
    return _send(code, words_of_account(by), target=target, by=by, at=at)


def ask_at_sign_in(session: Session, email: str, words: dict[str, str], *, by: Actor, at: datetime) -> None:
    """:func:`ask` for a session begun in this very transaction: nobody else knows it yet, and it has no live code.

    Writes nothing when it refuses.
    """
    _admit([limits.of_codes(Purpose.SIGN_IN, f"{email}|{session.credential_version}")], at=at)
    code = OneTimeCode(
        purpose=Purpose.SIGN_IN,
        credential_id=session.credential_id,
        credential_version=session.credential_version,
        session=session,
        email=email,
    )
    _send(code, words, by=by, at=at)


def _send(code: OneTimeCode, words: dict[str, str], *, by: Actor, at: datetime, target: bytes = b"") -> OneTimeCode:
    code.asked_at, code.expires_at, code.target = at, at + duration(CODE_LIFE), target
    row = one_row(_ASKED, vars(code))
    assert row is not None
    code.pk, code._state.adding = row[0], False
    _queue(code, words, number=row[1] + 1, by=by, at=at)
    record(events.CODE_ASKED, subject=by.label, by=by, at=at, purpose=Purpose(code.purpose).value)
    return code


# Every sign-in writes one: without the ORM, which takes longer to say it than the database to do it.
_ASKED = f"""
INSERT INTO identity_onetimecode
  (purpose, credential_id, credential_version, session_id, email, target, asked_at, expires_at, tries)
VALUES (%(purpose)s, %(credential_id)s::bigint, %(credential_version)s, %(session_id)s, %(email)s, %(target)s, %(asked_at)s,
  %(expires_at)s, 0) RETURNING id, ({NUMBERED})
"""


@transaction.atomic
def pretend(session: Session, purpose: Purpose, typed: str, *, at: datetime) -> None:
    """Do for a value nobody has what :func:`ask` does for one somebody has, but write to nobody.

    Same limits, same refusals, same statements: what the page shows and how long it takes tell nothing.
    """
    Credential.objects.only("version").filter(pk=0).first()
    _replace_live(session, purpose, "", at=at)
    code = OneTimeCode.objects.create(
        purpose=purpose,
        credential_version=0,
        session=session,
        email="",
        code_hash=secrets.token_bytes(32),
        asked_at=at,
        expires_at=at + duration(CODE_LIFE),
    )
    with transaction.atomic():
        # The same rows as for somebody, taken back at once: nobody is written to.
        nobody = {"account_name": "", "login_id": "", "user_number": ""}
        code.email = "personne@parvis.invalid"
        _queue(code, nobody, number=1, by=_NOBODY, at=at)
        record(events.CODE_ASKED, subject="nobody", by=_NOBODY, at=at, purpose=purpose.value)
        transaction.set_rollback(True)


def _replace_live(session: Session, purpose: Purpose, email: str, *, at: datetime) -> None:
    """The code that another one replaces is void; refuses when it is too soon."""
    # The session's row is the queue: two clicks ask one after the other, and the second is too soon.
    Session.objects.select_for_update().get(pk=session.pk)
    live = OneTimeCode.objects.filter(session=session, purpose=purpose, used_at=None, replaced_at=None)
    latest = live.order_by("-asked_at").first()
    if (
        latest is not None
        and latest.asked_at + duration(CODE_AGAIN_AFTER) > at
        and (latest.email == email or purpose in OF_NOBODY_YET)
    ):
        raise TooSoon(round((latest.asked_at + duration(CODE_AGAIN_AFTER) - at).total_seconds()))
    live.update(replaced_at=at)


def _admit(buckets: list[limits.Bucket], *, at: datetime) -> None:
    if not buckets:
        return
    admission = limits.admit(buckets, at=at)
    if admission.paused_until is not None and admission.paused_until > at:
        raise TooManyCodes(at_hour(admission.paused_until, at))


def _queue(code: OneTimeCode, words: dict[str, str], *, number: int, by: Actor, at: datetime) -> None:
    queue_email(
        to=code.email,
        template=f"identity/emails/code_{Purpose(code.purpose).value}",
        context={
            **words,
            "browser": code.session.browser,
            "asked": at.isoformat(),
            "minutes": value(CODE_LIFE),
            "email": code.email,
            "number": number,
        },
        secret="one_time_code",  # noqa: S106
        secret_subject=code.pk,
        account_id=by.account_id,
        partner_id=by.partner_id,
        urgent=True,
        at=at,
    )


def draw(code_id: int, *, at: datetime) -> dict[str, str]:
    """The digits, drawn as the e-mail is made. A second making of the same e-mail draws again: the first never left."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    drawn = {"code": code_id, "kept": _kept(code_id, digits), "ends": at + duration(CODE_LIFE), "at": at}
    row = one_row(_DRAWN, drawn)
    if row is None:
        raise SecretNoLongerNeeded
    # Here, and not where it is asked: who asks never waits for it, whoever the value typed stands for.
    holder, purpose, asked_at = row
    if holder is not None:
        notices.tell_of_codes(holder, Purpose(purpose), asked_at=asked_at, at=at)
    return {"code": f"{digits[:3]}\u00a0{digits[3:]}", "digits": digits}


_DRAWN = """
UPDATE identity_onetimecode SET code_hash = %(kept)s, expires_at = %(ends)s
WHERE id = %(code)s AND used_at IS NULL AND replaced_at IS NULL AND expires_at > %(at)s
RETURNING credential_id, purpose, asked_at
"""

# The try is counted before the digits are compared, in the statement that claims it (security.md, M5).
_TRY = """
UPDATE identity_onetimecode o SET tries = tries + 1
WHERE session_id = %(session)s AND purpose = %(purpose)s AND target = %(target)s
  AND used_at IS NULL AND replaced_at IS NULL AND expires_at > %(at)s AND tries < %(tries)s
  AND (credential_id IS NULL OR EXISTS (
    SELECT 1 FROM identity_credential c WHERE c.id = o.credential_id AND c.version = o.credential_version))
RETURNING id, code_hash, tries, email, credential_id, credential_version
"""
# A code read in a mailbox proves it anew, whatever its server once said of it.
_USE = """
WITH used AS (UPDATE identity_onetimecode SET used_at = %(at)s
  WHERE id = %(code)s AND used_at IS NULL AND replaced_at IS NULL RETURNING id, credential_id, email),
proved AS (UPDATE identity_credential c SET email_refused_at = NULL FROM used
  WHERE c.id = used.credential_id AND c.email = used.email AND c.email_refused_at IS NOT NULL)
SELECT id FROM used
"""


def check(session: Session, purpose: Purpose, digits: str, *, at: datetime, target: bytes = b"") -> CodeOutcome:
    """Compare what was typed with the live code of this session, purpose and target; a right code serves once.

    In a transaction: what comes of a right code, and its use, are one.
    """
    if not connection.in_atomic_block:
        with transaction.atomic():
            return check(session, purpose, digits, at=at, target=target)
    claim: dict[str, Any] = {
        "session": session.pk,
        "purpose": purpose.value,
        "target": target,
        "at": at,
        "tries": value(CODE_TRIES),
    }
    row = one_row(_TRY, claim)
    if row is None:
        return _why_not(session, purpose, at)
    code_id, kept, tries, email, holder, version = row
    # Before anybody has signed in, wrong codes weigh on the one browser that types them: whoever it stands for.
    whose = str(session.pk) if purpose in OF_NOBODY_YET else f"{email or session.pk}|{version}"
    wrong_ones = limits.of_wrong_codes(purpose, None if purpose in OF_NOBODY_YET else holder, whose)
    paused = limits.paused_until(wrong_ones, at=at)
    if paused is not None:
        return CodeOutcome(Verdict.BLOCKED, until=paused, email=email, at=at)
    # A code whose e-mail is not made yet has no hash: nobody can know it, and the try counts like any other.
    if kept is not None and holder is not None and hmac.compare_digest(_kept(code_id, digits), bytes(kept)):
        used = one_row(_USE, {"code": code_id, "at": at})
        return CodeOutcome(Verdict.RIGHT if used else Verdict.USED, email=email)
    limits.admit([wrong_ones], at=at)
    newer = _replaced_by(session, purpose, digits)
    if newer is not None:
        return CodeOutcome(Verdict.REPLACED, value(CODE_TRIES) - tries, newer, email)
    if tries >= value(CODE_TRIES):
        return _why_not(session, purpose, at)
    return CodeOutcome(Verdict.WRONG, value(CODE_TRIES) - tries, email=email)


def _why_not(session: Session, purpose: Purpose, at: datetime) -> CodeOutcome:
    """Why no live code could be tried."""
    latest = OneTimeCode.objects.filter(session=session, purpose=purpose).order_by("-asked_at", "-id").first()
    if latest is None or latest.expires_at <= at:
        return CodeOutcome(Verdict.EXPIRED)
    if latest.used_at is not None:
        return CodeOutcome(Verdict.USED, email=latest.email)
    if latest.tries >= value(CODE_TRIES):
        again = max(at, latest.asked_at + duration(CODE_AGAIN_AFTER))
        return CodeOutcome(Verdict.BLOCKED, until=again, email=latest.email, at=at)
    # Live, but its credential has changed since: it opens nothing any more.
    return CodeOutcome(Verdict.EXPIRED, email=latest.email)


def _replaced_by(session: Session, purpose: Purpose, digits: str) -> datetime | None:
    """When the live code was asked, if what was typed is an older one of the same session."""
    rows = OneTimeCode.objects.filter(session=session, purpose=purpose).order_by("-asked_at", "-id")
    asked: datetime | None = None
    for code in rows[: value(CODES_A_DAY)]:
        if code.replaced_at is None:
            asked = code.asked_at
        elif asked and code.code_hash and hmac.compare_digest(_kept(code.pk, digits), bytes(code.code_hash)):
            return asked
    return None


def _kept(code_id: int, digits: str) -> bytes:
    return keyed_fingerprint("one-time code", f"{code_id}:{digits}")
