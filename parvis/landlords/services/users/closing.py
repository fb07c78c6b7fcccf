"""An access closed at once, everywhere, and opened again; an organisation never loses its last administrator."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from parvis.audit.journal import record
from parvis.correspondence.models import Message, MessageState
from parvis.correspondence.services import cancel as withdraw
from parvis.identity.models import Account
from parvis.identity.services import invited
from parvis.kit.actors import Actor, Right
from parvis.kit.refusals import ActNotPossible
from parvis.landlords import events, rules
from parvis.landlords.models import Invitation, RightRequest
from parvis.landlords.selectors.users import UserLine, UserState
from parvis.landlords.services.supervision import removing
from parvis.landlords.services.users import deciding
from parvis.landlords.services.users.deciding import Decision

OF_INVITATIONS = ("landlords/emails/invited", "identity/emails/password")


@transaction.atomic
def close_access(reference: str, *, seen: str, by: Actor, at: datetime) -> bool:
    """Close the access of a user; False if it is closed already. Their waiting invitations are cancelled for good."""
    decision = deciding.begin(by=by, at=at)
    at = decision.at
    user = decision.user(reference)
    if user.state is UserState.CLOSED:
        return False
    decision.user(reference, seen=seen)
    if Right.ADMINISTER in user.rights and not user.is_invited:
        decision.check_may_appoint()
        decision.check_one_stays(without=user.id)
    if Right.ADMINISTER in user.rights and not user.is_invited:
        removing.note(decision, user, was_closed=True)
    if shut(user.id, by=by, at=at):
        record(events.USER_CLOSED, subject=user.login_id, by=by, at=at)
    if user.opened_at is not None:
        _tell(decision, user, "landlords/emails/access_closed", when=at.isoformat())
    deciding.tell_administrators(decision, user, what="n’a plus accès")
    return True


def shut(account_id: int, *, by: Actor, at: datetime) -> bool:
    """Close an access with all that waited on it: invitations to it or by it, rights it asked for. False if it is closed."""
    cancel(Invitation.objects.filter(Q(account_id=account_id) | Q(invited_by_id=account_id)), by=by, at=at)
    RightRequest.objects.filter(account_id=account_id, answered_at=None).update(answered_at=at, was_granted=False)
    return invited.close_account(account_id, by=by, at=at)


def cancel(invitations: Iterable[Invitation], *, by: Actor, at: datetime) -> None:
    """Cancel the invitations among these that wait, and close the accounts they had opened for nobody yet."""
    chosen = [invitation.pk for invitation in invitations]
    live = Invitation.objects.filter(pk__in=chosen, accepted_at=None, cancelled_at=None).select_related("account")
    for invitation in live.order_by("pk"):
        Invitation.objects.filter(pk=invitation.pk).update(cancelled_at=at)
        take_back(invitation.account_id, by=by, at=at)
        record(events.INVITATION_CANCELLED, subject=invitation.account.login_id, by=by, at=at)
        if invitation.account.opened_at is None:
            invited.close_account(invitation.account_id, by=by, at=at)


def take_back(account_id: int, *, by: Actor, at: datetime) -> None:
    """Keep the e-mails of an invitation that have not left from leaving."""
    waiting = Message.objects.filter(account_id=account_id, template__in=OF_INVITATIONS, state=MessageState.DUE)
    withdraw(waiting.values_list("pk", flat=True), by=by, at=at, reason="Invitation annulée")


@transaction.atomic
def reopen_access(reference: str, *, seen: str, by: Actor, at: datetime) -> bool:
    """Open a closed access again with the rights the page showed; False if it is open already."""
    decision = deciding.begin(by=by, at=at)
    at = decision.at
    user = decision.user(reference)
    if user.state is not UserState.CLOSED:
        return False
    decision.user(reference, seen=seen)
    if user.opened_at is None:
        raise ActNotPossible("Cette personne n’a jamais ouvert son accès. Envoyez-lui une invitation.")
    if Right.ADMINISTER in user.rights:
        decision.check_may_appoint()
    invited.reopen_account(user.id, by=by, at=at)
    record(events.USER_REOPENED, subject=user.login_id, by=by, at=at, rights=sorted(user.rights))
    _tell(decision, user, "landlords/emails/access_reopened", rights=rules.labels(user.rights) or ["Aucun droit"])
    deciding.tell_administrators(decision, user, what="a de nouveau accès")
    return True


def _tell(decision: Decision, user: UserLine, template: str, **words: object) -> None:
    account = Account.objects.select_related("credential").get(pk=user.id)
    name = deciding.name_of(decision.administrator)
    deciding.write_to(account, template, decision.landlord, at=decision.at, administrator=name, **words)
