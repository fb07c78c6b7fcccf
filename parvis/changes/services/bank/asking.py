"""Asking for another account: typed, then proved by a code that is bound to this very IBAN, then told and held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from parvis.audit.journal import record
from parvis.changes import events, rules, workflow
from parvis.changes.models import ChangeKind, ChangeRequest, DraftForm
from parvis.changes.refusals import AlreadyLive, HolderDiffers, NoMailbox, SameIban
from parvis.changes.rules.files import Paper
from parvis.changes.rules.ibans import read_iban
from parvis.changes.selectors.people import others_with_bank_right
from parvis.changes.selectors.requests import typed_bank_change
from parvis.changes.services import attachments, drafts, keeping, telling
from parvis.changes.services.bank import looking
from parvis.identity.models import Account, Purpose, Session
from parvis.identity.selectors.accounts import own_account
from parvis.identity.selectors.codes import waiting_for
from parvis.identity.services import codes
from parvis.kit.actors import Actor, Right, system
from parvis.kit.encryption import blind_index, close
from parvis.kit.references import keyed_fingerprint
from parvis.kit.refusals import ActNotPossible, NotFound
from parvis.landlords.models import Landlord, ThirdPartyNumber
from parvis.parameters.catalogue import SECOND_AGREEMENT
from parvis.parameters.selectors import duration

TWICE = timedelta(seconds=20)
"""Within that the same form is the same click."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed of the new account, and the file that explains it."""

    user_number: str
    holder: str
    iban: str
    file: Paper | None = None


@transaction.atomic
def ask_bank_change(typed: Typed, session: Session, *, by: Actor, at: datetime) -> ChangeRequest:
    """Note another account and send the code that proves it; nothing has changed, and nobody else is told, before it.

    Typing anew puts what one had typed before aside.
    """
    keeping.check_right(by, Right.BANK_DETAILS)
    landlord = keeping.locked(by.partner_id)
    account = Account.objects.select_related("credential").get(pk=own_account(by))
    if not account.credential.email:
        raise NoMailbox
    known = _own_number(typed.user_number, by)
    _check_none_lives(landlord, known)
    iban = read_iban(typed.iban)
    index = blind_index(iban, "iban")
    if known.iban_index is not None and bytes(known.iban_index) == index:
        raise SameIban
    same_holder = rules.is_same_holder(typed.holder, landlord.name)
    if not same_holder and typed.file is None:
        raise HolderDiffers(typed.holder, landlord.name)
    if (again := _just_typed(typed, known, account, session, index, at=at)) is not None:
        return again
    _put_aside(account, at=at)
    flags = looking.flags_of(landlord, account, iban, index, same_holder=same_holder, at=at)
    change = _begin(typed, known, iban, index, flags, by=by, at=at)
    drafts.sent(DraftForm.BANK, by=by, at=at)
    record(events.BANK_TYPED, subject=change.number, by=by, at=at, last4=change.iban_last4, flags=flags)
    ask_code(change, session, by=by, at=at)
    return change


def _just_typed(
    typed: Typed, known: ThirdPartyNumber, account: Account, session: Session, index: bytes, *, at: datetime
) -> ChangeRequest | None:
    """The same form sent a moment ago by this very session, whose code is on its way: clicked twice, it is asked once."""
    rows = ChangeRequest.objects.filter(
        account=account, third_party_number=known, kind=ChangeKind.BANK_DETAILS, state=workflow.ASKED, iban_index=index
    )
    just = rows.filter(asked_at__gt=at - TWICE, details__account_holder=typed.holder).order_by("-pk").first()
    if just is None or waiting_for(session.pk, Purpose.BANK_CHANGE, at=at) is None:
        return None
    return just if attachments.is_joined(typed.file, just.number) else None


def _own_number(user_number: str, by: Actor) -> ThirdPartyNumber:
    found = next((known for known in keeping.own_numbers(by) if known.user_number == user_number), None)
    if found is None:
        raise NotFound
    return found


def _check_none_lives(landlord: Landlord, known: ThirdPartyNumber) -> None:
    live = ChangeRequest.objects.filter(
        landlord=landlord, office_id=known.office_id, kind=ChangeKind.BANK_DETAILS, state__in=workflow.LIVE
    )
    if live.exists():
        raise AlreadyLive


def _put_aside(account: Account, *, at: datetime) -> None:
    """What the same person typed before and did not prove."""
    mine = ChangeRequest.objects.filter(account=account, kind=ChangeKind.BANK_DETAILS, state=workflow.ASKED)
    for former in mine.select_for_update(of=("self",)):
        reason = "Remplacée par une autre saisie."
        keeping.advance(
            former, workflow.EXPIRE, by=system("replaced"), at=at, note=reason, closed_at=at, reason=reason, iban=None
        )


def _begin(
    typed: Typed, known: ThirdPartyNumber, iban: str, index: bytes, flags: list[str], *, by: Actor, at: datetime
) -> ChangeRequest:
    opaque = uuid4()
    row = ChangeRequest(opaque=opaque)
    change = keeping.begin(
        ChangeKind.BANK_DETAILS,
        known,
        state=workflow.ASKED,
        key=uuid4(),
        by=by,
        at=at,
        opaque=opaque,
        details={"account_holder": typed.holder, "country": iban[:2]},
        former={"last4": known.iban_last4},
        iban=close(iban, row.iban_column),
        iban_index=index,
        iban_last4=iban[-4:],
        flags=flags,
    )
    if typed.file is not None:
        kept = attachments.keep_attachment(typed.file, by=by, at=at)
        attachments.join_attachment(kept.opaque, change.number, by=by, at=at)
    return change


def target_of(change: ChangeRequest) -> bytes:
    """What a code is bound to: this change of this account to this very IBAN."""
    return keyed_fingerprint("bank change", f"{change.opaque}:{bytes(change.iban_index or b'').hex()}")


@transaction.atomic
def ask_code(change: ChangeRequest, session: Session, *, by: Actor, at: datetime) -> None:
    """Send the code, or another one. Refuses like every asking of codes."""
    if change.state != workflow.ASKED:
        raise ActNotPossible("Cette saisie n’attend plus de code.")
    email = Account.objects.select_related("credential").get(pk=own_account(by)).credential.email
    if not email:
        raise NoMailbox
    codes.ask(session, Purpose.BANK_CHANGE, email, by=by, at=at, target=target_of(change))


@transaction.atomic
def prove_bank_change(
    opaque: UUID, session: Session, digits: str, *, by: Actor, at: datetime
) -> tuple[codes.CodeOutcome, ChangeRequest]:
    """Type the code. Right, it starts the hold, or the wait for a second agreement, and everybody is told."""
    keeping.check_right(by, Right.BANK_DETAILS)
    landlord = keeping.locked(by.partner_id)
    change = typed_bank_change(by, opaque)
    if change.state in workflow.LIVE:
        return codes.CodeOutcome(codes.Verdict.USED), change
    if change.state != workflow.ASKED:
        raise ActNotPossible("Cette saisie n’attend plus de code. Recommencez.")
    outcome = codes.check(session, Purpose.BANK_CHANGE, digits, at=at, target=target_of(change))
    if outcome.verdict is codes.Verdict.RIGHT:
        _check_none_lives(landlord, change.third_party_number)
        _hold(change, by=by, at=at)
    return outcome, change


def _hold(change: ChangeRequest, *, by: Actor, at: datetime) -> None:
    account = Account.objects.select_related("credential").get(pk=change.account_id)
    others = others_with_bank_right(change.landlord_id, change.office_id, account, at=at)
    if others:
        until = at + duration(SECOND_AGREEMENT)
        keeping.advance(change, workflow.PROVE_FIRST, by=by, at=at, proved_at=at, agreement_until=until)
    else:
        until = looking.held_until(account, at=at)
        keeping.advance(change, workflow.PROVE, by=by, at=at, proved_at=at, held_until=until)
    record(events.BANK_ASKED, subject=change.number, by=by, at=at, last4=change.iban_last4, until=until.isoformat())
    telling.tell_bank_change(change, at=at)
    for other in others:
        telling.ask_agreement(change, other, at=at)
