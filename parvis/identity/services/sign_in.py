"""Signing in with an identifier or a proved e-mail, and a password. A failure is written and returned, not raised."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity import events, passwords, rules
from parvis.identity.models import AccountState, Credential, Purpose, Session
from parvis.identity.refusals import TooManyCodes
from parvis.identity.selectors.accounts import words_of
from parvis.identity.services import codes, limits, sessions
from parvis.identity.services.access import notices
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.clock import day_in_paris
from parvis.kit.db import one_row, write
from parvis.kit.references import fingerprint
from parvis.parameters.catalogue import CAPTCHA_AFTER, CODE_DELAY
from parvis.parameters.selectors import duration
from parvis.parameters.selectors import value as value_of


class SignIn(Enum):
    """What became of an identifier and a password."""

    SIGNED_IN = "signed_in"
    WRONG = "wrong"
    PAUSED = "paused"
    EXPIRED_PROVISIONAL = "expired_provisional"
    DISABLED = "disabled"
    FROZEN = "frozen"
    CAPTCHA = "captcha"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict, and what goes with it.

    Signed in: the token of the new session, whether a code is owed, an account of the credential and how many it opens.
    Otherwise: how many tries, until when to wait, the day the provisional password expired or the access was closed,
    and the account that is closed (only ever after its right password).
    """

    kind: SignIn
    token: str = ""
    code_owed: bool = False
    reference: str = ""
    account_count: int = 0
    tries: int = 0
    paused_until: datetime | None = None
    expired_on: date | None = None
    closed_on: date | None = None
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Whom the value typed may stand for; ``browser_validated_at`` if this very browser is remembered for them."""

    credential_id: int
    version: int
    password: str
    provisional_until: datetime | None
    email: str | None
    account_id: int
    login_id: str
    state: str
    partner_id: UUID
    browser_validated_at: datetime | None
    reference: str
    account_count: int
    disabled_at: datetime | None
    frozen_at: datetime | None
    first_name: str
    last_name: str
    user_number: str

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.PARTNER, self.login_id, account_id=self.account_id, partner_id=self.partner_id)


# An e-mail opens its credential; the account is then the first open one, for the journal and for messages.
_CANDIDATE = """
SELECT c.id, c.version, c.password, c.provisional_until, c.email, a.id, a.login_id, a.state, a.partner_id, b.code_validated_at,
  a.reference, (SELECT count(*) FROM identity_account o WHERE o.credential_id = c.id AND o.state NOT IN ('disabled', 'frozen')),
  a.disabled_at, c.frozen_at, a.first_name, a.last_name, a.user_number
FROM identity_account a JOIN identity_credential c ON c.id = a.credential_id
LEFT JOIN identity_trustedbrowser b ON b.token_hash = %s AND b.credential_id = c.id AND b.credential_version = c.version
WHERE {clause}
ORDER BY a.state IN ('disabled', 'frozen'), a.id LIMIT 1
"""
_BY_LOGIN = _CANDIDATE.format(clause="a.login_id = %s")
_BY_EMAIL = _CANDIDATE.format(clause="c.email = %s")


def sign_in(
    former: Session | None,
    *,
    typed: str,
    password: str,
    browser_token: str,
    browser: str,
    address: str,
    at: datetime,
    captcha_passed: bool = False,
) -> Outcome:
    """Try an identifier and a password.

    After some failures (parameter), or from where whatever comes is tried, the captcha comes first, for nobody's values too.

    The try is counted before anything is compared; one hash is computed whoever the value stands for, nobody included,
    and outside any transaction. Success begins a new session under a new token: one that was fixed opens nothing.
    """
    value = rules.read_login(typed)
    candidate = _candidate_of(value, browser_token)
    known = candidate is not None and candidate.browser_validated_at is not None
    own, shared = _buckets(value.value, browser_token, address, known=known)
    admission = limits.admit([replace(own, browser=browser[:80], is_known=known), *shared], at=at)
    if admission.paused_until is not None:
        return Outcome(SignIn.PAUSED, paused_until=admission.paused_until, tries=admission.tries)
    if not captcha_passed and _wants_captcha(admission):
        return Outcome(SignIn.CAPTCHA, tries=admission.tries)
    if not _is_right(candidate, password) or candidate is None:
        return Outcome(SignIn.WRONG, tries=admission.tries)
    rehashed = passwords.hashed(rules.read_password(password)) if _is_outdated(candidate) else ""
    with transaction.atomic():
        limits.succeed(own, shared)
        wrong = admission.tries - 1 if known else 0
        return _after_right_password(candidate, former, rehashed=rehashed, browser=browser, tries=wrong, at=at)


def _buckets(value: str, browser_token: str, address: str, *, known: bool) -> tuple[limits.Bucket, list[limits.Bucket]]:
    """What counts the try alone, and what counts it with others.

    A remembered browser counts apart: whatever strangers try, from wherever, its owner still gets in. Elsewhere a stranger
    slows down their own neighbourhood, and everybody only after a hundred tries in a day.
    """
    if known:
        return limits.of_browser(value, browser_token), []
    return limits.of_neighbourhood(value, address), [limits.of_address(address), limits.of_value(value)]


def _wants_captcha(admission: limits.Admission) -> bool:
    """The try just counted is beyond those that come without a captcha; the address is the second bucket, if any."""
    own, *shared = admission.of_all
    return own > value_of(CAPTCHA_AFTER) or (bool(shared) and shared[0] > rules.SPRAY)


def _candidate_of(value: rules.LoginReading, browser_token: str) -> _Candidate | None:
    row = one_row(_BY_EMAIL if value.is_email else _BY_LOGIN, [fingerprint(browser_token), value.value])
    return _Candidate(*row) if row else None


def _is_right(candidate: _Candidate | None, password: str) -> bool:
    provisional = candidate is not None and candidate.provisional_until is not None
    typed = rules.read_provisional(password) if provisional else rules.read_password(password)
    return passwords.matches(typed, candidate.password if candidate else "")


def _is_outdated(candidate: _Candidate) -> bool:
    return candidate.provisional_until is None and passwords.is_outdated(candidate.password)


def _after_right_password(
    candidate: _Candidate, former: Session | None, *, rehashed: str, browser: str, tries: int, at: datetime
) -> Outcome:
    by = candidate.actor
    if candidate.state in (AccountState.DISABLED, AccountState.FROZEN):
        record(events.SIGN_IN_REFUSED, subject=by.label, by=by, at=at, why=candidate.state)
        closed_on = day_in_paris(candidate.disabled_at) if candidate.disabled_at else None
        return Outcome(SignIn.DISABLED, closed_on=closed_on, account_id=candidate.account_id)
    if candidate.frozen_at is not None:
        record(events.SIGN_IN_REFUSED, subject=by.label, by=by, at=at, why="frozen")
        return Outcome(SignIn.FROZEN)
    if candidate.provisional_until is not None and candidate.provisional_until <= at:
        record(events.SIGN_IN_REFUSED, subject=by.label, by=by, at=at, why="expired")
        return Outcome(SignIn.EXPIRED_PROVISIONAL, expired_on=day_in_paris(candidate.provisional_until))
    if rehashed:
        Credential.objects.filter(pk=candidate.credential_id, password=candidate.password).update(password=rehashed)
    if former is not None:
        sessions.end(former.pk)
    begun = sessions.begin(
        browser=browser,
        at=at,
        credential_id=candidate.credential_id,
        credential_version=candidate.version,
        code_satisfied_at=_satisfied(candidate, at),
    )
    record(events.SIGNED_IN, subject=by.label, by=by, at=at, browser=browser)
    _go_on(candidate, begun.session, tries=tries, at=at)
    return Outcome(
        SignIn.SIGNED_IN,
        begun.token,
        code_owed=candidate.email is not None and begun.session.code_satisfied_at is None,
        reference=candidate.reference,
        account_count=candidate.account_count,
    )


def _satisfied(candidate: _Candidate, at: datetime) -> datetime | None:
    """The moment of the code that still counts in this browser, if any."""
    validated = candidate.browser_validated_at
    return validated if validated is not None and rules.code_still_good(at - validated, duration(CODE_DELAY)) else None


def _go_on(candidate: _Candidate, session: Session, *, tries: int, at: datetime) -> None:
    """``tries`` went wrong before, in this remembered browser; elsewhere they are looked up once the code is right."""
    if candidate.email is None:
        return
    notices.note_tries(session, tries)
    if session.code_satisfied_at is not None:
        note_complete(candidate.credential_id, at=at)
        notices.tell_of_entry(session, known=True, by=candidate.actor, at=at)
        return
    # Too many: signed in all the same, and the code page says when another may be asked.
    with suppress(TooManyCodes):
        codes.ask_at_sign_in(session, candidate.email, words_of(candidate), by=candidate.actor, at=at)


_COMPLETE = """
UPDATE identity_account SET previous_sign_in_at = last_signed_in_at, last_signed_in_at = %s WHERE credential_id = %s
"""


def note_complete(credential_id: int, *, at: datetime) -> None:
    """The person is all the way in: what the pages call « dernière connexion » moves on."""
    write(_COMPLETE, [at, credential_id])


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a code; when it was right, the new token of the session and that of the remembered browser."""

    outcome: codes.CodeOutcome
    token: str = ""
    browser_token: str = ""


@transaction.atomic
def enter_code(
    session: Session, digits: str, *, browser_token: str, by: Actor, at: datetime, shared: bool = False
) -> Entered:
    """Type the code of the sign-in. A right one satisfies this session and, unless ``shared``, is remembered here."""
    outcome = codes.check(session, Purpose.SIGN_IN, digits, at=at)
    if outcome.verdict is not codes.Verdict.RIGHT:
        return Entered(outcome)
    note_complete(session.holder_id, at=at)
    record(events.CODE_ACCEPTED, subject=by.label, by=by, at=at, purpose=Purpose.SIGN_IN.value)
    done = sessions.accept_code(session, browser_token=browser_token, at=at, shared=shared)
    notices.tell_of_entry(session, known=done.known, by=by, at=at)
    return Entered(outcome, done.token, done.browser_token)
