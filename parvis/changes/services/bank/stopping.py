"""Stopping a bank change: from its page, by the link of a mail or the code of a letter, by a freeze; by an agent, ``by_agent``."""

from __future__ import annotations

import secrets as random
from datetime import datetime
from uuid import UUID

from django.db import transaction

from parvis.audit.journal import record
from parvis.changes import events, workflow
from parvis.changes.models import ChangeKind, ChangeRequest, StopLink
from parvis.changes.services import keeping, telling
from parvis.correspondence.secrets import SecretNoLongerNeeded
from parvis.kit.actors import Actor, Right, system
from parvis.kit.references import READABLE, fingerprint, token
from parvis.kit.refusals import ActNotPossible, NotFound

CODE_SIGNS = 10
TOO_LATE = "Ce changement ne peut plus être arrêté ici\u00a0: appelez votre caisse."


def draw_link(link_id: int, *, at: datetime) -> dict[str, str]:
    """The token of a mail's link, drawn as the mail is made."""
    value = token()
    _keep(link_id, value)
    return {"stop": value}


def draw_code(link_id: int, *, at: datetime) -> dict[str, str]:
    """The code of the letter, typed by hand."""
    value = "".join(random.choice(READABLE) for _ in range(CODE_SIGNS))
    _keep(link_id, value)
    return {"stop_code": f"{value[:5]}-{value[5:]}"}


def _keep(link_id: int, value: str) -> None:
    waiting = StopLink.objects.filter(pk=link_id, change__state__in=workflow.STOPPABLE)
    if not waiting.update(token_hash=fingerprint(value)):
        raise SecretNoLongerNeeded


def live_change(value: str) -> ChangeRequest | None:
    """The change a link or a code still stops; looking uses nothing up."""
    rows = ChangeRequest.objects.filter(stop_links__token_hash=fingerprint(value), state__in=workflow.LIVE)
    return rows.select_related("landlord", "office", "account__credential").first()


@transaction.atomic
def stop_by_link(value: str, *, at: datetime) -> bool:
    """Stop the change of a link or a code, without sign-in; False when it stops nothing any more."""
    found = live_change(value)
    return found is not None and _stop(found.pk, by=system("notice"), at=at, why="par le lien ou le code d’un avis")


@transaction.atomic
def stop_bank_change(opaque: UUID, *, by: Actor, at: datetime) -> None:
    """« Arrêter ce changement », by whoever holds the right for the office."""
    keeping.check_right(by, Right.BANK_DETAILS)
    rows = ChangeRequest.objects.filter(landlord_id=by.partner_id, kind=ChangeKind.BANK_DETAILS, opaque=opaque)
    if by.offices:
        rows = rows.filter(office_id__in=by.offices)
    found = rows.values_list("pk", "state", "account_id").first()
    if found is None or (found[1] == workflow.ASKED and found[2] != by.account_id):
        raise NotFound
    if found[1] == workflow.STOPPED:
        return
    if not _stop(found[0], by=by, at=at, why=f"par {by.person or by.label}"):
        raise ActNotPossible(TOO_LATE)


@transaction.atomic
def stop_of_credential(credential_id: int, *, by: Actor, at: datetime) -> None:
    """« Ce n’est pas moi »: what the frozen person asked and has not left goes no further."""
    rows = ChangeRequest.objects.filter(
        account__credential_id=credential_id, kind=ChangeKind.BANK_DETAILS, state__in=workflow.STOPPABLE
    )
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        _stop(pk, by=system("freeze"), at=at, why="parce que l’accès de la personne a été bloqué")


def _stop(change_id: int, *, by: Actor, at: datetime, why: str) -> bool:
    rows = ChangeRequest.objects.select_for_update(of=("self",)).select_related(
        "landlord", "office", "account__credential"
    )
    change = rows.get(pk=change_id)
    if change.state not in workflow.STOPPABLE:
        return False
    was_told = change.state in workflow.LIVE
    note = f"Arrêtée {why}."
    keeping.advance(change, workflow.STOP, by=by, at=at, note=note, closed_at=at, reason=note, iban=None)
    record(events.STOPPED, subject=change.number, by=by, at=at, kind=change.kind, last4=change.iban_last4)
    if was_told:
        telling.tell_bank_stopped(change, why=why, at=at)
    return True
