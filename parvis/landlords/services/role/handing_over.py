"""« Transmettre le rôle » : offered under a code, accepted by the other; nothing changes before (ux.md B11).

The database ends an offer as soon as one of the two may not enter any more, or the giver does not administer any more.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity.models import Account, Credential, PendingChange, Purpose, Session
from parvis.identity.refusals import TooSoon
from parvis.identity.selectors.accounts import own_account
from parvis.identity.services import invited
from parvis.identity.services.access import pending
from parvis.identity.services.codes import CodeOutcome, Verdict
from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import long_day
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile
from parvis.landlords import events
from parvis.landlords.models import AfterHandOver, Habilitation, HandOver, Membership
from parvis.landlords.selectors.role import may_take
from parvis.landlords.selectors.users import UserLine
from parvis.landlords.services.role import appointing, replacing
from parvis.landlords.services.users import deciding

OFFERED_FOR = timedelta(days=7)


@transaction.atomic
def ask(session: Session, taker: str, becomes: AfterHandOver, *, by: Actor, at: datetime) -> PendingChange:
    """Say to whom and what one becomes; a code bound to exactly that is sent to one's own proved mailbox.

    Said twice, it is asked once.
    """
    decision = deciding.begin(by=by, at=at)
    _check_taker(decision, taker)
    email = decision.administrator.credential.email
    if email is None:
        raise ActNotPossible("Validez d’abord votre adresse mail dans «\u00a0Mon profil\u00a0».")
    payload = {"taker": taker, "becomes": becomes.value}
    change = pending.live(session.pk, by=by, at=at)
    if change is None or (change.purpose, change.payload) != (Purpose.ADMINISTER, payload):
        change = pending.begin(session, Purpose.ADMINISTER, payload, by=by, at=at)
        pending.ask_code(change, session, email, by=by, at=at)
    else:
        with suppress(TooSoon), transaction.atomic():
            pending.ask_code(change, session, email, by=by, at=at)
    return change


def _check_taker(decision: deciding.Decision, taker: str) -> tuple[UserLine, Account]:
    user = decision.user(taker)
    account = Account.objects.select_related("credential").get(pk=user.id)
    if not may_take(account):
        raise ActNotPossible("Cette personne doit s’être connectée et avoir validé son adresse mail.")
    decision.check_may_appoint()
    if HandOver.objects.filter(landlord=decision.landlord, closed_at=None, expires_at__gt=decision.at).exists():
        raise ActNotPossible("Une transmission attend déjà une réponse. Annulez-la d’abord.")
    return user, account


@transaction.atomic
def offer(change: PendingChange, session: Session, digits: str, *, by: Actor, at: datetime) -> CodeOutcome:
    """Type the code: the colleague and the other administrators are told; seven days to accept."""
    outcome = pending.check_code(change, session, digits, at=at)
    if outcome.verdict is not Verdict.RIGHT:
        return outcome
    decision = deciding.begin(by=by, at=at)
    if not pending.claim(change, at=at):
        raise ChangedMeanwhile
    user, taker = _check_taker(decision, str(change.payload["taker"]))
    HandOver.objects.filter(landlord=decision.landlord, closed_at=None).update(closed_at=at)
    HandOver.objects.create(
        landlord=decision.landlord,
        giver=decision.administrator,
        taker=taker,
        giver_becomes=change.payload["becomes"],
        offered_at=at,
        expires_at=at + OFFERED_FOR,
    )
    record(events.HAND_OVER_OFFERED, subject=taker.login_id, by=by, at=at)
    until = long_day(day_in_paris(at + OFFERED_FOR))
    words = {"administrator": deciding.name_of(decision.administrator), "until": until, "reference": taker.reference}
    deciding.write_to(taker, "landlords/emails/hand_over_offered", decision.landlord, at=at, **words)
    deciding.tell_administrators(decision, user, what=f"peut accepter le rôle d’administrateur jusqu’au {until}")
    replacing.answered(decision.landlord, by=by, at=at)
    return outcome


@transaction.atomic
def accept(*, by: Actor, at: datetime) -> bool:
    """Accept the role: all rights come, and the giver becomes what was said. False if there is nothing to accept."""
    landlord = appointing.locked(by.partner_id)
    live = HandOver.objects.filter(landlord=landlord, taker_id=own_account(by), closed_at=None, expires_at__gt=at)
    hand_over = live.select_related("giver__credential", "taker__credential").first()
    if hand_over is None:
        return False
    # « Ce n’est pas moi » takes the credential before the offer: so does the one who accepts, and one of them is first.
    Credential.objects.select_for_update().get(pk=hand_over.giver.credential_id)
    if not live.update(accepted_at=at, closed_at=at):
        raise ChangedMeanwhile
    giver, taker = hand_over.giver, hand_over.taker
    if (
        not may_take(taker)
        or not Habilitation.objects.filter(account=giver, right="administer", ended_at=None).exists()
    ):
        raise ActNotPossible("La personne qui vous transmet ce rôle ne l’a plus. Demandez à votre administrateur.")
    appointing.appoint(taker, landlord, by=by, at=at)
    appointing.relieve(giver, at=at)
    becomes = AfterHandOver(hand_over.giver_becomes)
    if becomes is AfterHandOver.DEPUTY:
        Membership.objects.update_or_create(account=giver, defaults={"is_deputy": True})
    elif becomes is AfterHandOver.LEAVES:
        Habilitation.objects.filter(account=giver, ended_at=None).update(ended_at=at)
        invited.close_account(giver.pk, by=by, at=at)
    record(events.HAND_OVER_ACCEPTED, subject=giver.login_id, by=by, at=at, becomes=becomes.value)
    words = {"administrator": deciding.name_of(taker), "becomes": becomes.value}
    deciding.write_to(giver, "landlords/emails/hand_over_accepted", landlord, at=at, **words)
    replacing.answered(landlord, by=by, at=at)
    because = f"{deciding.name_of(giver)} lui a transmis ce rôle."
    appointing.tell_change(landlord, taker, at=at, because=because)
    return True


@transaction.atomic
def decline(*, by: Actor, at: datetime) -> bool:
    """« Refuser » for the one it was offered to, « Annuler » for whoever administers; False if nothing waits."""
    landlord, own = appointing.locked(by.partner_id), own_account(by)
    waiting = HandOver.objects.filter(landlord=landlord, closed_at=None).select_related(
        "giver__credential", "taker__credential"
    )
    hand_over = waiting.first()
    if hand_over is None or not (own in (hand_over.giver_id, hand_over.taker_id) or by.may(Right.ADMINISTER)):
        return False
    HandOver.objects.filter(pk=hand_over.pk, closed_at=None).update(closed_at=at)
    record(events.HAND_OVER_DECLINED, subject=by.label, by=by, at=at)
    how = {hand_over.giver_id: "withdrawn", hand_over.taker_id: "declined"}.get(own, "cancelled")
    for other in (hand_over.giver, hand_over.taker):
        if other.pk != own:
            words = {"who": by.person or by.label, "how": how}
            deciding.write_to(other, "landlords/emails/hand_over_declined", landlord, at=at, **words)
    return True
