"""What every change of administrator shares: who gets and loses the role, and who is told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from parvis.identity.models import Account
from parvis.kit.actors import Actor, Right
from parvis.kit.refusals import NotFound
from parvis.landlords.models import Habilitation, Landlord, Membership, SuspendedRight
from parvis.landlords.selectors.users import administrators
from parvis.landlords.services.users.deciding import name_of, write_to
from parvis.landlords.services.users.posting import write_by_post


def locked(partner_id: UUID | None) -> Landlord:
    """The organisation, alone with it until the end of the transaction."""
    landlord = Landlord.objects.select_for_update(of=("self",)).filter(pk=partner_id).first()
    if landlord is None:
        raise NotFound
    return landlord


def appoint(account: Account, landlord: Landlord, *, by: Actor, at: datetime) -> None:
    """Give every right to the new administrator, for all offices and without end."""
    barred = set(
        SuspendedRight.objects.filter(account=account, lifted_at=None, by_office=True).values_list("right", flat=True)
    )
    # What the office suspended stays so; what slept for want of use wakes with the role.
    rights = [right for right in _all_rights(landlord) if right.value not in barred]
    SuspendedRight.objects.filter(account=account, lifted_at=None, by_office=False).update(
        lifted_at=at, lifted_by=by.label[:60]
    )
    # What was to end later ends no more: one live row a right.
    Habilitation.objects.filter(account=account, ended_at__gt=at).update(ended_at=None)
    live = Habilitation.objects.filter(account=account, ended_at=None)
    held = set(live.values_list("right", flat=True))
    Habilitation.objects.bulk_create(
        Habilitation(account=account, right=right.value, granted_at=at, granted_by=by.label)
        for right in rights
        if right.value not in held
    )
    Membership.objects.update_or_create(account=account, defaults={"offices": [], "is_deputy": False})


def _all_rights(landlord: Landlord) -> list[Right]:
    return [right for right in Right if right is not Right.CONSULT_FILES or landlord.may_consult_files]


def relieve(account: Account, *, at: datetime) -> None:
    """Take the role, and the role only, from an administrator."""
    Habilitation.objects.filter(account=account, right=Right.ADMINISTER.value, ended_at=None).update(ended_at=at)


def relieve_all_but(new: Account, *, at: datetime) -> list[Account]:
    """Take the role from everybody else who holds it, frozen or closed too: opened again, they have it no more."""
    held = Habilitation.objects.filter(
        right=Right.ADMINISTER.value, account__partner_id=new.partner_id, ended_at=None
    ).exclude(account=new)
    former = [row.account for row in held.select_related("account__credential").order_by("pk")]
    held.update(ended_at=at)
    return former


def tell_change(landlord: Landlord, new: Account, *, at: datetime, because: str) -> None:
    """Tell every administrator by mail, and the organisation’s postal address, who administers it from now on."""
    for account in administrators(landlord.pk, at=at):
        words = {"administrator": name_of(new), "because": because, "when": at.isoformat(), "leaves": False}
        write_to(account, "landlords/emails/administrator_changed", landlord, at=at, **words)
    write_by_post(
        new,
        "landlords/letters/administrator_changed",
        at=at,
        administrator=name_of(new),
        because=because,
        when=at.isoformat(),
    )
