"""« Demander ce droit »: a user asks, an administrator grants or declines, once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity.models import Account, Nature
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, Right
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile, NotFound
from parvis.landlords import events, rules
from parvis.landlords.models import Landlord, RightRequest
from parvis.landlords.rules import Wish
from parvis.landlords.selectors.users import UserState, administrators, grantable_rights, request_of, user_of
from parvis.landlords.services.users import deciding, rights


@transaction.atomic
def ask_right(right: Right, *, by: Actor, at: datetime) -> bool:
    """Ask the administrators for a right; False if the same request waits already. Nobody is asked twice a day."""
    landlords = Landlord.objects.select_for_update(of=("self",))
    landlord = landlords.filter(pk=by.partner_id, partner__nature=Nature.CORPORATE).first()
    if landlord is None or right not in grantable_rights(by):
        raise NotFound
    if by.may(right):
        raise ActNotPossible("Vous avez déjà ce droit.")
    own = RightRequest.objects.filter(account_id=own_account(by), right=right)
    if own.filter(answered_at=None).exists():
        return False
    if own.filter(asked_at__gt=at - rules.ASK_AGAIN_AFTER).exists():
        raise ActNotPossible("Vous avez déjà demandé ce droit aujourd’hui. Parlez-en à votre administrateur.")
    RightRequest.objects.create(account_id=own_account(by), right=right, asked_at=at)
    record(events.RIGHT_ASKED, subject=by.label, by=by, at=at, right=right)
    account = Account.objects.get(pk=own_account(by))
    for administrator in administrators(landlord.pk, at=at):
        deciding.write_to(
            administrator,
            "landlords/emails/right_asked",
            landlord,
            at=at,
            user=deciding.name_of(account),
            user_login_id=account.login_id,
            right=right.label,
        )
    return True


@transaction.atomic
def answer_request(request_id: int, *, grant: bool, by: Actor, at: datetime) -> bool:
    """Grant or decline a request of one's organisation; False if it was answered so already."""
    decision = deciding.begin(by=by, at=at)
    at = decision.at
    asked = request_of(by, request_id)
    if asked.answered_at is not None:
        if asked.was_granted is not grant:
            raise ChangedMeanwhile
        return False
    right, user = Right(asked.right), user_of(by, asked.account.reference, at=at)
    if grant and user.state is not UserState.ACTIVE:
        raise ActNotPossible("L’accès de cette personne est fermé. Rouvrez-le d’abord.")
    if grant:
        wish = Wish(rules.with_consulting(user.rights | {right}), frozenset(user.offices), user.end_on)
        change = rights.foresee(user.reference, wish, seen=None, by=by, at=at)
        if change is not None:
            rights.carry_out(change)
            deciding.tell_administrators(decision, user, what=rights.what_changed(change))
    RightRequest.objects.filter(pk=asked.pk).update(answered_at=at, was_granted=grant)
    record(events.RIGHT_REQUEST_ANSWERED, subject=user.login_id, by=by, at=at, right=right, granted=grant)
    deciding.write_to(
        Account.objects.select_related("credential").get(pk=user.id),
        "landlords/emails/right_answered",
        decision.landlord,
        at=at,
        administrator=deciding.name_of(decision.administrator),
        right=right.label,
        granted=grant,
    )
    return True
