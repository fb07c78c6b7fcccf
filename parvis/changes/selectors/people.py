"""Who is concerned by a change: the accounts one may act for, and who else holds the right for bank details."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from parvis.identity.models import Account, AccountState, FormerMailbox
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, ActorKind, Right
from parvis.kit.text import fold
from parvis.landlords.models import Habilitation, Landlord, Membership
from parvis.landlords.selectors.users import administrators

RECENT = timedelta(days=30)
MOST_ACCOUNTS = 500


def actors_of_credential(by: Actor, right: Right, *, at: datetime) -> list[Actor]:
    """What the person behind ``by`` may act as: their accounts that hold ``right``, their own among them."""
    own = Account.objects.get(pk=own_account(by))
    held = Habilitation.objects.filter(
        account__credential_id=own.credential_id, account__state=AccountState.ACTIVE, right=right
    )
    rows = held.filter(_lasting(at)).select_related("account").order_by("account_id")[:MOST_ACCOUNTS]
    accounts = [row.account for row in rows]
    offices = dict(Membership.objects.filter(account__in=accounts).values_list("account_id", "offices"))
    return [
        Actor(
            ActorKind.PARTNER,
            account.login_id,
            account_id=account.pk,
            partner_id=account.partner_id,
            rights=frozenset({right}),
            person=f"{account.first_name} {account.last_name}".strip(),
            offices=frozenset(offices.get(account.pk, ())),
        )
        for account in accounts
    ]


class OwnAccount(NamedTuple):
    """One account of the person, as pages name it and lead to it."""

    actor: Actor
    reference: str
    name: str


def accounts_of_credential(by: Actor, right: Right, *, at: datetime) -> list[OwnAccount]:
    """The same, with the reference of each account and the name of its landlord, by name."""
    actors = {actor.account_id or 0: actor for actor in actors_of_credential(by, right, at=at)}
    references = dict(Account.objects.filter(pk__in=actors).values_list("pk", "reference"))
    landlords = Landlord.objects.in_bulk([actor.partner_id for actor in actors.values()])
    found = [
        OwnAccount(actor, references[pk], landlords[actor.partner_id].name)
        for pk, actor in actors.items()
        if actor.partner_id in landlords
    ]
    return sorted(found, key=lambda account: (fold(account.name), account.reference))


def others_with_bank_right(partner_id: UUID, office: str, but: Account, *, at: datetime) -> list[Account]:
    """The other people of a landlord who may agree to a bank change of this office: each their own mailbox."""
    held = Habilitation.objects.filter(
        account__partner_id=partner_id,
        account__state=AccountState.ACTIVE,
        account__credential__frozen_at=None,
        right=Right.BANK_DETAILS,
    )
    rows = held.filter(_lasting(at)).exclude(account__credential_id=but.credential_id)
    found = [row.account for row in rows.select_related("account__credential").order_by("account_id")]
    offices = dict(Membership.objects.filter(account__in=found).values_list("account_id", "offices"))
    return [account for account in found if not offices.get(account.pk) or office in offices[account.pk]]


def told_of_bank_change(partner_id: UUID, asker: Account, *, at: datetime) -> list[tuple[Account, str]]:
    """Every administrator and the asker with their mailbox, and the mailboxes they left within thirty days."""
    people = {account.pk: account for account in [asker, *administrators(partner_id, at=at)]}
    found: dict[str, Account] = {}
    for account in people.values():
        former = FormerMailbox.objects.filter(credential_id=account.credential_id, left_at__gt=at - RECENT)
        for address in (account.credential.email, *former.values_list("email", flat=True)):
            if address:
                found.setdefault(address, account)
    return [(account, address) for address, account in found.items()]


def _lasting(at: datetime) -> Q:
    return Q(ended_at__isnull=True) | Q(ended_at__gt=at)


def still_may_change_bank(account: Account, office: str, *, at: datetime) -> bool:
    """Whether who asked a bank change may still ask it: access open, right held, office theirs."""
    held = Habilitation.objects.filter(
        account=account,
        account__state=AccountState.ACTIVE,
        account__credential__frozen_at=None,
        right=Right.BANK_DETAILS,
    )
    offices = Membership.objects.filter(account=account).values_list("offices", flat=True).first()
    return held.filter(_lasting(at)).exists() and (not offices or office in offices)
