"""A colleague invited: an account with its two e-mails now, the rights once they have proved the invited address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence.services import queue_email
from parvis.identity import rules as identity_rules
from parvis.identity.models import Account, AccountState
from parvis.identity.services import invited
from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import hour, long_day
from parvis.kit.refusals import ActNotPossible
from parvis.landlords import events, rules
from parvis.landlords.models import AdministratorReplacement, Habilitation, Invitation, Landlord
from parvis.landlords.refusals import AlreadyAUser, GenericAddress, InvitationRests
from parvis.landlords.rules import Wish
from parvis.landlords.selectors.users import user_of, user_with_email
from parvis.landlords.services.users import closing, deciding, links, rights
from parvis.landlords.services.users.deciding import Decision
from parvis.parameters.catalogue import INVITATION_LIFE
from parvis.parameters.selectors import duration

FROM_OFFICE = "Votre caisse"
"""Who invites where no administrator does."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is invited, as an administrator names them."""

    first_name: str
    last_name: str
    email: str


@transaction.atomic
def foresee(guest: Guest, wish: Wish, *, by: Actor, at: datetime) -> Decision:
    """Refuse as :func:`invite` would refuse; whoever uses the address elsewhere makes no difference."""
    decision = deciding.begin(by=by, at=at)
    if rules.is_generic(guest.email):
        raise GenericAddress
    known = user_with_email(by, guest.email, at=decision.at)
    if known is not None:
        raise AlreadyAUser(known.reference)
    rights.check(decision, wish)
    if wish.administers:
        decision.check_may_appoint()
    return decision


@transaction.atomic
def invite(guest: Guest, wish: Wish, *, by: Actor, at: datetime) -> Account:
    """Open the account of a colleague and send its two e-mails; they hold no right before they have come."""
    email = identity_rules.read_email(guest.email)
    guest = Guest(" ".join(guest.first_name.split()), " ".join(guest.last_name.split()), email)
    decision = foresee(guest, wish, by=by, at=at)
    at = decision.at
    account = invited.open_account(
        decision.landlord.pk,
        user_number=decision.administrator.user_number,
        first_name=guest.first_name,
        last_name=guest.last_name,
        email=email,
        by=by,
        at=at,
    )
    _send(decision, account, email, wish)
    record(events.USER_INVITED, subject=account.login_id, by=by, at=at, rights=sorted(wish.rights))
    deciding.tell_administrators(decision, user_of(by, account.reference, at=at), what="est invité")
    return account


@transaction.atomic
def send_again(reference: str, *, by: Actor, at: datetime) -> None:
    """Another invitation with the same rights instead of the last one, whether it waits, expired or was cancelled."""
    decision = deciding.begin(by=by, at=at)
    at = decision.at
    user = decision.user(reference)
    account = Account.objects.select_related("credential").get(pk=user.id)
    last = Invitation.objects.filter(account=account).order_by("-invited_at", "-pk").first()
    if last is None or account.opened_at is not None:
        raise ActNotPossible("Cette personne n’a pas d’invitation en attente.")
    if at < last.invited_at + rules.RESEND_AFTER:
        raise InvitationRests(hour(last.invited_at + rules.RESEND_AFTER))
    today = day_in_paris(at)
    ends = last.rights_end_on if last.rights_end_on and last.rights_end_on >= today else None
    if last.rights_end_on and ends is None:
        raise ActNotPossible("La date de fin des droits est passée. Annulez cette invitation et faites-en une autre.")
    wish = Wish(frozenset(Right(right) for right in last.rights), frozenset(last.offices), ends)
    rights.check(decision, wish)
    if wish.administers:
        decision.check_may_appoint()
    Invitation.objects.filter(account=account, accepted_at=None, cancelled_at=None).update(cancelled_at=at)
    closing.take_back(account.pk, by=by, at=at)
    invited.reopen_account(account.pk, by=by, at=at)
    _send(decision, account, last.email, wish)
    record(events.INVITATION_SENT_AGAIN, subject=account.login_id, by=by, at=at)


def _send(decision: Decision, account: Account, email: str, wish: Wish) -> None:
    send(decision.landlord, account, email, wish, inviter=decision.administrator, at=decision.at)


def send(
    landlord: Landlord, account: Account, email: str, wish: Wish, *, inviter: Account | None, at: datetime
) -> None:
    """Make an invitation and its two e-mails; the office invites where nobody does. The caller has checked who may."""
    until = at + duration(INVITATION_LIFE)
    invitation = Invitation.objects.create(
        account=account,
        invited_by=inviter,
        email=email,
        rights=sorted(wish.rights),
        offices=sorted(wish.offices),
        rights_end_on=wish.end_on,
        invited_at=at,
        expires_at=until,
    )
    frame = deciding.frame_of(landlord, account)
    words = {
        "rights": rules.labels(wish.rights),
        "administrator": deciding.name_of(inviter) if inviter else FROM_OFFICE,
        "valid_until": long_day(day_in_paris(until)),
        "has_password": account.credential.password_changed_at is not None,
    }
    first = queue_email(
        to=email,
        template="landlords/emails/invited",
        context={**frame, **words},
        secret=links.INVITATION_LINK,
        secret_subject=invitation.pk,
        account_id=account.pk,
        partner_id=account.partner_id,
        at=at,
    )
    if not words["has_password"]:
        invited.queue_password(account, frame, to=email, after=first, at=at)


def accept(account: Account, *, by: Actor, at: datetime) -> bool:
    """Give an invited person the promised rights at the end of their first sign-in; True if they were invited.

    Nothing is given if the invitation has expired, if another mailbox was proved, or if who invited them no longer
    administers: then the invitation is over.
    """
    live = Invitation.objects.select_for_update().filter(account=account, accepted_at=None, cancelled_at=None)
    invitation = live.first()
    if invitation is None:
        return Invitation.objects.filter(account=account).exists()
    if not _is_good(invitation, account, at):
        live.update(cancelled_at=at)
        record(events.INVITATION_CANCELLED, subject=account.login_id, by=by, at=at)
        return True
    live.update(accepted_at=at)
    promised = frozenset(Right(right) for right in invitation.rights)
    if not Landlord.objects.filter(pk=account.partner_id, may_consult_files=True).exists():
        promised -= {Right.CONSULT_FILES}
    wish = Wish(promised, frozenset(invitation.offices), invitation.rights_end_on)
    rights.give(account.pk, wish, by=by, at=at, granted_by=_inviter(invitation))
    record(events.INVITATION_ACCEPTED, subject=account.login_id, by=by, at=at, rights=sorted(wish.rights))
    return True


def _inviter(invitation: Invitation) -> str:
    """Who gave the rights, as the row tells it."""
    return invitation.invited_by.login_id if invitation.invited_by else FROM_OFFICE


def _is_meant(invitation: Invitation, account: Account, at: datetime) -> bool:
    """Whether who invited still may: administers, or for the office, has agreed to a replacement that nobody has stopped."""
    if invitation.invited_by_id is None:
        return AdministratorReplacement.objects.filter(asked_by=account, state="agreed", closed_at=None).exists()
    held = Habilitation.objects.filter(
        account_id=invitation.invited_by_id, account__state=AccountState.ACTIVE, right=Right.ADMINISTER
    )
    return held.exclude(ended_at__lte=at).exists()


def _is_good(invitation: Invitation, account: Account, at: datetime) -> bool:
    ended = invitation.rights_end_on is not None and invitation.rights_end_on < day_in_paris(at)
    proved = account.credential.email == invitation.email
    return at < invitation.expires_at and proved and not ended and _is_meant(invitation, account, at)
