"""The bank changes that an agent looks at before they leave, in the offices where they decide, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from parvis.changes import workflow
from parvis.changes.models import ChangeKind, ChangeRequest, Flag
from parvis.changes.selectors.attachments import FileLine, attachments_of
from parvis.kit.actors import Actor, Duty
from parvis.kit.refusals import NotFound
from parvis.landlords.models import Office

PAGE = 25
_WAITING = (workflow.AGREEMENT, workflow.HELD)


@dataclass(frozen=True, slots=True)
class FlaggedChange:
    """One bank change with the reasons to look at it; of both accounts, the last four signs."""

    number: str
    landlord_id: str
    landlord: str
    office_code: str
    office: str
    person: str
    holder: str
    country: str
    last4: str
    former_last4: str
    flags: tuple[str, ...]
    state_label: str
    asked_at: datetime
    held_until: datetime | None
    files: tuple[FileLine, ...]


@dataclass(frozen=True, slots=True)
class FlaggedFilters:
    """What the queue is narrowed to; empty is everything. ``asked_by`` is the last moment it was asked at."""

    office: str = ""
    flag: str = ""
    asked_by: datetime | None = None
    country: str = ""


@dataclass(frozen=True, slots=True)
class FlaggedChoices:
    """What there is to narrow the agent's queue to: the offices where they decide and something waits, the countries of its IBANs."""

    offices: dict[str, str]
    countries: tuple[str, ...]


def flagged_changes(
    actor: Actor, filters: FlaggedFilters | None = None, *, after: str = "", limit: int = PAGE
) -> list[FlaggedChange]:
    """The queue of the agent's offices; ``after`` is the number of the last one seen."""
    rows = _narrowed(_queue(actor), filters or FlaggedFilters())
    seen = rows.filter(number=after).values_list("asked_at", "pk").first() if after else None
    if seen is not None:
        rows = rows.filter(asked_at__gte=seen[0]).exclude(asked_at=seen[0], pk__lte=seen[1])
    return [_line(row, ()) for row in rows.order_by("asked_at", "pk")[:limit]]


def flagged_choices(actor: Actor) -> FlaggedChoices:
    """What the queue can be narrowed to now."""
    rows = _queue(actor).select_related(None)
    offices = Office.objects.filter(pk__in=rows.values("office_id")).order_by("pk")
    countries = rows.values_list("details__country", flat=True).order_by("details__country").distinct()
    return FlaggedChoices(dict(offices.values_list("pk", "name")), tuple(str(code) for code in countries if code))


def _narrowed(rows: QuerySet[ChangeRequest], filters: FlaggedFilters) -> QuerySet[ChangeRequest]:
    if filters.office:
        rows = rows.filter(office_id=filters.office)
    if filters.flag:
        rows = rows.filter(flags__contains=[filters.flag])
    if filters.country:
        rows = rows.filter(details__country=filters.country)
    return rows.filter(asked_at__lte=filters.asked_by) if filters.asked_by else rows


def flagged_change(actor: Actor, number: str) -> FlaggedChange:
    """One of them with its joined files. Another office's, decided meanwhile, or none: one and the same refusal."""
    row = _queue(actor).filter(number=number).first()
    if row is None:
        raise NotFound("Cette demande n’attend pas de vérification de votre part.")
    reader = Actor(actor.kind, actor.label, partner_id=row.landlord_id)
    return _line(row, tuple(attachments_of(reader, row.number)))


def _queue(actor: Actor) -> QuerySet[ChangeRequest]:
    rows = ChangeRequest.objects.filter(kind=ChangeKind.BANK_DETAILS, state__in=_WAITING, approved_by="")
    rows = rows.exclude(flags=[]).select_related("office", "landlord", "account")
    offices = actor.offices_of(Duty.DECIDE_BANK_DETAILS)
    return rows if offices is None else rows.filter(office_id__in=offices)


def _line(row: ChangeRequest, files: tuple[FileLine, ...]) -> FlaggedChange:
    return FlaggedChange(
        number=row.number,
        landlord_id=str(row.landlord_id),
        landlord=str(row.landlord),
        office_code=row.office_id,
        office=row.office.name,
        person=row.person,
        holder=str(row.details.get("account_holder", "")),
        country=str(row.details.get("country", "")),
        last4=row.iban_last4,
        former_last4=str(row.former.get("last4", "")),
        flags=tuple(Flag(flag).label for flag in row.flags),
        state_label=workflow.CHANGE.label(row.state),
        asked_at=row.asked_at,
        held_until=row.held_until,
        files=files,
    )
