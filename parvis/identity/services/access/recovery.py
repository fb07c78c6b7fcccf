"""« Mot de passe oublié »: a code, then a new password for the whole group (product.md §2.6, security.md §2.8)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity import events, passwords, rules
from parvis.identity.models import Account, Credential, Purpose, Session
from parvis.identity.services import codes, limits, sessions
from parvis.identity.services.access import meant, notices
from parvis.kit.db import change_exactly_one
from parvis.kit.refusals import ActNotPossible
from parvis.parameters.catalogue import PASSWORD_SHORTEST
from parvis.parameters.selectors import value


def ask(session: Session, typed: str, *, address: str, at: datetime) -> None:
    """Ask the code that lets one choose a new password. What happens is told to the mailbox alone.

    Beyond the limits nothing is sent, and the page is the same: a stranger learns nothing, and cannot flood a mailbox.
    """
    value = rules.read_login(typed).value
    if limits.admit(limits.of_asking_back("password", value, address), at=at).paused_until is None:
        meant.ask_code(session, Purpose.RECOVER, typed, address=address, at=at)


@transaction.atomic
def enter_code(session: Session, digits: str, *, at: datetime) -> tuple[codes.CodeOutcome, str]:
    """Type the code; a right one renews the session's token, and opens the page of the new password for 15 minutes."""
    outcome = codes.check(session, Purpose.RECOVER, digits, at=at)
    if outcome.verdict is not codes.Verdict.RIGHT:
        return outcome, ""
    proof = meant.proof_of(session, Purpose.RECOVER, at=at)
    if proof is None:
        return codes.CodeOutcome(codes.Verdict.EXPIRED), ""
    record(
        events.CODE_ACCEPTED,
        subject=proof.account.login_id,
        by=meant.actor_of(proof.account),
        at=at,
        purpose=Purpose.RECOVER.value,
    )
    return outcome, sessions.renew(session, at=at)


def accounts_reached(session: Session, *, at: datetime) -> list[Account]:
    """The accounts the new password will serve; none when no right code was typed in this session a moment ago."""
    proof = meant.proof_of(session, Purpose.RECOVER, at=at)
    if proof is None:
        return []
    return list(Account.objects.filter(credential_id=proof.account.credential_id).order_by("pk"))


def choose(session: Session, typed: str, own: rules.Own, *, at: datetime) -> str:
    """Choose the new password of the whole group: every session ends, every browser is forgotten, all are told.

    Returns the token of this browser, whose tries count apart from now on: a pause that strangers caused does not keep
    the owner out (ux.md B1). The code of the sign-in is still asked; an access its owner froze stays so. Refuses
    (ActNotPossible) when the code is older than a quarter of an hour or the identity has changed since.
    """
    password = rules.read_password(typed)
    rules.check_password(password, own, value(PASSWORD_SHORTEST))
    proof = meant.proof_of(session, Purpose.RECOVER, at=at)
    if proof is None:
        raise ActNotPossible("Le délai est passé. Demandez un nouveau code pour choisir votre mot de passe.")
    credential, by = proof.account.credential, meant.actor_of(proof.account)
    kept = passwords.hashed(password)
    with transaction.atomic():
        as_seen = Credential.objects.filter(pk=credential.pk, version=credential.version, frozen_by_office=False)
        change_exactly_one(as_seen, password=kept, password_changed_at=at, proof_changed_at=at, provisional_until=None)
        sessions.end_all_of(credential)
        sessions.end(session.pk)
        browser = sessions.know_browser(credential, session.browser, at=at)
        record(events.PASSWORD_RECOVERED, subject=proof.account.login_id, by=by, at=at)
        count = Account.objects.filter(credential=credential).count()
        notices.tell(
            proof.account,
            events.PASSWORD_RECOVERED,
            "identity/emails/password_changed",
            {"browser": session.browser, "account_count": count},
            of_all=count > 1,
            at=at,
        )
        return browser
