"""What has been taken from users, by the office or for want of use, as their administrators and agents read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from parvis.kit.actors import Actor, Duty, Right
from parvis.kit.clock import day_in_paris
from parvis.landlords.models import (
    Membership,
    RemovedAdministrator,
    RightsReview,
    SuspendedRight,
    ThirdPartyNumber,
    WithdrawnDelegation,
)
from parvis.landlords.selectors.for_agents.finding import office_codes
from parvis.landlords.selectors.offices import codes_of
from parvis.landlords.selectors.users import UserLine, UserState, all_users, own_partner
from parvis.parameters.catalogue import RIGHTS_REVIEW_LATE
from parvis.parameters.selectors import duration

MOST_USERS = 1_000
PAGE = 50


@dataclass(frozen=True, slots=True)
class Taken:
    """What one account may do no more: the rights suspended by the office, those unused, the offices that withdrew."""

    suspended: tuple[SuspendedRight, ...] = ()
    unused: tuple[SuspendedRight, ...] = ()
    withdrawn: tuple[WithdrawnDelegation, ...] = ()
    removal: RemovedAdministrator | None = None

    @property
    def barred_rights(self) -> frozenset[Right]:
        """Rights no administrator may give."""
        return frozenset(Right(row.right) for row in self.suspended)

    @property
    def unused_rights(self) -> frozenset[Right]:
        """Rights an administrator may give back by one click."""
        return frozenset(Right(row.right) for row in self.unused)

    @property
    def barred_offices(self) -> frozenset[str]:
        """Offices for which no administrator may let them act."""
        return frozenset(row.office_id for row in self.withdrawn)


def taken_from(account_id: int, *, at: datetime) -> Taken:
    """All that is taken from one account now; the caller has checked whose it is."""
    rows = list(SuspendedRight.objects.filter(account_id=account_id, lifted_at=None).order_by("suspended_at", "pk"))
    withdrawn = WithdrawnDelegation.objects.filter(account_id=account_id, lifted_at=None).select_related("office")
    return Taken(
        suspended=tuple(row for row in rows if row.by_office),
        unused=tuple(row for row in rows if not row.by_office),
        withdrawn=tuple(withdrawn.order_by("withdrawn_at", "pk")),
        removal=removal_of(account_id, at=at),
    )


def acts_for(account_id: int, partner_id: UUID) -> frozenset[str]:
    """The offices a user acts for: those they are limited to, else all that know their landlord."""
    limits = Membership.objects.filter(account_id=account_id).values_list("offices", flat=True).first()
    return frozenset(limits or codes_of(partner_id))


def removal_of(account_id: int, *, at: datetime) -> RemovedAdministrator | None:
    """The removal of an administrator that may still be reversed."""
    live = RemovedAdministrator.objects.filter(account_id=account_id, reversed_at=None, reversible_until__gt=at)
    return live.order_by("-removed_at").first()


def offices_for_agent(actor: Actor, partner_id: UUID) -> list[tuple[str, str]]:
    """(code, name) of the offices of a landlord where the agent may suspend."""
    codes = office_codes(actor, Duty.SUSPEND_ACCOUNTS)
    numbers = ThirdPartyNumber.objects.filter(landlord_id=partner_id)
    if codes is not None:
        numbers = numbers.filter(office_id__in=codes)
    return sorted(set(numbers.values_list("office_id", "office__name")))


@dataclass(frozen=True, slots=True)
class Review:
    """The review of the rights of one's organisation: who may do what now, since when it is due, when it was last confirmed."""

    users: list[UserLine]
    due_on: date | None
    confirmed_at: datetime | None
    confirmed_by: str


def review_of(actor: Actor, *, at: datetime) -> Review:
    """What an administrator looks at and confirms: whoever may come in, with what they may do."""
    rows = RightsReview.objects.filter(landlord_id=own_partner(actor)).select_related("confirmed_by")
    last = rows.exclude(confirmed_at=None).order_by("-confirmed_at").first()
    by = last.confirmed_by if last else None
    users = [user for user in all_users(actor, at=at, limit=MOST_USERS) if user.state is not UserState.CLOSED]
    return Review(
        users=users,
        due_on=rows.filter(confirmed_at=None).values_list("due_on", flat=True).first(),
        confirmed_at=last.confirmed_at if last else None,
        confirmed_by=f"{by.first_name} {by.last_name}" if by else "",
    )


def is_review_due(partner_id: UUID) -> bool:
    """Whether an organisation owes the review of the year."""
    return RightsReview.objects.filter(landlord_id=partner_id, confirmed_at=None).exists()


def own_review_due_on(actor: Actor) -> date | None:
    """Since when the review of one's organisation waits for an administrator; None where it does not, and for who administers not."""
    if not actor.may(Right.ADMINISTER) or actor.partner_id is None:
        return None
    waiting = RightsReview.objects.filter(landlord_id=actor.partner_id, confirmed_at=None)
    return waiting.values_list("due_on", flat=True).first()


@dataclass(frozen=True, slots=True)
class LateReview:
    """An organisation that has not looked at its rights in time."""

    partner_id: UUID
    name: str
    due_on: date
    told_again_at: datetime | None


def late_reviews(actor: Actor, *, after: int = 0, limit: int = PAGE, at: datetime) -> list[tuple[int, LateReview]]:
    """The reviews that are late at the offices of an agent, each with its place in the list, the oldest first."""
    codes = office_codes(actor, Duty.SUSPEND_ACCOUNTS)
    before = day_in_paris(at - duration(RIGHTS_REVIEW_LATE))
    rows = RightsReview.objects.filter(confirmed_at=None, due_on__lte=before, pk__gt=after).select_related("landlord")
    if codes is not None:
        known = ThirdPartyNumber.objects.filter(office_id__in=codes, absent_since=None).values("landlord_id")
        rows = rows.filter(landlord_id__in=known)
    return [
        (row.pk, LateReview(row.landlord_id, row.landlord.name, row.due_on, row.told_again_at))
        for row in rows.order_by("pk")[:limit]
    ]
