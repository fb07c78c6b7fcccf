"""A code before the password: the owner's way in while strangers keep the identifier paused (security.md §2.4)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity import events, rules
from parvis.identity.models import Purpose, Session, TrustedBrowser
from parvis.identity.services import codes, limits, sessions
from parvis.identity.services.access import meant, notices
from parvis.kit.references import fingerprint, token


def ask(session: Session, typed: str, *, address: str, at: datetime) -> None:
    """Send a code to the proved mailbox of what was typed; for a value nobody has, the same page and nothing more."""
    value = rules.read_login(typed).value
    if limits.admit(limits.of_asking_back("code first", value, address), at=at).paused_until is None:
        meant.ask_code(session, Purpose.SIGN_IN_FIRST, typed, address=address, at=at)


@transaction.atomic
def enter_code(session: Session, digits: str, *, at: datetime) -> tuple[codes.CodeOutcome, str]:
    """Type the code: a right one makes this browser a remembered one, whose tries count apart from all others'.

    The password is still to be typed; the code counts as that of the sign-in. Returns the browser's token.
    """
    outcome = codes.check(session, Purpose.SIGN_IN_FIRST, digits, at=at)
    if outcome.verdict is not codes.Verdict.RIGHT:
        return outcome, ""
    proof = meant.proof_of(session, Purpose.SIGN_IN_FIRST, at=at)
    if proof is None:
        return codes.CodeOutcome(codes.Verdict.EXPIRED), ""
    value, credential = token(), proof.account.credential
    TrustedBrowser.objects.create(
        token_hash=fingerprint(value),
        credential=credential,
        credential_version=credential.version,
        code_validated_at=at,
        browser=session.browser,
    )
    record(events.BROWSER_PROVED, subject=proof.account.login_id, by=meant.actor_of(proof.account), at=at)
    notices.tell_of_first_code(proof.account, session.browser, by=meant.actor_of(proof.account), at=at)
    sessions.end(session.pk)
    return outcome, value
