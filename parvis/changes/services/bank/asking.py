"""Asking for another account: typed, then proved by a code that is bound to this very IBAN, then told and held."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from parvis.audit.journal import record
from parvis.changes import events, rules, workflow
from parvis.changes.models import ChangeKind, ChangeRequest, DraftForm
from parvis.changes.refusals import AlreadyLive, HolderDiffers, NoMailbox, OneANumber, SameIban
from parvis.changes.rules.files import Paper
from parvis.changes.rules.ibans import read_iban
from parvis.changes.selectors.people import others_with_bank_right, still_may_change_bank
from parvis.changes.selectors.requests import typed_bank_change
from parvis.changes.selectors.together import MOST, Target, asked_together, targets_of
from parvis.changes.services import attachments, drafts, keeping
from parvis.changes.services.bank import looking, notices
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
    """What somebody typed of the new account, the file that explains it, and for which numbers: one, or more with it."""

    user_number: str
    holder: str
    iban: str
    file: Paper | None = None
    more: tuple[str, ...] = ()


@transaction.atomic
def ask_bank_change(typed: Typed, session: Session, *, by: Actor, at: datetime) -> ChangeRequest:
    """Note another account and send the code that proves it; nothing has changed, and nobody else is told, before it.

    For several numbers, each has its request, with its own flags; the code proves all of them or none. Those the office pays on
    this account already are left out. Typing anew puts what one had typed before aside, whichever account it was for. Answers
    the first.
    """
    keeping.check_right(by, Right.BANK_DETAILS)
    account = Account.objects.select_related("credential").get(pk=own_account(by))
    if not account.credential.email:
        raise NoMailbox
    targets = _targets(typed, by=by, at=at)
    iban = read_iban(typed.iban)
    index = blind_index(iban, "iban")
    targets = [one for one in targets if one.known.iban_index is None or bytes(one.known.iban_index) != index]
    if not targets:
        raise SameIban
    for one in targets:
        if typed.file is None and not rules.is_same_holder(typed.holder, one.known.landlord.name):
            raise HolderDiffers(typed.holder, one.known.landlord.name)
    if (again := _just_typed(typed, targets, account, session, index, at=at)) is not None:
        return again
    _put_aside(account, at=at)
    changes = _begin_all(typed, targets, iban, index, by=by, at=at)
    drafts.sent(DraftForm.BANK, by=by, at=at)
    ask_code(changes[0], session, by=by, at=at)
    return changes[0]


def _targets(typed: Typed, *, by: Actor, at: datetime) -> list[Target]:
    """What was chosen, each landlord locked in one order; refuses what is not theirs, what is on its way, too much at once."""
    wanted = dict.fromkeys((typed.user_number, *typed.more))
    if len(wanted) > MOST:
        raise ActNotPossible(f"{MOST}\u00a0caisses à la fois au maximum. Choisissez-en moins.")
    landlords = {by.partner_id, *_landlords(wanted, by=by, at=at)} if typed.more else {by.partner_id}
    for partner_id in sorted(landlords, key=str):
        keeping.locked(partner_id)
    own = {known.user_number: Target(known, by, "", is_here=True) for known in keeping.own_numbers(by)}
    found = {target.known.user_number: target for target in targets_of(by, at=at)} if typed.more else {}
    targets = [own.get(number) or found.get(number) for number in wanted]
    chosen = [target for target in targets if target is not None]
    if len(chosen) < len(wanted):
        raise NotFound
    for target in chosen:
        _check_none_lives(target.known.landlord, target.known)
    if len({(one.known.landlord_id, one.known.office_id) for one in chosen}) < len(chosen):
        raise OneANumber
    return chosen


def _landlords(wanted: Collection[str], *, by: Actor, at: datetime) -> set[UUID | None]:
    """Of whom the numbers are, before they are locked and looked at again."""
    return {target.actor.partner_id for target in targets_of(by, at=at) if target.known.user_number in wanted}


def _just_typed(
    typed: Typed, targets: Sequence[Target], account: Account, session: Session, index: bytes, *, at: datetime
) -> ChangeRequest | None:
    """The same form sent a moment ago by this very session, whose code is on its way: clicked twice, it is asked once."""
    rows = ChangeRequest.objects.filter(
        account__credential_id=account.credential_id,
        third_party_number__in=[one.known for one in targets],
        kind=ChangeKind.BANK_DETAILS,
        state=workflow.ASKED,
        iban_index=index,
    )
    just = list(rows.filter(asked_at__gt=at - TWICE, details__account_holder=typed.holder).order_by("pk"))
    # Of more than these, the code would prove what was unticked meanwhile.
    if len(just) != len(targets) or asked_together(just[0]) != just:
        return None
    if waiting_for(session.pk, Purpose.BANK_CHANGE, at=at) is None:
        return None
    return just[0] if all(attachments.is_joined(typed.file, one.number) for one in just) else None


def _check_none_lives(landlord: Landlord, known: ThirdPartyNumber) -> None:
    live = ChangeRequest.objects.filter(
        landlord=landlord, office_id=known.office_id, kind=ChangeKind.BANK_DETAILS, state__in=workflow.LIVE
    )
    if live.exists():
        raise AlreadyLive


def _put_aside(account: Account, *, at: datetime) -> None:
    """What the same person typed before and did not prove, for whichever of their accounts: one code at a time proves one IBAN."""
    mine = ChangeRequest.objects.filter(
        account__credential_id=account.credential_id, kind=ChangeKind.BANK_DETAILS, state=workflow.ASKED
    )
    for former in mine.select_for_update(of=("self",)).order_by("pk"):
        _lapse(former, "Remplacée par une autre saisie.", at=at)


def _lapse(change: ChangeRequest, reason: str, *, at: datetime) -> None:
    keeping.advance(
        change, workflow.EXPIRE, by=system("replaced"), at=at, note=reason, closed_at=at, reason=reason, iban=None
    )


def _begin_all(
    typed: Typed, targets: Sequence[Target], iban: str, index: bytes, *, by: Actor, at: datetime
) -> list[ChangeRequest]:
    together = uuid4() if len(targets) > 1 else None
    landlords = {one.known.landlord_id for one in targets}
    changes = []
    for one in targets:
        account = Account.objects.select_related("credential").get(pk=own_account(one.actor))
        same_holder = rules.is_same_holder(typed.holder, one.known.landlord.name)
        flags = looking.flags_of(
            one.known.landlord, account, iban, index, same_holder=same_holder, with_landlords=landlords, at=at
        )
        change = _begin(typed, one, iban, index, flags, together, at=at)
        actor = replace(one.actor, person=one.actor.person or by.person)
        record(events.BANK_TYPED, subject=change.number, by=actor, at=at, last4=change.iban_last4, flags=flags)
        changes.append(change)
    return changes


def _begin(
    typed: Typed, target: Target, iban: str, index: bytes, flags: list[str], together: UUID | None, *, at: datetime
) -> ChangeRequest:
    opaque, known, by = uuid4(), target.known, target.actor
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
        together=together,
    )
    if typed.file is not None:
        kept = attachments.keep_attachment(typed.file, by=by, at=at)
        attachments.join_attachment(kept.opaque, change.number, by=by, at=at)
    return change


def target_of(changes: Sequence[ChangeRequest]) -> bytes:
    """What a code is bound to: these changes, all of them and no other, to this very IBAN."""
    opaques = ",".join(sorted(str(change.opaque) for change in changes))
    indexes = {bytes(change.iban_index or b"") for change in changes}
    return keyed_fingerprint("bank change", f"{opaques}:{','.join(sorted(index.hex() for index in indexes))}")


@transaction.atomic
def ask_code(change: ChangeRequest, session: Session, *, by: Actor, at: datetime) -> None:
    """Send the code, or another one. Refuses like every asking of codes."""
    if change.state != workflow.ASKED:
        raise ActNotPossible("Cette saisie n’attend plus de code.")
    email = Account.objects.select_related("credential").get(pk=own_account(by)).credential.email
    if not email:
        raise NoMailbox
    codes.ask(session, Purpose.BANK_CHANGE, email, by=by, at=at, target=target_of(asked_together(change)))


@transaction.atomic
def prove_bank_change(
    opaque: UUID, session: Session, digits: str, *, by: Actor, at: datetime
) -> tuple[codes.CodeOutcome, ChangeRequest]:
    """Type the code. Right, it starts the hold, or the wait for a second agreement, and everybody is told."""
    keeping.check_right(by, Right.BANK_DETAILS)
    typed = asked_together(typed_bank_change(by, opaque))
    for partner_id in sorted({by.partner_id, *(one.landlord_id for one in typed)}, key=str):
        keeping.locked(partner_id)
    change = typed_bank_change(by, opaque)
    if change.state in workflow.LIVE:
        return codes.CodeOutcome(codes.Verdict.USED), change
    if change.state != workflow.ASKED:
        raise ActNotPossible("Cette saisie n’attend plus de code. Recommencez.")
    typed = asked_together(change)
    outcome = codes.check(session, Purpose.BANK_CHANGE, digits, at=at, target=target_of(typed))
    if outcome.verdict is codes.Verdict.RIGHT:
        for one in typed:
            _check_none_lives(one.landlord, one.third_party_number)
        _hold_all(typed, by=by, at=at)
        change = typed_bank_change(by, opaque)
    return outcome, change


def _hold_all(typed: Sequence[ChangeRequest], *, by: Actor, at: datetime) -> None:
    """Each its own way: where somebody else holds the right it waits for them. Who lost the right for one meanwhile asks it no more."""
    asked: dict[int, tuple[Account, list[ChangeRequest]]] = {}
    held = []
    for change in typed:
        if not still_may_change_bank(change.account, change.office_id, at=at):
            _lapse(change, "La personne n’a plus ce droit pour cette caisse.", at=at)
            continue
        for other in _hold(change, by=by, at=at):
            asked.setdefault(other.pk, (other, []))[1].append(change)
        held.append(change)
    notices.tell_asked(held, at=at)
    for other, theirs in asked.values():
        notices.ask_agreement(theirs, other, at=at)


def _hold(change: ChangeRequest, *, by: Actor, at: datetime) -> list[Account]:
    """The hold begins, or the wait for one of those who are answered."""
    account = Account.objects.select_related("credential").get(pk=change.account_id)
    others = others_with_bank_right(change.landlord_id, change.office_id, account, at=at)
    mine = replace(by, label=account.login_id, account_id=account.pk, partner_id=change.landlord_id)
    if others:
        until = at + duration(SECOND_AGREEMENT)
        keeping.advance(change, workflow.PROVE_FIRST, by=mine, at=at, proved_at=at, agreement_until=until)
    else:
        until = looking.held_until(account, at=at)
        keeping.advance(change, workflow.PROVE, by=mine, at=at, proved_at=at, held_until=until)
    record(events.BANK_ASKED, subject=change.number, by=mine, at=at, last4=change.iban_last4, until=until.isoformat())
    return others
