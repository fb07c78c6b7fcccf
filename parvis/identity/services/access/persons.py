"""Individuals known by the same NIR are one person: their accounts share one credential (product.md §2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from parvis.audit.journal import record
from parvis.identity import events
from parvis.identity.models import Account, Credential, Purpose, Session
from parvis.identity.selectors.accounts import own_account
from parvis.identity.services import codes
from parvis.identity.services.access import joining, notices
from parvis.kit.actors import Actor
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile


def known_credential(by: Actor) -> Credential | None:
    """The credential of the same person's other accounts, if its mailbox is proved: the newest used one."""
    mine = Account.objects.select_related("partner").get(pk=own_account(by))
    if mine.partner.person_index is None:
        return None
    twins = Account.objects.filter(partner__person_index=mine.partner.person_index).exclude(pk=mine.pk)
    found = twins.filter(credential__email__isnull=False, credential__frozen_at=None).exclude(
        credential_id=mine.credential_id
    )
    twin = found.select_related("credential").order_by("-last_signed_in_at", "pk").first()
    return twin.credential if twin else None


@transaction.atomic
def ask_code(session: Session, *, by: Actor, at: datetime) -> None:
    """Send a code to the mailbox the person proved for another office. Refuses like :func:`codes.ask`."""
    known = known_credential(by)
    if known is None or known.email is None:
        raise ChangedMeanwhile
    codes.ask(session, Purpose.JOIN_PERSON, known.email, by=by, at=at)


def stay_apart(session: Session) -> None:
    """« Je n’ai plus cette adresse » : this account goes on with a mailbox of its own."""
    session.notes = {**session.notes, "apart": True}
    session.save(update_fields=["notes"])


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of the code; once joined, the session's new token."""

    outcome: codes.CodeOutcome
    token: str = ""


@transaction.atomic
def enter_code(session: Session, digits: str, *, by: Actor, at: datetime) -> Joined:
    """Type the code: the account joins the person's others, whose password is now its own; the provisional one is dead."""
    outcome = codes.check(session, Purpose.JOIN_PERSON, digits, at=at)
    if outcome.verdict is not codes.Verdict.RIGHT:
        return Joined(outcome)
    known = known_credential(by)
    if known is None:
        raise ChangedMeanwhile
    held = joining.locked([session.holder_id, known.pk])
    source, target = held[session.holder_id], held[known.pk]
    mine = list(Account.objects.select_related("partner").filter(pk=own_account(by), credential=source))
    if target.email != outcome.email or not mine:
        raise ChangedMeanwhile
    refused = joining.why_not(mine, target)
    if refused:
        raise ActNotPossible(refused)
    joining.move(mine, source, target, but=session.pk)
    Account.objects.filter(pk=mine[0].pk).update(claimed_email="")
    joining.void_proofs(target)
    record(events.PERSON_JOINED, subject=by.label, by=by, at=at)
    token = joining.carry(session, target, at=at)
    account = Account.objects.get(pk=mine[0].pk)
    context = {"account_count": Account.objects.filter(credential=target).count(), "joined": [account.login_id]}
    notices.tell(account, events.PERSON_JOINED, "identity/emails/linked", {**context, "common": False}, at=at)
    return Joined(outcome, token)
