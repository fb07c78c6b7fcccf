"""An administrator who does not answer any more is replaced: by the deputy after ten days, or by two agents.

The administrator is told, and so is the organisation's postal address, with a code that stops it (security.md §2.10).
"""

from __future__ import annotations

import secrets as random
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.correspondence.secrets import SecretNoLongerNeeded
from parvis.identity.models import Account, AccountState
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, ActorKind, Duty, Right, check_holds, check_independent, system
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import long_day
from parvis.kit.references import READABLE, fingerprint
from parvis.kit.refusals import ActNotPossible, ChangedMeanwhile, NotFound
from parvis.kit.text import fold
from parvis.landlords import events
from parvis.landlords.models import AdministratorReplacement, AfterReplacement, Invitation, Landlord, ReplacementState
from parvis.landlords.selectors.offices import codes_of
from parvis.landlords.selectors.role import may_take, successor_of
from parvis.landlords.selectors.users import administrators
from parvis.landlords.services.role import appointing
from parvis.landlords.services.users import closing
from parvis.landlords.services.users.deciding import name_of, write_to
from parvis.landlords.services.users.posting import write_by_post
from parvis.parameters.catalogue import ADMINISTRATOR_REPLACED_AFTER
from parvis.parameters.selectors import duration

CODE = "replacement_code"
"""The secret of the letter that tells the seat (:func:`draw_code`)."""
CODE_SIGNS = 10
LONGEST_AGENT = 60
LONGEST_REASON = 400


def draw_code(replacement_id: int, *, at: datetime) -> dict[str, str]:
    """The code of the letter that lets the organisation stop a replacement."""
    value = "".join(random.choice(READABLE) for _ in range(CODE_SIGNS))
    waiting = AdministratorReplacement.objects.filter(pk=replacement_id, closed_at=None)
    if not waiting.update(stop_code_hash=fingerprint(value)):
        raise SecretNoLongerNeeded
    return {"stop_code": f"{value[:5]}-{value[5:]}"}


@transaction.atomic
def ask(reason: str, *, by: Actor, at: datetime) -> AdministratorReplacement:
    """« Demander le remplacement de l’administrateur » : told to them by mail and to the seat by letter."""
    landlord = appointing.locked(by.partner_id)
    if by.may(Right.ADMINISTER):
        raise ActNotPossible("Vous êtes administrateur. Utilisez plutôt «\u00a0Transmettre le rôle\u00a0».")
    account = Account.objects.select_related("credential").get(pk=own_account(by))
    live = AdministratorReplacement.objects.filter(landlord=landlord, closed_at=None)
    # Who asked and can no longer sign in keeps nobody else from asking.
    dead = live.filter(opened_by="").exclude(asked_by__state=AccountState.ACTIVE)
    dead.update(state=ReplacementState.REFUSED, closed_at=at)
    waiting = live.first()
    if waiting is not None and (waiting.asked_by_id, waiting.reason) == (account.pk, reason):
        return waiting
    if waiting is not None and waiting.opened_by and waiting.state == ReplacementState.PROPOSED:
        raise ActNotPossible("Votre caisse examine une demande. Revenez dans quelques jours.")
    if waiting is not None:
        raise ActNotPossible("Un remplacement est déjà demandé. Votre caisse et votre administrateur le savent.")
    _check_rest(landlord, at)
    replacement = AdministratorReplacement.objects.create(
        landlord=landlord,
        asked_by=account,
        reason=reason,
        asked_at=at,
        waits_until=at + duration(ADMINISTRATOR_REPLACED_AFTER),
    )
    record(events.REPLACEMENT_ASKED, subject=account.login_id, by=by, at=at, reason=reason[:200])
    until = long_day(day_in_paris(at + duration(ADMINISTRATOR_REPLACED_AFTER)))
    for administrator in administrators(landlord.pk, at=at):
        words = {
            "who": name_of(account),
            "reason": reason,
            "until": until,
            "reference": administrator.reference,
        }
        write_to(administrator, "landlords/emails/replacement_asked", landlord, at=at, **words)
    code = (CODE, replacement.pk)
    write_by_post(account, "landlords/letters/replacement_asked", at=at, secret=code, who=name_of(account), until=until)
    return replacement


def _check_rest(landlord: Landlord, at: datetime) -> None:
    """Refuse to ask again just after the organisation said no: each time costs it a letter and its attention."""
    said_no = AdministratorReplacement.objects.filter(
        landlord=landlord,
        opened_by="",
        state=ReplacementState.REFUSED,
        closed_at__gt=at - duration(ADMINISTRATOR_REPLACED_AFTER),
    )
    latest = said_no.order_by("-closed_at").first()
    if latest is not None and latest.closed_at is not None:
        again = long_day(day_in_paris(latest.closed_at + duration(ADMINISTRATOR_REPLACED_AFTER)))
        raise ActNotPossible(f"Votre organisme vient de s’y opposer. Vous pourrez le redemander à partir du {again}.")


@transaction.atomic
def stop(code: str, *, at: datetime) -> bool:
    """The organisation says no with the code of the letter; False for a code that stops nothing."""
    waiting = AdministratorReplacement.objects.filter(stop_code_hash=fingerprint(code), closed_at=None)
    replacement = waiting.select_related("landlord", "asked_by__credential").first()
    return replacement is not None and close_live(replacement, by=system("letter"), at=at, why="lettre")


@transaction.atomic
def still_here(*, by: Actor, at: datetime) -> bool:
    """« Je suis toujours là », « Je m’oppose » : an administrator stops it, whoever began it; False if nothing waits."""
    landlord = appointing.locked(by.partner_id)
    if not by.may(Right.ADMINISTER):
        return False
    waiting = AdministratorReplacement.objects.filter(landlord=landlord, closed_at=None)
    told = waiting.exclude(state=ReplacementState.PROPOSED, approved_by="", proposed_by="")
    replacement = told.select_related("landlord", "asked_by__credential").first()
    return replacement is not None and close_live(replacement, by=by, at=at, why="administrateur")


def answered(landlord: Landlord, *, by: Actor, at: datetime) -> bool:
    """Whoever decides about the role is there: what a colleague asked is stopped; False if nothing waits.

    What agents opened on a paper is not: its administrator may be there, and is replaced all the same. They say no in words.
    """
    waiting = AdministratorReplacement.objects.filter(landlord=landlord, closed_at=None, opened_by="")
    replacement = waiting.select_related("landlord", "asked_by__credential").first()
    return replacement is not None and close_live(replacement, by=by, at=at, why="administrateur")


def close_live(
    replacement: AdministratorReplacement, *, by: Actor, at: datetime, why: str, objection: str = ""
) -> bool:
    """Stop one that waits, and tell who asked it or was named in it; False if it waits no more."""
    live = AdministratorReplacement.objects.filter(pk=replacement.pk, closed_at=None)
    told = {"closed_by": by.label[:60], "objection": objection}
    if not live.update(state=ReplacementState.REFUSED, closed_at=at, **told):
        return False
    successor = replacement.asked_by
    subject = successor.login_id if successor else replacement.landlord.reference_key[:40]
    by = by if by.partner_id else replace(by, partner_id=replacement.landlord_id)
    more = {"reason": objection} if objection else {}
    record(events.REPLACEMENT_STOPPED, subject=subject, by=by, at=at, why=why, **more)
    # Of what a single agent had opened, nobody has heard.
    if successor is not None and (not replacement.opened_by or replacement.agreed_at is not None):
        write_to(successor, "landlords/emails/replacement_stopped", replacement.landlord, at=at)
    if successor is not None and successor.opened_at is None:
        closing.cancel(Invitation.objects.filter(account=successor), by=by, at=at)
    return True


def promote_deputies(*, by: Actor, at: datetime) -> int:
    """Make the deputy administrator where nobody answered in time; returns how many were made."""
    due = AdministratorReplacement.objects.filter(
        state=ReplacementState.ASKED, closed_at=None, waits_until__lte=at
    ).values_list("pk", "landlord_id")
    return sum(_promote(pk, landlord_id, by=by, at=at) for pk, landlord_id in due.order_by("pk"))


@transaction.atomic
def _promote(replacement_id: int, landlord_id: UUID, *, by: Actor, at: datetime) -> bool:
    landlord = appointing.locked(landlord_id)
    deputy = successor_of(landlord.pk, at=at)
    if deputy is None:
        return False
    asked = AdministratorReplacement.objects.get(pk=replacement_id)
    because = f"Personne n’a répondu en {(asked.waits_until - asked.asked_at).days}\u00a0jours."
    return carry_out(asked, landlord, deputy, by=by, at=at, because=because)


def carry_out(
    replacement: AdministratorReplacement, landlord: Landlord, new: Account, *, by: Actor, at: datetime, because: str
) -> bool:
    """Give the role to ``new`` and take it from who is replaced, who stays a user or leaves; all are told. False if it is over."""
    live = AdministratorReplacement.objects.filter(pk=replacement.pk, closed_at=None)
    if not live.update(state=ReplacementState.DONE, closed_at=at):
        return False
    appointing.appoint(new, landlord, by=by, at=at)
    if replacement.former is None:
        former = appointing.relieve_all_but(new, at=at)
    else:
        former = [replacement.former]
        appointing.relieve(replacement.former, at=at)
    leaves = replacement.former_becomes == AfterReplacement.CLOSED
    for account in former:
        words = {"administrator": name_of(new), "because": because, "when": at.isoformat(), "leaves": leaves}
        write_to(account, "landlords/emails/administrator_changed", landlord, at=at, **words)
        if leaves:
            closing.shut(account.pk, by=by, at=at)
    record(events.ADMINISTRATOR_REPLACED, subject=new.login_id, by=by, at=at, former=[a.login_id for a in former])
    appointing.tell_change(landlord, new, at=at, because=because)
    return True


@transaction.atomic
def propose(login_id: str, *, reason: str, by: Actor, at: datetime) -> None:
    """An agent who has checked the mandate proposes that the one who asked becomes administrator."""
    replacement, landlord = _waiting_for(login_id)
    _check_agent(by, reason, landlord)
    if successor_of(landlord.pk, at=at) is not None:
        until = long_day(day_in_paris(replacement.waits_until))
        raise ActNotPossible(f"Cet organisme a un suppléant\u00a0: sans opposition, il prend le relais le {until}.")
    live = AdministratorReplacement.objects.filter(pk=replacement.pk, state=ReplacementState.ASKED, closed_at=None)
    if not live.update(state=ReplacementState.PROPOSED, proposed_by=by.label):
        raise ActNotPossible("Ce remplacement est déjà proposé.")
    by = replace(by, partner_id=landlord.pk)
    record(events.REPLACEMENT_PROPOSED, subject=login_id, by=by, at=at, reason=reason.strip())


@transaction.atomic
def approve(login_id: str, *, reason: str, by: Actor, at: datetime) -> None:
    """Another agent approves; not before the organisation has had its ten days to say no."""
    replacement, landlord = _waiting_for(login_id)
    _check_agent(by, reason, landlord)
    if replacement.state != ReplacementState.PROPOSED:
        raise ActNotPossible("Un premier agent doit d’abord le proposer.")
    if _plain(replacement.proposed_by) == _plain(by.label):
        raise ActNotPossible("Il faut deux agents\u00a0: un autre que celui qui a proposé doit approuver.")
    check_independent(by, replacement.proposed_by)
    if replacement.waits_until > at:
        until = long_day(day_in_paris(replacement.waits_until))
        raise ActNotPossible(f"L’organisme peut encore s’y opposer jusqu’au {until}.")
    there = replace(by, partner_id=landlord.pk)
    record(events.REPLACEMENT_APPROVED, subject=login_id, by=there, at=at, reason=reason.strip())
    AdministratorReplacement.objects.filter(pk=replacement.pk).update(approved_by=by.label)
    because = "Votre caisse a vérifié son mandat."
    if not carry_out(replacement, landlord, _asker(replacement), by=by, at=at, because=because):
        raise ChangedMeanwhile


def _waiting_for(login_id: str) -> tuple[AdministratorReplacement, Landlord]:
    """What this account asked, and its organisation, alone with both until the end of the transaction."""
    asked = AdministratorReplacement.objects.filter(asked_by__login_id=login_id, closed_at=None, opened_by="")
    partner_id = asked.values_list("landlord_id", flat=True).first()
    landlord = None if partner_id is None else appointing.locked(partner_id)
    found = asked.select_for_update(of=("self",)).select_related("asked_by__credential").first()
    if landlord is None or found is None or not may_take(_asker(found)):
        raise NotFound("Aucun remplacement n’est demandé par ce compte.")
    return found, landlord


def _asker(replacement: AdministratorReplacement) -> Account:
    """Who asked, where a user did."""
    assert replacement.asked_by is not None
    return replacement.asked_by


def _check_agent(by: Actor, reason: str, landlord: Landlord) -> None:
    if by.kind is not ActorKind.AGENT:
        raise ActNotPossible("Seul un agent de la caisse peut le faire.")
    check_holds(by, Duty.REPLACE_ADMINISTRATORS, codes_of(landlord.pk))
    if not _plain(by.label) or len(by.label) > LONGEST_AGENT:
        raise ActNotPossible("Indiquez qui agit, en 60\u00a0caractères au maximum.")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise ActNotPossible("Indiquez pourquoi, en 400\u00a0caractères au maximum.")


def _plain(label: str) -> str:
    """A name as one person writes it twice: case and blanks make no second agent."""
    return fold("".join(label.split()))
