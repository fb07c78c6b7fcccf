"""Before any decision about users: the decisions of one organisation stand in a queue, and whoever decides still may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from parvis.correspondence.services import queue_email
from parvis.identity.models import Account, AccountState, Nature
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import hour, long_day
from parvis.kit.refusals import ChangedMeanwhile, NotAllowed, NotFound
from parvis.landlords import rules
from parvis.landlords.models import Habilitation, Landlord
from parvis.landlords.refusals import LastAdministrator, NotYetAppointing, NotYourself
from parvis.landlords.selectors.role import is_confirmed
from parvis.landlords.selectors.users import UserLine, administers_since, administrators, user_of
from parvis.parameters.catalogue import NEW_ADMINISTRATOR_WAITS
from parvis.parameters.selectors import duration

QUEUE = timedelta(minutes=1)
"""How long a decision may wait for others at most."""


@dataclass(frozen=True, slots=True)
class Decision:
    """An administrator at work on the users of their landlord, alone until the end of the transaction."""

    landlord: Landlord
    administrator: Account
    since: datetime
    by: Actor
    at: datetime

    def user(self, reference: str, *, seen: str | None = None) -> UserLine:
        """Somebody else of the organisation, as ``seen`` on the page if it says so."""
        found = user_of(self.by, reference, at=self.at)
        if found.id == self.administrator.pk:
            raise NotYourself
        if seen is not None and found.as_seen != seen:
            raise ChangedMeanwhile
        return found

    def check_may_appoint(self) -> None:
        """Refuse to appoint or remove an administrator while new in the role, unless two agents vouched (security.md §2.10)."""
        waits = duration(NEW_ADMINISTRATOR_WAITS)
        is_settled = rules.may_appoint(self.since, waits, at=self.at)
        if not is_settled and not is_confirmed(self.administrator, since=self.since):
            until = self.since + waits
            raise NotYetAppointing(f"{long_day(day_in_paris(until))} à {hour(until)}")

    def check_one_stays(self, *, without: int) -> None:
        """Refuse to leave the organisation without active administrator."""
        if all(account.pk == without for account in administrators(self.landlord.pk, at=self.at)):
            raise LastAdministrator


def begin(*, by: Actor, at: datetime) -> Decision:
    """Take the place in the queue; refuses who no longer administers, whatever their page still showed."""
    # The landlord's row is the queue: of two administrators who remove each other, one is first.
    locked = Landlord.objects.select_for_update(of=("self",)).select_related("partner")
    landlord = locked.filter(pk=by.partner_id, partner__nature=Nature.CORPORATE).first()
    if landlord is None:
        raise NotFound
    at = _after_the_others(landlord, at)
    own = Account.objects.select_related("credential").filter(
        pk=own_account(by), partner_id=landlord.pk, state=AccountState.ACTIVE
    )
    account, since = own.first(), administers_since(own_account(by), at=at)
    if account is None or since is None:
        raise NotAllowed(Right.ADMINISTER.label)
    _answer(landlord, by=by, at=at)
    return Decision(landlord, account, since, by, at)


def _answer(landlord: Landlord, *, by: Actor, at: datetime) -> None:
    """An administrator at work is there: a replacement that waits for an answer has it."""
    from parvis.landlords.services.role import replacing

    replacing.answered(landlord, by=by, at=at)


def _after_the_others(landlord: Landlord, at: datetime) -> datetime:
    """The moment of a decision: not before those that went first in the queue, though the page was asked for earlier."""
    ended = Habilitation.objects.filter(account__partner_id=landlord.pk, ended_at__gt=at, ended_at__lte=at + QUEUE)
    latest: datetime | None = ended.aggregate(latest=Max("ended_at"))["latest"]
    return latest or at


def name_of(account: Account) -> str:
    """A person’s name in a sentence."""
    return f"{account.first_name} {account.last_name}".strip() or account.login_id


def address_of(account: Account) -> str:
    """Where a person is written to: the proved mailbox, or the claimed one."""
    return account.credential.email or account.claimed_email


def frame_of(landlord: Landlord, account: Account) -> dict[str, Any]:
    """What every e-mail about users says of the organisation and of its reader."""
    return {
        "account_name": landlord.name,
        "login_id": account.login_id,
        "user_number": account.user_number,
        "person": name_of(account),
    }


def write_to(account: Account, template: str, landlord: Landlord, *, at: datetime, **words: Any) -> None:
    """Write to one person of the organisation, if there is an address."""
    if not address_of(account):
        return
    queue_email(
        to=address_of(account),
        template=template,
        context={**frame_of(landlord, account), **words},
        account_id=account.pk,
        partner_id=account.partner_id,
        at=at,
    )


def tell_administrators(decision: Decision, user: UserLine, *, what: str) -> None:
    """Tell the other administrators what one of them did with a user."""
    for account in administrators(decision.landlord.pk, at=decision.at):
        if account.pk not in (decision.administrator.pk, user.id):
            write_to(
                account,
                "landlords/emails/user_changed",
                decision.landlord,
                at=decision.at,
                what=what,
                user=user.name,
                user_login_id=user.login_id,
                administrator=name_of(decision.administrator),
                when=decision.at.isoformat(),
            )
