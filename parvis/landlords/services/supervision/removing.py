"""An administrator removed by another: announced to them, to the others and to the postal address; an agent may reverse it.

Whoever got in by theft and appoints an accomplice cannot evict everybody for good (security.md T57).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity.models import Account, AccountState
from parvis.identity.services import invited
from parvis.kit.actors import Actor, Duty, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import long_day
from parvis.kit.refusals import ActNotPossible
from parvis.landlords import events, rules
from parvis.landlords.models import Habilitation, Membership, RemovedAdministrator, SuspendedRight
from parvis.landlords.selectors.role import is_barred
from parvis.landlords.selectors.supervised import removal_of
from parvis.landlords.selectors.users import UserLine
from parvis.landlords.services.by_agent import held_account, said
from parvis.landlords.services.role import appointing
from parvis.landlords.services.supervision import suspending
from parvis.landlords.services.users.deciding import Decision, name_of, write_to
from parvis.landlords.services.users.posting import write_by_post
from parvis.parameters.catalogue import REMOVAL_REVERSIBLE
from parvis.parameters.selectors import duration


def note(decision: Decision, user: UserLine, *, was_closed: bool) -> None:
    """Remember what an administrator held, and announce the removal; in the transaction that removes them."""
    until = decision.at + duration(REMOVAL_REVERSIBLE)
    RemovedAdministrator.objects.create(
        account_id=user.id,
        removed_at=decision.at,
        removed_by=decision.by.label,
        rights=sorted(right.value for right in user.rights),
        was_closed=was_closed,
        reversible_until=until,
    )
    record(events.ADMINISTRATOR_REMOVED, subject=user.login_id, by=decision.by, at=decision.at, until=until.isoformat())
    account = Account.objects.select_related("credential").get(pk=user.id)
    words: dict[str, Any] = {"administrator": name_of(decision.administrator), "until": long_day(day_in_paris(until))}
    write_to(account, "landlords/emails/administrator_removed", decision.landlord, at=decision.at, **words)
    words |= {"former": user.name, "when": decision.at.isoformat()}
    write_by_post(account, "landlords/letters/administrator_removed", at=decision.at, **words)


@transaction.atomic
def reverse(partner_id: UUID, reference: str, *, reason: str, by: Actor, at: datetime) -> None:
    """Give back to a removed administrator the role and the rights they held, and the access; all are told. Within its time."""
    words = said(reason)
    by = replace(by, partner_id=partner_id)
    landlord = appointing.locked(partner_id)
    account = held_account(partner_id, reference, Duty.REPLACE_ADMINISTRATORS, by=by)
    removal = removal_of(account.pk, at=at)
    live = RemovedAdministrator.objects.filter(pk=removal.pk if removal else 0, reversed_at=None)
    if removal is None or not live.update(reversed_at=at, reversed_by=by.label):
        raise ActNotPossible("Personne n’a retiré cet administrateur récemment\u00a0: le délai est passé.")
    if is_barred(account):
        raise ActNotPossible(
            "Une caisse a suspendu son rôle ou lui a retiré sa délégation. Rendez-les d’abord\u00a0: administrer vaut pour toutes."
        )
    if account.state == AccountState.DISABLED:
        if not removal.was_closed:
            raise ActNotPossible("Cet accès a été fermé depuis. Rétablissez-le d’abord.")
        invited.reopen_account(account.pk, by=by, at=at)
    _give(account, {Right(right) for right in removal.rights}, by=by, at=at)
    record(events.REMOVAL_REVERSED, subject=account.login_id, by=by, at=at, reason=words)
    told = {"because": words, "when": at.isoformat(), "reference": account.reference}
    write_to(account, "landlords/emails/removal_reversed", landlord, at=at, **told)
    suspending.tell_administrators(landlord, account, what="est rétabli comme administrateur", at=at)


def _give(account: Account, rights: set[Right], *, by: Actor, at: datetime) -> None:
    """The rights of before, for all offices and without end; not those the office suspended since."""
    taken = SuspendedRight.objects.filter(account=account, lifted_at=None)
    barred = taken.filter(by_office=True)
    # What slept for want of use wakes: a right that is held has no row to wait for.
    taken.filter(by_office=False).update(lifted_at=at, lifted_by=by.label[:60])
    rights -= {Right(right) for right in barred.values_list("right", flat=True)}
    held = Habilitation.objects.filter(account=account)
    held.filter(ended_at__gt=at).update(ended_at=None)
    live = set(held.filter(ended_at=None).values_list("right", flat=True))
    Habilitation.objects.bulk_create(
        Habilitation(account=account, right=right.value, granted_at=at, granted_by=by.label)
        for right in sorted(rules.with_consulting(rights))
        if right.value not in live
    )
    Membership.objects.update_or_create(account=account, defaults={"offices": []})
