"""A lost administrator replaced from the office's side: opened by one agent who holds a paper, agreed by another (ux.md B22).

Told to the postal address, to whoever administers and to who shall, once both agents agree. Then the organisation has some days to
say no, with the code of the letter, from the portal, or to any agent who notes it. Nothing changes before.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence.services import queue_email
from parvis.identity import rules as identity_rules
from parvis.identity.models import Account, Nature
from parvis.kit.actors import Actor, ActorKind, Duty, check_holds, check_independent
from parvis.kit.clock import day_in_paris
from parvis.kit.encryption import close
from parvis.kit.periods import long_day
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile, NotFound
from parvis.landlords import events, rules
from parvis.landlords.models import (
    AdministratorReplacement,
    AfterReplacement,
    Invitation,
    Landlord,
    ReplacementPaper,
    ReplacementState,
)
from parvis.landlords.refusals import AlreadyAUser, GenericAddress
from parvis.landlords.selectors.offices import codes_of
from parvis.landlords.selectors.role import holders, may_take
from parvis.landlords.selectors.users import UserLine, UserState, administrators, user_with_email
from parvis.landlords.services.by_agent import said
from parvis.landlords.services.role import appointing, replacing
from parvis.landlords.services.users import closing
from parvis.landlords.services.users.deciding import name_of, write_to
from parvis.landlords.services.users.inviting import Guest
from parvis.landlords.services.users.posting import write_by_post
from parvis.parameters.catalogue import ADMINISTRATOR_REPLACED_AFTER, REPLACEMENT_LAPSES
from parvis.parameters.selectors import duration


@dataclass(frozen=True, slots=True)
class Proof:
    """The paper an agent was given, looked into by the way in: a name to show, what it is, its bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is replaced (the reference of an account; empty for whoever administers), what becomes of them, and by whom.

    Either ``successor``, the reference of a user, or ``guest``, a person who is not one yet.
    """

    former: str
    becomes: AfterReplacement
    successor: str = ""
    guest: Guest | None = None


@transaction.atomic
def open_replacement(
    partner_id: UUID, wanted: Wanted, proof: Proof, *, reason: str, by: Actor, at: datetime
) -> AdministratorReplacement:
    """Open it: nobody is told before another agent agrees. Refuses while another replacement waits."""
    landlord, by, words = _of(partner_id, reason, by)
    if landlord.partner.nature != Nature.CORPORATE:
        raise NotFound
    if AdministratorReplacement.objects.filter(landlord=landlord, closed_at=None).exists():
        raise ActNotPossible("Un remplacement est déjà en cours pour cet organisme. Terminez-le ou arrêtez-le d’abord.")
    former = _former(landlord, wanted.former)
    successor = _successor(landlord, wanted, former) if wanted.guest is None else None
    guest = _guest(wanted.guest, landlord, by=by, at=at) if wanted.guest else Guest("", "", "")
    opened = AdministratorReplacement.objects.create(
        landlord=landlord,
        asked_by=successor,
        reason=words,
        state=ReplacementState.PROPOSED,
        asked_at=at,
        waits_until=at + duration(REPLACEMENT_LAPSES),
        opened_by=by.label,
        former=former,
        former_becomes=wanted.becomes,
        guest_first_name=guest.first_name,
        guest_last_name=guest.last_name,
        guest_email=guest.email,
    )
    _keep(proof, opened, at=at)
    told = {"reason": words, "becomes": wanted.becomes.value, "wanted": opened.successor_name, "paper": proof.name}
    subject = former.login_id if former else landlord.reference_key[:40]
    record(events.REPLACEMENT_OPENED, subject=subject, by=by, at=at, **told)
    return opened


def _of(partner_id: UUID, reason: str, by: Actor) -> tuple[Landlord, Actor, str]:
    """The organisation, locked; the agent in its name; why."""
    words = said(reason)
    if by.kind is not ActorKind.AGENT:
        raise ActNotPossible("Seul un agent de la caisse peut le faire.")
    landlord = appointing.locked(partner_id)
    check_holds(by, Duty.REPLACE_ADMINISTRATORS, codes_of(landlord.pk))
    return landlord, replace(by, partner_id=landlord.pk), words


def _former(landlord: Landlord, reference: str) -> Account | None:
    hold = holders(landlord.pk)
    if not hold:
        raise ActNotPossible("Personne n’a encore administré cet organisme\u00a0: renvoyez plutôt des identifiants.")
    if not reference:
        return None
    found = next((account for account in hold if account.reference == reference), None)
    if found is None:
        raise ActNotPossible("Cette personne n’administre pas, ou plus. Choisissez à nouveau.", field="former")
    return found


def _successor(landlord: Landlord, wanted: Wanted, former: Account | None) -> Account:
    rows = Account.objects.select_related("credential").filter(partner_id=landlord.pk, reference=wanted.successor)
    found = rows.first()
    if found is None or (former is not None and found.pk == former.pk):
        raise ActNotPossible("Choisissez un autre utilisateur de l’organisme.", field="successor")
    if found.pk in {account.pk for account in holders(landlord.pk)}:
        raise ActNotPossible("Cette personne administre déjà. Choisissez-en une autre.", field="successor")
    if not may_take(found):
        raise ActNotPossible(
            "Cette personne doit s’être connectée, avoir validé son adresse mail, et son accès doit être ouvert.",
            field="successor",
        )
    return found


def _guest(guest: Guest, landlord: Landlord, *, by: Actor, at: datetime) -> Guest:
    first, last = " ".join(guest.first_name.split()), " ".join(guest.last_name.split())
    if not first or not last:
        raise ActNotPossible("Écrivez le prénom et le nom de la personne.", field="last_name")
    email = identity_rules.read_email(guest.email)
    if rules.is_generic(email):
        raise GenericAddress
    known = user_with_email(by, email, at=at)
    if known is not None and not _never_came(known, landlord):
        raise AlreadyAUser(known.reference)
    return Guest(first, last, email)


def _never_came(known: UserLine, landlord: Landlord) -> bool:
    """Whether an address is that of somebody invited who never opened the account: it serves again."""
    is_free = known.opened_at is None and known.state is not UserState.FROZEN
    return is_free and known.id not in {account.pk for account in holders(landlord.pk)}


def _keep(proof: Proof, opened: AdministratorReplacement, *, at: datetime) -> None:
    paper = ReplacementPaper(
        replacement=opened,
        opaque=uuid4(),
        name=proof.name,
        media_type=proof.media_type,
        size=len(proof.content),
        sha256=hashlib.sha256(proof.content).digest(),
        kept_at=at,
    )
    paper.content = close(base64.b64encode(proof.content).decode(), paper.column)
    paper.save()


@transaction.atomic
def agree(partner_id: UUID, *, reason: str, by: Actor, at: datetime) -> datetime:
    """Agree, as the second of two agents: everybody is told, and the days to say no begin. Returns their end."""
    landlord, by, words = _of(partner_id, reason, by)
    opened = _live(landlord)
    if not opened.opened_by or opened.state != ReplacementState.PROPOSED:
        raise ChangedMeanwhile
    if opened.opened_by == by.label:
        raise ActNotPossible("Il faut deux agents\u00a0: un autre que celui qui a ouvert ce remplacement.")
    check_independent(by, opened.opened_by)
    if opened.guest_email and opened.asked_by is not None and opened.asked_by.opened_at is None:
        # Invited before a restore, which ended that: invited again when the days to say no are over.
        closing.cancel(Invitation.objects.filter(account=opened.asked_by), by=by, at=at)
        opened.asked_by = None
    if opened.asked_by is not None and not may_take(opened.asked_by):
        raise ActNotPossible("L’accès de la personne choisie est fermé ou bloqué. Arrêtez ce remplacement.")
    until = at + duration(ADMINISTRATOR_REPLACED_AFTER)
    live = AdministratorReplacement.objects.filter(pk=opened.pk, state=ReplacementState.PROPOSED, closed_at=None)
    agreed = {"asked_by": opened.asked_by, "approved_by": by.label, "agreed_at": at, "waits_until": until}
    if not live.update(state=ReplacementState.AGREED, **agreed):
        raise ChangedMeanwhile
    record(events.REPLACEMENT_AGREED, subject=_subject(opened), by=by, at=at, reason=words, until=until.isoformat())
    _tell(opened, landlord, long_day(day_in_paris(until)), at=at)
    return until


def _live(landlord: Landlord) -> AdministratorReplacement:
    rows = AdministratorReplacement.objects.filter(landlord=landlord, closed_at=None)
    found = rows.select_related("asked_by__credential", "former__credential").first()
    if found is None:
        raise NotFound("Aucun remplacement n’est en cours pour cet organisme.")
    return found


def _subject(opened: AdministratorReplacement) -> str:
    """Whom the journal names: who is replaced, else who replaces."""
    account = opened.former or opened.asked_by
    return account.login_id if account else opened.landlord.reference_key[:40]


def _tell(opened: AdministratorReplacement, landlord: Landlord, until: str, *, at: datetime) -> None:
    """By letter at the postal address, by mail to whoever administers and to who shall."""
    words = {"administrator": opened.successor_name, "until": until}
    hold = administrators(landlord.pk, at=at)
    for account in hold:
        is_replaced = opened.former_id in (None, account.pk)
        more = {"is_replaced": is_replaced, "becomes": opened.former_becomes, "reference": account.reference}
        write_to(account, "landlords/emails/replacement_opened", landlord, at=at, **words, **more)
    if opened.asked_by is not None:
        write_to(opened.asked_by, "landlords/emails/replacement_named", landlord, at=at, **words, is_invited=False)
    else:
        nobody_yet = {"login_id": "", "user_number": "", "account_name": landlord.name, "person": opened.successor_name}
        queue_email(
            to=opened.guest_email,
            template="landlords/emails/replacement_named",
            context={**nobody_yet, **words, "is_invited": True},
            partner_id=landlord.pk,
            at=at,
        )
    about = opened.former or opened.asked_by or holders(landlord.pk)[0]
    more = {"former": name_of(opened.former) if opened.former else "", "becomes": opened.former_becomes}
    code = (replacing.CODE, opened.pk)
    write_by_post(about, "landlords/letters/replacement_opened", at=at, secret=code, **words, **more)


@transaction.atomic
def note_objection(partner_id: UUID, *, reason: str, by: Actor, at: datetime) -> None:
    """Somebody said no to an agent, or an agent takes it back: whatever waits is stopped, and why is kept. One agent is enough."""
    landlord, by, words = _of(partner_id, reason, by)
    if not replacing.close_live(_live(landlord), by=by, at=at, why="agent", objection=words):
        raise ChangedMeanwhile
