"""A new administrator confirmed from the office's side: proposed by one agent, agreed by another (security.md §2.10).

Whoever comes first administers, and waits before appointing or removing anybody: they could be a thief. Two agents who have checked
who it is end that wait. Only of somebody who administers alone: among several, each waits, and nobody is hurried into evicting another.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity.models import Account, Nature
from parvis.kit.actors import Actor, ActorKind, Duty, check_independent
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile
from parvis.landlords import events, rules
from parvis.landlords.models import AdministratorConfirmation, AdministratorReplacement, Landlord
from parvis.landlords.selectors.role import confirmation_proposed, holders, is_confirmed, may_take
from parvis.landlords.selectors.users import administers_since
from parvis.landlords.services.by_agent import held_account, said
from parvis.landlords.services.role import appointing
from parvis.landlords.services.users.deciding import write_to
from parvis.parameters.catalogue import NEW_ADMINISTRATOR_WAITS
from parvis.parameters.selectors import duration


@transaction.atomic
def confirm(partner_id: UUID, reference: str, *, reason: str, by: Actor, at: datetime) -> bool:
    """Propose it as the first agent (False), or agree as another one (True): the administrator is told, and waits no more.

    Raises :class:`ActNotPossible` where there is nothing to confirm, and to the agent who proposed.
    """
    words = said(reason)
    if by.kind is not ActorKind.AGENT:
        raise ActNotPossible("Seul un agent de la caisse peut le faire.")
    landlord = appointing.locked(partner_id)
    account = held_account(partner_id, reference, Duty.REPLACE_ADMINISTRATORS, by=by)
    since = _new_since(account, at=at)
    by = replace(by, partner_id=partner_id)
    proposed = confirmation_proposed(account.pk, since=since)
    if proposed is None:
        # One of a former time in the role is worth nothing any more.
        AdministratorConfirmation.objects.filter(account=account, confirmed_at=None).delete()
        AdministratorConfirmation.objects.create(account=account, proposed_at=at, proposed_by=by.label, reason=words)
        record(events.CONFIRMATION_PROPOSED, subject=account.login_id, by=by, at=at, reason=words)
        return False
    _agree(proposed, account, landlord, words, by=by, at=at)
    return True


def forget_proposals(label: str) -> None:
    """What an agent proposed whose access is closed is no first voice any more: another agent proposes anew."""
    AdministratorConfirmation.objects.filter(proposed_by=label, confirmed_at=None).delete()


def _new_since(account: Account, *, at: datetime) -> datetime:
    """Since when somebody administers alone and waits; refuses whoever does not."""
    since = administers_since(account.pk, at=at)
    if since is None or account.partner.nature != Nature.CORPORATE:
        raise ActNotPossible("Cette personne n’administre pas, ou plus.")
    settled = rules.may_appoint(since, duration(NEW_ADMINISTRATOR_WAITS), at=at)
    if settled or is_confirmed(account, since=since):
        raise ActNotPossible("Cette personne peut déjà nommer et retirer des administrateurs\u00a0: rien à confirmer.")
    if [one.pk for one in holders(account.partner_id)] != [account.pk]:
        raise ActNotPossible("Cet organisme a plusieurs administrateurs\u00a0: un nouveau attend, sans exception.")
    if not may_take(account):
        raise ActNotPossible("Son accès est bloqué ou fermé, ou son adresse mail n’est pas validée.")
    if AdministratorReplacement.objects.filter(landlord_id=account.partner_id, closed_at=None).exists():
        raise ActNotPossible("Un remplacement est en cours pour cet organisme. Terminez-le ou arrêtez-le d’abord.")
    return since


def _agree(
    proposed: AdministratorConfirmation, account: Account, landlord: Landlord, words: str, *, by: Actor, at: datetime
) -> None:
    if proposed.proposed_by == by.label:
        raise ActNotPossible("Il faut deux agents\u00a0: un autre que celui qui a proposé doit confirmer.")
    check_independent(by, proposed.proposed_by)
    live = AdministratorConfirmation.objects.filter(pk=proposed.pk, confirmed_at=None)
    if not live.update(confirmed_at=at, confirmed_by=by.label):
        raise ChangedMeanwhile
    record(events.ADMINISTRATOR_CONFIRMED, subject=account.login_id, by=by, at=at, reason=words)
    told = {"when": at.isoformat(), "reference": account.reference}
    write_to(account, "landlords/emails/administrator_confirmed", landlord, at=at, **told)
