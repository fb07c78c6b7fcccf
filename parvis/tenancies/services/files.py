"""« Consulter dossier »: every look is written before anything is shown; the office opens and closes the service."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from parvis.audit.journal import record
from parvis.identity.models import Account
from parvis.identity.selectors.accounts import own_account
from parvis.identity.services import limits
from parvis.kit.actors import Actor, Right
from parvis.kit.references import keyed_fingerprint
from parvis.landlords.models import Habilitation, Landlord
from parvis.parameters.catalogue import FILE_LOOKS_AN_HOUR
from parvis.parameters.selectors import value
from parvis.tenancies import events
from parvis.tenancies.looks import LONGEST_NOTE, SAME_LOOK, LookReason, read_claimant_number
from parvis.tenancies.models import FileLook, Tenancy
from parvis.tenancies.refusals import AlreadyAllowed, OfficeNotYours, ReasonMissing, TooManyLooks, UnknownSiret
from parvis.tenancies.selectors.files import offices_to_ask


@transaction.atomic
def look_up(*, office: str, number: str, reason: LookReason, note: str, by: Actor, at: datetime) -> FileLook:
    """Write that the actor looks at a claimant's file, found or not; the page of the look shows it.

    The same question asked again at once (a double click) is the same look.
    """
    if office not in dict(offices_to_ask(by)):
        raise OfficeNotYours
    note = " ".join(note.split())[:LONGEST_NOTE]
    if reason is LookReason.OTHER and not note:
        raise ReasonMissing
    asked: dict[str, Any] = {
        "account_id": own_account(by),
        "partner_id": by.partner_id,
        "caf_code": office,
        "claimant_number": read_claimant_number(number).digits,
        "reason": reason.value,
        "note": note,
    }
    # The account's row is the queue: of two clicks at once, one is first.
    Account.objects.select_for_update(no_key=True).get(pk=asked["account_id"])
    same = (
        FileLook.objects.filter(**asked, looked_at__gt=at - SAME_LOOK, looked_at__lte=at).order_by("-looked_at").first()
    )
    return same or _write(asked, by=by, at=at)


def _write(asked: dict[str, Any], *, by: Actor, at: datetime) -> FileLook:
    limit = value(FILE_LOOKS_AN_HOUR)
    key = keyed_fingerprint("file looks", str(by.account_id))
    admission = limits.admit([limits.Bucket(key, limit, timedelta(hours=1))], at=at)
    if admission.paused_until is not None:
        raise TooManyLooks(limit, admission.paused_until)
    found = Tenancy.objects.filter(caf_code=asked["caf_code"], claimant_number=asked["claimant_number"]).exists()
    look = FileLook.objects.create(**asked, reference=uuid4(), was_found=found, looked_at=at)
    subject = f"{look.caf_code}/{look.claimant_number}"
    record(events.FILE_LOOKED, subject=subject, by=by, at=at, reason=look.reason, note=look.note, found=found)
    return look


@transaction.atomic
def allow_files(siret: str, *, by: Actor, at: datetime) -> Landlord:
    """Open « Consulter dossier » to a landlord: its administrators may then give the right to their users."""
    landlord = _of_siret(siret)
    if not Landlord.objects.filter(pk=landlord.pk, may_consult_files=False).update(may_consult_files=True):
        raise AlreadyAllowed(f"{landlord.name} peut déjà consulter des dossiers.")
    record(events.FILES_ALLOWED, subject=siret, by=by, at=at, partner=str(landlord.pk))
    return landlord


@transaction.atomic
def stop_files(siret: str, *, by: Actor, at: datetime) -> tuple[Landlord, int]:
    """Close it at once, and end the right of every user who holds it; the count of those is told."""
    landlord = _of_siret(siret)
    changed = Landlord.objects.filter(pk=landlord.pk, may_consult_files=True).update(may_consult_files=False)
    held = Habilitation.objects.filter(account__partner=landlord.pk, right=Right.CONSULT_FILES.value)
    ended = held.filter(Q(ended_at=None) | Q(ended_at__gt=at)).update(ended_at=at)
    if not (changed or ended):
        raise AlreadyAllowed(f"{landlord.name} ne peut déjà plus consulter de dossiers.")
    record(events.FILES_STOPPED, subject=siret, by=by, at=at, partner=str(landlord.pk), ended=ended)
    return landlord, ended


def _of_siret(siret: str) -> Landlord:
    kept = "".join(siret.split())
    landlord = Landlord.objects.filter(siret=kept).order_by("pk").first() if kept.isalnum() else None
    if landlord is None:
        raise UnknownSiret(siret)
    return landlord
