"""What two agents agreed comes true once nobody has said no in time: a user gets the role, a newcomer an invitation to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from parvis.audit.journal import record
from parvis.identity.models import Account
from parvis.identity.services import invited
from parvis.kit.actors import Actor, Duty, Right, check_holds
from parvis.kit.refusals import ActNotPossible
from parvis.landlords import events
from parvis.landlords.models import AdministratorReplacement, Invitation, Landlord, ReplacementState
from parvis.landlords.rules import Wish
from parvis.landlords.selectors.addressees import addressee_of
from parvis.landlords.selectors.offices import codes_of
from parvis.landlords.selectors.role import holders, may_take
from parvis.landlords.selectors.users import user_with_email
from parvis.landlords.services.by_agent import said
from parvis.landlords.services.role import appointing, replacing
from parvis.landlords.services.users import closing, inviting

UNAGREED = "Aucun second agent n’a donné son accord à temps."
BECAUSE = "Votre caisse a vérifié son mandat."


def succeed_due(*, by: Actor, at: datetime) -> int:
    """Do what was agreed and not opposed in time; returns how many replacements moved. Who may not take the role is waited for."""
    due = AdministratorReplacement.objects.filter(
        state=ReplacementState.AGREED, closed_at=None, waits_until__lte=at
    ).values_list("pk", "landlord_id")
    return sum(_succeed(pk, landlord_id, by=by, at=at) for pk, landlord_id in due.order_by("pk"))


def lapse_due(*, by: Actor, at: datetime) -> int:
    """Stop what one agent opened and no second one agreed to in time, so that it is in nobody's way; returns how many."""
    due = _unagreed(at).values_list("pk", "landlord_id").order_by("pk")
    return sum(_lapse(pk, landlord_id, by=by, at=at) for pk, landlord_id in due)


def _unagreed(at: datetime) -> QuerySet[AdministratorReplacement]:
    opened = AdministratorReplacement.objects.exclude(opened_by="")
    return opened.filter(state=ReplacementState.PROPOSED, closed_at=None, waits_until__lte=at)


@transaction.atomic
def _lapse(replacement_id: int, landlord_id: UUID, *, by: Actor, at: datetime) -> bool:
    appointing.locked(landlord_id)
    found = _unagreed(at).select_related("landlord", "asked_by__credential").filter(pk=replacement_id).first()
    return found is not None and replacing.close_live(found, by=by, at=at, why="délai", objection=UNAGREED)


@transaction.atomic
def _succeed(replacement_id: int, landlord_id: UUID, *, by: Actor, at: datetime) -> bool:
    landlord = appointing.locked(landlord_id)
    rows = AdministratorReplacement.objects.select_related("asked_by__credential", "former__credential")
    agreed = rows.filter(pk=replacement_id, closed_at=None, state=ReplacementState.AGREED).first()
    if agreed is None:
        return False
    if agreed.asked_by is None:
        _invite_guest(agreed, landlord, by=by, at=at)
        return True
    if not (may_take(agreed.asked_by) and _is_named(agreed, agreed.asked_by)):
        return False
    return replacing.carry_out(agreed, landlord, agreed.asked_by, by=by, at=at, because=BECAUSE)


def _accepted(account: Account) -> bool:
    return Invitation.objects.filter(account=account, accepted_at__isnull=False).exists()


def _is_named(agreed: AdministratorReplacement, account: Account) -> bool:
    """Whether they are who was agreed to: a user before, or come by the invitation, or by themselves with the very mailbox."""
    if not Invitation.objects.filter(account=account).exists() or _accepted(account):
        return True
    proved = account.credential.email if account.credential.email_proved_at else None
    return bool(proved) and str(proved).casefold() == agreed.guest_email.casefold()


def _invite_guest(agreed: AdministratorReplacement, landlord: Landlord, *, by: Actor, at: datetime) -> None:
    known = user_with_email(replace(by, partner_id=landlord.pk), agreed.guest_email, at=at)
    account = _new(agreed, landlord, by=by, at=at) if known is None else _known(known.id, agreed)
    AdministratorReplacement.objects.filter(pk=agreed.pk).update(asked_by=account)
    # Who has come meanwhile is a user like the others: the next run gives them the role.
    if account.opened_at is None:
        _invite(account, agreed, landlord, by=by, at=at)


def _known(account_id: int, agreed: AdministratorReplacement) -> Account:
    """The account that has the address already; of somebody who never came, named as the paper says."""
    named = {"first_name": agreed.guest_first_name, "last_name": agreed.guest_last_name}
    Account.objects.filter(pk=account_id, opened_at=None).update(**named)
    return Account.objects.select_related("credential").get(pk=account_id)


def _new(agreed: AdministratorReplacement, landlord: Landlord, *, by: Actor, at: datetime) -> Account:
    return invited.open_account(
        landlord.pk,
        user_number=_user_number(agreed, landlord),
        first_name=agreed.guest_first_name,
        last_name=agreed.guest_last_name,
        email=agreed.guest_email,
        by=by,
        at=at,
    )


def _user_number(agreed: AdministratorReplacement, landlord: Landlord) -> str:
    known = agreed.former or holders(landlord.pk)[0]
    found = addressee_of(known)
    return found[0].user_number if found else known.user_number


def _invite(account: Account, agreed: AdministratorReplacement, landlord: Landlord, *, by: Actor, at: datetime) -> None:
    """Invite; a former invitation of theirs is over."""
    closing.take_back(account.pk, by=by, at=at)
    Invitation.objects.filter(account=account, accepted_at=None, cancelled_at=None).update(cancelled_at=at)
    invited.reopen_account(account.pk, by=by, at=at)
    _send(account, agreed, landlord, by=by, at=at)


def _send(account: Account, agreed: AdministratorReplacement, landlord: Landlord, *, by: Actor, at: datetime) -> None:
    rights = [right for right in Right if right is not Right.CONSULT_FILES or landlord.may_consult_files]
    inviting.send(landlord, account, agreed.guest_email, Wish(frozenset(rights)), inviter=None, at=at)
    record(events.SUCCESSOR_INVITED, subject=account.login_id, by=replace(by, partner_id=landlord.pk), at=at)


@transaction.atomic
def send_again(partner_id: UUID, *, reason: str, by: Actor, at: datetime) -> None:
    """Invite again who was to come and did not in time; the former invitation is over."""
    said(reason)
    landlord = appointing.locked(partner_id)
    check_holds(by, Duty.REPLACE_ADMINISTRATORS, codes_of(landlord.pk))
    agreed = _invited(landlord)
    if agreed is None or agreed.asked_by is None:
        raise ActNotPossible("Personne n’attend d’invitation.")
    _invite(agreed.asked_by, agreed, landlord, by=by, at=at)


def _invited(landlord: Landlord) -> AdministratorReplacement | None:
    waiting = AdministratorReplacement.objects.filter(
        landlord=landlord, state=ReplacementState.AGREED, closed_at=None, asked_by__opened_at=None
    ).exclude(guest_email="")
    return waiting.select_related("asked_by__credential").first()


def take_over(account: Account, *, by: Actor, at: datetime) -> None:
    """The end of the first sign-in of who was invited to administer: the others are relieved. Nobody else is concerned.

    Nothing is taken over by an invitation that had ended, or was another mailbox's.
    """
    if not _accepted(account):
        return
    waiting = AdministratorReplacement.objects.filter(
        asked_by=account, state=ReplacementState.AGREED, closed_at=None, waits_until__lte=at
    )
    agreed = waiting.select_related("landlord", "former__credential").first()
    if agreed is not None:
        replacing.carry_out(agreed, agreed.landlord, account, by=by, at=at, because=BECAUSE)
