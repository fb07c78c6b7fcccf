"""Stopping a bank change: from its page, by the link of a mail or the code of a letter, by a freeze; by an agent, ``by_agent``."""

from __future__ import annotations

import secrets as random
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from parvis.audit.journal import record
from parvis.changes import events, workflow
from parvis.changes.models import ChangeKind, ChangeRequest, StopLink
from parvis.changes.services import keeping
from parvis.changes.services.bank import notices
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
    link = StopLink.objects.select_related("change").filter(pk=link_id).first()
    if link is None or not _of_link(link).filter(state__in=workflow.STOPPABLE).exists():
        raise SecretNoLongerNeeded
    StopLink.objects.filter(pk=link_id).update(token_hash=fingerprint(value))


def _of_link(link: StopLink) -> QuerySet[ChangeRequest]:
    """What a link or a code stops: its change, and those of the same landlord that were asked with it."""
    if link.change.together is None:
        return ChangeRequest.objects.filter(pk=link.change_id)
    return ChangeRequest.objects.filter(together=link.change.together, landlord_id=link.change.landlord_id)


def live_changes(value: str) -> list[ChangeRequest]:
    """The changes a link or a code still stops; looking uses nothing up."""
    link = StopLink.objects.select_related("change").filter(token_hash=fingerprint(value)).first()
    if link is None:
        return []
    rows = _of_link(link).filter(state__in=workflow.LIVE)
    return list(rows.select_related("landlord", "office", "account__credential").order_by("office__name", "pk"))


@transaction.atomic
def stop_by_link(value: str, *, number: str = "", at: datetime) -> bool:
    """Stop what a link or a code stops, without sign-in: all of it, or the one of ``number``; False when that is nothing any more."""
    found = [change.pk for change in live_changes(value) if number in ("", change.number)]
    return bool(_stop(found, by=system("notice"), at=at, why="par le lien ou le code d’un avis"))


@transaction.atomic
def stop_bank_change(opaque: UUID, *, with_others: bool = False, by: Actor, at: datetime) -> None:
    """« Arrêter ce changement », by whoever holds the right for the office; ``with_others`` those asked with it that they see too."""
    keeping.check_right(by, Right.BANK_DETAILS)
    rows = ChangeRequest.objects.filter(landlord_id=by.partner_id, kind=ChangeKind.BANK_DETAILS, opaque=opaque)
    if by.offices:
        rows = rows.filter(office_id__in=by.offices)
    found = rows.first()
    if found is None or (found.state == workflow.ASKED and found.account_id != by.account_id):
        raise NotFound
    stopped = [found.pk]
    if with_others and found.together is not None:
        others = ChangeRequest.objects.filter(
            landlord_id=by.partner_id, together=found.together, state__in=workflow.LIVE
        )
        others = others.filter(office_id__in=by.offices) if by.offices else others
        stopped += others.exclude(pk=found.pk).values_list("pk", flat=True)
    if not _stop(stopped, by=by, at=at, why=f"par {by.person or by.label}") and found.state != workflow.STOPPED:
        raise ActNotPossible(TOO_LATE)


@transaction.atomic
def stop_of_credential(credential_id: int, *, by: Actor, at: datetime) -> None:
    """« Ce n’est pas moi »: what the frozen person asked and has not left goes no further."""
    rows = ChangeRequest.objects.filter(
        account__credential_id=credential_id, kind=ChangeKind.BANK_DETAILS, state__in=workflow.STOPPABLE
    )
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    _stop(found, by=system("freeze"), at=at, why="parce que l’accès de la personne a été bloqué")


def _stop(ids: Sequence[int], *, by: Actor, at: datetime, why: str) -> list[ChangeRequest]:
    """Stop those of them that can be, and tell whoever heard of them; which they were."""
    rows = ChangeRequest.objects.select_for_update(of=("self",)).select_related(
        "landlord", "office", "account__credential", "third_party_number"
    )
    changes = [change for change in rows.filter(pk__in=ids).order_by("pk") if change.state in workflow.STOPPABLE]
    told = [change for change in changes if change.state in workflow.LIVE]
    note = f"Arrêtée {why}."
    for change in changes:
        keeping.advance(change, workflow.STOP, by=by, at=at, note=note, closed_at=at, reason=note, iban=None)
        record(events.STOPPED, subject=change.number, by=by, at=at, kind=change.kind, last4=change.iban_last4)
    # Asked together, told together; each other one for itself.
    for _, same in groupby(sorted(told, key=_asking), key=_asking):
        notices.tell_stopped(list(same), why=why, at=at)
    return changes


def _asking(change: ChangeRequest) -> str:
    return str(change.together or change.pk)
