"""A change asked for, until the code that allows it is typed: nothing of it has happened yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from parvis.identity.models import OneTimeCode, PendingChange, Purpose, Session
from parvis.identity.refusals import TooSoon
from parvis.identity.selectors.accounts import own_account
from parvis.identity.services import codes
from parvis.kit.actors import Actor
from parvis.kit.references import fingerprint

LIFE = timedelta(minutes=30)


@transaction.atomic
def begin(
    session: Session, purpose: Purpose, payload: dict[str, Any], *, secret_hash: str = "", by: Actor, at: datetime
) -> PendingChange:
    """Note what is asked; another change asked before in this session is put aside."""
    Session.objects.select_for_update().get(pk=session.pk)
    PendingChange.objects.filter(session=session, done_at=None).delete()
    return PendingChange.objects.create(
        session=session,
        account_id=own_account(by),
        purpose=purpose,
        payload=payload,
        secret_hash=secret_hash,
        asked_at=at,
    )


def live(session_id: int, *, by: Actor, at: datetime) -> PendingChange | None:
    """The change this session waits for, on the actor's account; none after half an hour."""
    found = PendingChange.objects.filter(session_id=session_id, done_at=None, asked_at__gt=at - LIFE)
    return found.filter(account_id=own_account(by)).first()


def target(change: PendingChange) -> bytes:
    """What a code for this change is bound to: this very change, at this very stage."""
    return fingerprint(f"{change.pk}:{change.purpose}")


def ask_code(change: PendingChange, session: Session, email: str, *, by: Actor, at: datetime) -> None:
    """Send the code that this change needs now. Refuses like :func:`codes.ask`.

    Whoever gave a change of the profile up and begins it again types the code on its way to the same mailbox: it serves
    the new change, and no longer the old one.
    """
    try:
        codes.ask(session, Purpose(change.purpose), email, by=by, at=at, target=target(change))
    except TooSoon:
        if not _takes_over(change, session, email, at=at):
            raise


def _takes_over(change: PendingChange, session: Session, email: str, *, at: datetime) -> bool:
    """Only where the mail tells nothing of the change but its purpose."""
    if change.purpose not in (Purpose.CHANGE_PASSWORD, Purpose.LEAVE_EMAIL, Purpose.CHANGE_EMAIL):
        return False
    on_its_way = OneTimeCode.objects.filter(
        session=session, purpose=change.purpose, email=email, used_at=None, replaced_at=None, expires_at__gt=at
    )
    return bool(on_its_way.exclude(target=target(change)).update(target=target(change)))


def check_code(change: PendingChange, session: Session, digits: str, *, at: datetime) -> codes.CodeOutcome:
    """Compare the digits with the code of this change at this stage."""
    return codes.check(session, Purpose(change.purpose), digits, at=at, target=target(change))


def claim(change: PendingChange, *, at: datetime) -> bool:
    """Take the change to do it now; of two who try, one gets it."""
    return bool(PendingChange.objects.filter(pk=change.pk, done_at=None).update(done_at=at))


def drop(session_id: int) -> None:
    """« Annuler »: what was asked is forgotten."""
    PendingChange.objects.filter(session_id=session_id, done_at=None).delete()
