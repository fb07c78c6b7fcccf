"""What only a demonstration or a training instance can do: jump to another date, sign in without a password.

Both refuse to run in production, whatever way in asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from parvis.audit.journal import record
from parvis.identity import events
from parvis.identity.models import Account, AccountState, Session, Throttle
from parvis.identity.services import sessions
from parvis.identity.services.sign_in import note_complete
from parvis.kit import clock
from parvis.kit.actors import Actor, ActorKind
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import long_day
from parvis.kit.refusals import NotFound, Refusal


class NotDrawnYet(Refusal):
    """Nobody could sign in yet: the message with the provisional password has not left."""

    def __init__(self) -> None:
        super().__init__(
            "Son mot de passe provisoire n’est pas encore parti. Suivez-le dans la boîte de démonstration, "
            "ou avancez la date de travail."
        )


CLOSED = "Cet accès est fermé\u00a0: personne ne peut s’y connecter."


@dataclass(frozen=True, slots=True)
class Entered:
    """The token of the session begun, the account it opens on, and how many accounts it opens."""

    token: str
    reference: str
    account_count: int


@transaction.atomic
def enter(reference: str, former: Session | None, *, browser: str, at: datetime) -> Entered:
    """Begin a session as after the ordinary way: password accepted, and the code too for those who have a mailbox."""
    _only_where_time_is_free()
    account = Account.objects.select_related("credential").filter(reference=reference).first()
    if account is None:
        raise NotFound
    credential = account.credential
    if account.state in (AccountState.DISABLED, AccountState.FROZEN) or credential.frozen_at is not None:
        raise Refusal(CLOSED)
    proved = credential.email is not None
    if not (credential.password or proved):
        raise NotDrawnYet
    if credential.provisional_until is not None and credential.provisional_until <= at:
        limit = long_day(day_in_paris(credential.provisional_until))
        raise Refusal(f"Son mot de passe provisoire n’est plus valable depuis le {limit}. Revenez avant cette date.")
    if former is not None:
        sessions.end(former.pk)
    begun = sessions.begin(
        browser=browser,
        at=at,
        credential_id=credential.pk,
        credential_version=credential.version,
        code_satisfied_at=at if proved else None,
    )
    by = Actor(ActorKind.PARTNER, account.login_id, account_id=account.pk, partner_id=account.partner_id)
    record(events.ENTERED_DEMONSTRATION, subject=account.login_id, by=by, at=at, browser=browser)
    if proved:
        note_complete(credential.pk, at=at)
    live = Account.objects.filter(credential=credential).exclude(state__in=[AccountState.DISABLED, AccountState.FROZEN])
    return Entered(begun.token, account.reference, live.count())


@transaction.atomic
def jump(to: datetime | None, *, by: Actor, at: datetime) -> datetime:
    """Make everything live at ``to`` from now on; without it, at the real date. Returns the moment it is now.

    Sessions silent for too long by then end at the jump, so that their pages say so instead of not being found. Going
    back, those alive come along: nothing lives longer, no pause lasts until a day that is far again.
    """
    _only_where_time_is_free()
    if to is None:
        clock.live_now()
    else:
        clock.live_at(to)
    moment = to or clock.real_now()
    alive = Session.objects.filter(ends_at__gt=at)
    if moment < at:
        _bring_back(at - moment)
    else:
        alive.filter(ends_at__lte=moment).update(ends_at=moment)
    record(events.WORK_DATE_CHANGED, subject="demonstration", by=by, at=at, to=moment.isoformat(timespec="seconds"))
    return moment


def _bring_back(ago: timedelta) -> None:
    Session.objects.update(created_at=F("created_at") - ago, seen_at=F("seen_at") - ago, ends_at=F("ends_at") - ago)
    Throttle.objects.all().delete()


def _only_where_time_is_free() -> None:
    if not clock.MAY_LIVE_ELSEWHEN:
        raise clock.OneDateOnly
