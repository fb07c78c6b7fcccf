"""Where the administrator's role of an organisation stands: who may take it, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from parvis.identity.models import Account, AccountState
from parvis.kit.actors import Actor, Right
from parvis.landlords.models import (
    AdministratorConfirmation,
    AdministratorReplacement,
    AfterHandOver,
    Habilitation,
    HandOver,
    ReplacementState,
    SuspendedRight,
    WithdrawnDelegation,
)
from parvis.landlords.selectors.users import administrators, own_partner
from parvis.parameters.catalogue import ADMINISTRATOR_SILENCE
from parvis.parameters.selectors import duration


@dataclass(frozen=True, slots=True)
class Offer:
    """A hand-over that waits: between whom, until when, and which of them asks."""

    giver: str
    taker: str
    becomes: AfterHandOver
    expires_at: datetime
    is_mine: bool
    is_for_me: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A replacement that waits; ``by_office`` where agents opened it: ``who`` is then whom they named."""

    who: str
    reason: str
    asked_at: datetime
    waits_until: datetime
    by_office: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """All the page of the role shows."""

    administrators: list[str]
    deputies: list[str]
    colleagues: list[tuple[str, str]]
    offer: Offer | None
    replacement: Asked | None
    has_successor: bool
    last_seen_at: datetime | None
    is_silent: bool


def may_take(account: Account) -> bool:
    """Whether somebody may receive the role: open, not frozen, with a mailbox of their own that is proved."""
    credential = account.credential
    is_in = account.state == AccountState.ACTIVE and credential.frozen_at is None and credential.email is not None
    return is_in and not is_barred(account)


def takers(partner_id: UUID) -> QuerySet[Account]:
    """The users of an organisation that :func:`may_take` the role, in one query."""
    role = SuspendedRight.objects.filter(account=OuterRef("pk"), right=Right.ADMINISTER, by_office=True, lifted_at=None)
    withdrawn = WithdrawnDelegation.objects.filter(account=OuterRef("pk"), lifted_at=None)
    active = Account.objects.filter(partner_id=partner_id, state=AccountState.ACTIVE, credential__frozen_at=None)
    return active.filter(~Exists(role), ~Exists(withdrawn), credential__email__isnull=False)


def is_barred(account: Account) -> bool:
    """Whether the office keeps somebody from the role: suspended there, or no longer let act for one of the offices."""
    role = SuspendedRight.objects.filter(account=account, right=Right.ADMINISTER, by_office=True, lifted_at=None)
    return role.exists() or WithdrawnDelegation.objects.filter(account=account, lifted_at=None).exists()


def holders(partner_id: UUID) -> list[Account]:
    """Whoever holds the right to administer, frozen or closed too: those whom a replacement replaces. The oldest in the role first."""
    held = Habilitation.objects.filter(right=Right.ADMINISTER, account__partner_id=partner_id, ended_at=None)
    return [row.account for row in held.select_related("account__credential").order_by("granted_at", "pk")]


def is_confirmed(account: Account, *, since: datetime) -> bool:
    """Whether two agents have vouched for who administers, since they have held the role."""
    return AdministratorConfirmation.objects.filter(account=account, confirmed_at__gte=since).exists()


def confirmation_proposed(account_id: int, *, since: datetime) -> AdministratorConfirmation | None:
    """What one agent proposed since somebody has held the role, and no second one has agreed to."""
    return AdministratorConfirmation.objects.filter(
        account_id=account_id, confirmed_at=None, proposed_at__gte=since
    ).first()


def successor_of(partner_id: UUID, *, at: datetime) -> Account | None:
    """The deputy who would take over; not one who administers already, and so is among those who do not answer."""
    rows = Account.objects.select_related("credential").filter(partner_id=partner_id, membership__is_deputy=True)
    hold = {account.pk for account in administrators(partner_id, at=at)}
    return next((one for one in rows.order_by("pk") if one.pk not in hold and may_take(one)), None)


def role_of(actor: Actor, *, at: datetime) -> Standing:
    """The role in the actor's own organisation."""
    partner_id = own_partner(actor)
    hold = administrators(partner_id, at=at)
    rows = Account.objects.filter(partner_id=partner_id, state=AccountState.ACTIVE).order_by("last_name", "pk")
    active = list(rows.select_related("membership"))
    others = [account for account in active if account.pk != actor.account_id and account not in hold]
    last_seen_at = max((account.last_signed_in_at for account in hold if account.last_signed_in_at), default=None)
    return Standing(
        administrators=[_name(account) for account in hold],
        deputies=[
            _name(account) for account in active if hasattr(account, "membership") and account.membership.is_deputy
        ],
        colleagues=[(account.reference, _name(account)) for account in others],
        offer=_offer(actor, at=at),
        replacement=_asked(actor),
        has_successor=successor_of(partner_id, at=at) is not None,
        last_seen_at=last_seen_at,
        is_silent=last_seen_at is not None and last_seen_at + duration(ADMINISTRATOR_SILENCE) <= at,
    )


def _name(account: Account) -> str:
    return f"{account.first_name} {account.last_name}".strip() or account.login_id


def _offer(actor: Actor, *, at: datetime) -> Offer | None:
    waiting = HandOver.objects.filter(landlord_id=own_partner(actor), closed_at=None, expires_at__gt=at)
    found = waiting.select_related("giver", "taker").first()
    if found is None:
        return None
    mine, for_me = found.giver_id == actor.account_id, found.taker_id == actor.account_id
    becomes = AfterHandOver(found.giver_becomes)
    return Offer(_name(found.giver), _name(found.taker), becomes, found.expires_at, mine, for_me)


def _asked(actor: Actor) -> Asked | None:
    waiting = AdministratorReplacement.objects.filter(landlord_id=own_partner(actor), closed_at=None)
    # Of what a single agent has opened, the organisation hears once another has agreed.
    told = waiting.filter(Q(opened_by="") | Q(state=ReplacementState.AGREED))
    found = told.select_related("asked_by").first()
    if found is None:
        return None
    asked_at, by_office = found.agreed_at or found.asked_at, bool(found.opened_by)
    return Asked(found.successor_name, found.reason, asked_at, found.waits_until, by_office)
