"""One right of one user suspended by an agent, and given back; one office that withdraws its delegation (security.md §2.10).

No administrator gives back what the office has taken (``rules`` of :mod:`parvis.landlords.services.users.rights` ask here).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity.models import Account, AccountState, Nature
from parvis.kit.actors import Actor, Duty, Right, check_holds
from parvis.kit.refusals import ActNotPossible
from parvis.landlords import events
from parvis.landlords.models import Habilitation, Landlord, Membership, Office, SuspendedRight, WithdrawnDelegation
from parvis.landlords.refusals import SoleAdministrator
from parvis.landlords.selectors.offices import codes_of
from parvis.landlords.selectors.supervised import acts_for
from parvis.landlords.selectors.users import administrators
from parvis.landlords.services.by_agent import held_account, said
from parvis.landlords.services.role import appointing
from parvis.landlords.services.users.deciding import name_of, write_to

FROM_OFFICE = "Votre caisse"


@transaction.atomic
def suspend_right(partner_id: UUID, reference: str, right: Right, *, reason: str, by: Actor, at: datetime) -> bool:
    """Suspend one right at once; the user and the administrators are told. False if it is suspended by the office already.

    Never the role of the only administrator, nor « Consulter » under other rights: those rest on it.
    """
    words, landlord, account, by = _begin(partner_id, reference, reason, by=by)
    live = SuspendedRight.objects.filter(account=account, right=right, lifted_at=None)
    if live.filter(by_office=True).exists():
        return False
    # What had slept for want of use is the office's now: no administrator wakes it.
    if live.update(by_office=True, suspended_at=at, suspended_by=by.label, reason=words):
        record(events.RIGHT_SUSPENDED, subject=account.login_id, by=by, at=at, right=right, reason=words)
        return True
    held = Habilitation.objects.filter(account=account).exclude(ended_at__lte=at)
    row = held.filter(right=right).first()
    if row is None:
        raise ActNotPossible("Cette personne n’a pas ce droit, ou ne l’a plus.", field="right")
    if right is Right.CONSULT and held.exclude(right=right).exists():
        raise ActNotPossible(
            "Ses autres droits reposent sur «\u00a0Consulter\u00a0»\u00a0: suspendez-les d’abord, ou suspendez l’accès.",
            field="right",
        )
    if right is Right.ADMINISTER and landlord.partner.nature == Nature.CORPORATE:
        _refuse_the_only_one(account, at=at)
    take(account, row, by_office=True, reason=words, by=by, at=at)
    record(events.RIGHT_SUSPENDED, subject=account.login_id, by=by, at=at, right=right, reason=words)
    _tell(landlord, account, right, is_back=False, reason=words, at=at)
    return True


def take(account: Account, row: Habilitation, *, by_office: bool, reason: str, by: Actor, at: datetime) -> None:
    """End a right and remember it, until it comes back."""
    SuspendedRight.objects.create(
        account=account,
        right=row.right,
        by_office=by_office,
        suspended_at=at,
        suspended_by=by.label,
        reason=reason,
        ends_at=row.ended_at,
    )
    Habilitation.objects.filter(pk=row.pk).update(ended_at=at)


def _begin(partner_id: UUID, reference: str, reason: str, *, by: Actor) -> tuple[str, Landlord, Account, Actor]:
    """Why; the landlord, in the queue of those who decide about its users; the account; the agent in its name."""
    words = said(reason)
    by = replace(by, partner_id=partner_id)
    landlord = appointing.locked(partner_id)
    account = held_account(partner_id, reference, Duty.SUSPEND_ACCOUNTS, by=by)
    if account.state != AccountState.ACTIVE:
        raise ActNotPossible("Cet accès n’est pas ouvert\u00a0: il n’y a rien à suspendre, ni à rendre.")
    return words, landlord, account, by


def _refuse_the_only_one(account: Account, *, at: datetime) -> None:
    if all(one.pk == account.pk for one in administrators(account.partner_id, at=at)):
        raise SoleAdministrator


@transaction.atomic
def give_right_back(partner_id: UUID, reference: str, right: Right, *, reason: str, by: Actor, at: datetime) -> None:
    """Lift a suspension: the right comes back as it was, unless its end has passed meanwhile. Both are told."""
    words, landlord, account, by = _begin(partner_id, reference, reason, by=by)
    live = SuspendedRight.objects.filter(account=account, right=right, lifted_at=None)
    if not live.exists():
        raise ActNotPossible("Ce droit n’est pas suspendu.", field="right")
    lift(account, {right}, by=by, at=at)
    record(events.RIGHT_GIVEN_BACK, subject=account.login_id, by=by, at=at, right=right, reason=words)
    _tell(landlord, account, right, is_back=True, reason=words, at=at)


def lift(account: Account, rights: Collection[Right], *, by: Actor, at: datetime) -> None:
    """End the suspension of these rights, and give them back; the caller has checked who may."""
    for row in SuspendedRight.objects.filter(account=account, right__in=rights, lifted_at=None):
        SuspendedRight.objects.filter(pk=row.pk).update(lifted_at=at, lifted_by=by.label)
        held = Habilitation.objects.filter(account=account, right=row.right).exclude(ended_at__lte=at)
        if (row.ends_at is None or row.ends_at > at) and not held.exists():
            Habilitation.objects.create(
                account=account, right=row.right, granted_at=at, granted_by=by.label, ended_at=row.ends_at
            )


def _tell(landlord: Landlord, account: Account, right: Right, *, is_back: bool, reason: str, at: datetime) -> None:
    words = {"right": right.label, "is_back": is_back, "because": reason, "when": at.isoformat()}
    write_to(account, "landlords/emails/right_suspended", landlord, at=at, **words)
    what = (
        f"retrouve le droit «\u00a0{right.label}\u00a0»"
        if is_back
        else f"n’a plus le droit «\u00a0{right.label}\u00a0»"
    )
    tell_administrators(landlord, account, what=what, at=at)


def tell_administrators(landlord: Landlord, account: Account, *, what: str, at: datetime) -> None:
    """Tell the administrators, but for the one it is about, what the office did with a user."""
    for one in administrators(landlord.pk, at=at):
        if one.pk != account.pk:
            words = {"what": what, "user": name_of(account), "user_login_id": account.login_id}
            words |= {"administrator": FROM_OFFICE, "when": at.isoformat()}
            write_to(one, "landlords/emails/user_changed", landlord, at=at, **words)


@transaction.atomic
def withdraw_delegation(partner_id: UUID, reference: str, office: str, *, reason: str, by: Actor, at: datetime) -> bool:
    """End all that a user may do for one office, at once; no administrator gives it back. False if it is withdrawn already.

    Refuses where it is the only office left (the access is suspended instead) and for who administers: that is for all offices.
    """
    words, landlord, account, by = _begin(partner_id, reference, reason, by=by)
    check_holds(by, Duty.SUSPEND_ACCOUNTS, [office])
    if WithdrawnDelegation.objects.filter(account=account, office_id=office, lifted_at=None).exists():
        return False
    held = acts_for(account.pk, landlord.pk)
    if office not in held:
        raise ActNotPossible("Cette personne n’agit pas pour cette caisse.", field="office")
    if held == {office}:
        raise ActNotPossible(
            "C’est la seule caisse pour laquelle cette personne agit\u00a0: suspendez plutôt l’accès.", field="office"
        )
    if Habilitation.objects.filter(account=account, right=Right.ADMINISTER, ended_at=None).exists():
        raise ActNotPossible(
            "Un administrateur agit pour toutes les caisses\u00a0: suspendez d’abord son droit «\u00a0Administrer\u00a0».",
            field="office",
        )
    WithdrawnDelegation.objects.create(
        account=account,
        office_id=office,
        had_all=_had_all(account),
        withdrawn_at=at,
        withdrawn_by=by.label,
        reason=words,
    )
    Membership.objects.update_or_create(account=account, defaults={"offices": sorted(held - {office})})
    record(events.DELEGATION_WITHDRAWN, subject=account.login_id, by=by, at=at, office=office, reason=words)
    _tell_office(landlord, account, office, is_back=False, reason=words, at=at)
    return True


def _had_all(account: Account) -> bool:
    """Whether nothing but what offices withdrew limits a user: given all back, they act for any office that is added later."""
    if WithdrawnDelegation.objects.filter(account=account, lifted_at=None, had_all=True).exists():
        return True
    return not Membership.objects.filter(account=account).exclude(offices=[]).exists()


@transaction.atomic
def give_delegation_back(
    partner_id: UUID, reference: str, office: str, *, reason: str, by: Actor, at: datetime
) -> None:
    """Let a user act for an office again, with the rights they hold; for no office they did not act for before."""
    words, landlord, account, by = _begin(partner_id, reference, reason, by=by)
    check_holds(by, Duty.SUSPEND_ACCOUNTS, [office])
    live = WithdrawnDelegation.objects.filter(account=account, office_id=office, lifted_at=None)
    had_all = _had_all(account)
    if not live.update(lifted_at=at, lifted_by=by.label):
        raise ActNotPossible("La délégation de cette caisse n’est pas retirée.", field="office")
    membership = Membership.objects.filter(account=account).first()
    if membership is not None and membership.offices:
        offices = {*membership.offices, office}
        kept = [] if had_all and offices >= set(codes_of(landlord.pk)) else sorted(offices)
        Membership.objects.filter(pk=account.pk).update(offices=kept)
    record(events.DELEGATION_GIVEN_BACK, subject=account.login_id, by=by, at=at, office=office, reason=words)
    _tell_office(landlord, account, office, is_back=True, reason=words, at=at)


def _tell_office(
    landlord: Landlord, account: Account, office: str, *, is_back: bool, reason: str, at: datetime
) -> None:
    name = Office.objects.values_list("name", flat=True).get(pk=office)
    words = {"withdrawn": name, "is_back": is_back, "because": reason, "when": at.isoformat()}
    write_to(account, "landlords/emails/delegation_withdrawn", landlord, at=at, **words)
    what = f"peut à nouveau agir pour la {name}" if is_back else f"ne peut plus agir pour la {name}"
    tell_administrators(landlord, account, what=what, at=at)
