"""« Consulter dossier »: the offices one may ask, the file behind a look, the looks of an account or of its organisation.

A file is what an office knows of one claimant's dwellings, whoever lets them. Never income, family, NIR, IBAN or amounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from parvis.identity.models import Account
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotAllowed, NotFound
from parvis.landlords.models import Landlord, Office
from parvis.tenancies.looks import READABLE_FOR, AidState, aid_state, reason_label
from parvis.tenancies.models import FileLook, shown_aid

PAGE = 25
MOST_EXPORTED = 10_000
MOST_TENANCIES = 50


def offices_to_ask(actor: Actor) -> list[tuple[str, str]]:
    """The offices (code, name) whose files the actor may look up: those of the landlord, or the actor's own among them."""
    if not (actor.may(Right.CONSULT_FILES) and _is_allowed(actor)):
        raise NotAllowed(Right.CONSULT_FILES.label)
    found = Office.objects.filter(thirdpartynumber__landlord=actor.partner_id, thirdpartynumber__absent_since=None)
    if actor.offices:
        found = found.filter(caf_code__in=actor.offices)
    return list(found.order_by("name", "caf_code").distinct().values_list("caf_code", "name"))


def _is_allowed(actor: Actor) -> bool:
    return Landlord.objects.filter(pk=actor.partner_id, may_consult_files=True).exists()


def _landlord(actor: Actor) -> UUID:
    if actor.partner_id is None:
        raise RuntimeError(f"{actor.label} acts for no landlord.")
    return actor.partner_id


class FileTenancy(NamedTuple):
    """One tenancy of the claimant: where, since when, which aid, paid to whom."""

    name: str
    address: tuple[str, ...]
    start_on: date
    end_on: date | None
    absent_since: date | None
    aid_type: str
    direct_payment: bool
    last_paid_month: date | None
    state: AidState

    @property
    def is_former(self) -> bool:
        """Whether the office considers it ended."""
        return self.state is AidState.ENDED


@dataclass(frozen=True, slots=True)
class LookSheet:
    """A look, and the file while it is readable: ``tenancies`` is empty after that, and when nothing was found."""

    reference: UUID
    caf_code: str
    office_name: str
    claimant_number: str
    reason: str
    note: str
    looked_at: datetime
    was_found: bool
    is_open: bool
    tenancies: tuple[FileTenancy, ...]

    @property
    def readable_until(self) -> datetime:
        """When the page closes."""
        return self.looked_at + READABLE_FOR


def look_of(actor: Actor, reference: UUID, *, at: datetime) -> LookSheet:
    """The actor's own look of that reference. Somebody else's, even a colleague's, or none: one and the same refusal."""
    look = FileLook.objects.filter(
        reference=reference, account_id=own_account(actor), partner_id=_landlord(actor)
    ).first()
    if look is None:
        raise NotFound
    offices = dict(offices_to_ask(actor))
    is_open = look.caf_code in offices and at < look.looked_at + READABLE_FOR
    return LookSheet(
        reference=look.reference,
        caf_code=look.caf_code,
        office_name=offices.get(look.caf_code, look.caf_code),
        claimant_number=look.claimant_number,
        reason=reason_label(look.reason),
        note=look.note,
        looked_at=look.looked_at,
        was_found=look.was_found,
        is_open=is_open,
        tenancies=_file(look.caf_code, look.claimant_number, day_in_paris(at)) if is_open and look.was_found else (),
    )


_FILE = """
SELECT btrim(t.first_name || ' ' || t.last_name), t.address_1, t.address_2, btrim(t.postcode || ' ' || t.city),
       t.start_on, t.end_on, t.absent_since, t.aid_type, t.direct_payment, paid.month
FROM tenancies_tenancy t
LEFT JOIN LATERAL (
  SELECT p.month FROM tenancies_payment p
  WHERE p.tenancy_id = t.id AND p.kind IN ('aid', 'back_payment') ORDER BY p.month DESC LIMIT 1
) paid ON t.direct_payment
WHERE t.caf_code = %(office)s AND t.claimant_number = %(number)s
ORDER BY t.end_on IS NULL AND t.absent_since IS NULL DESC, t.start_on DESC, t.id DESC LIMIT %(most)s
"""


def _file(caf_code: str, number: str, today: date) -> tuple[FileTenancy, ...]:
    """The claimant's tenancies, those in place first, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_FILE, {"office": caf_code, "number": number, "most": MOST_TENANCIES})
        rows = cursor.fetchall()
    found = []
    for name, line_1, line_2, town, start_on, end_on, absent_since, aid_type, direct, month in rows:
        ended = absent_since is not None or (end_on is not None and end_on < today)
        state = aid_state(ended=ended, direct_payment=direct, last_paid_month=month, today=today)
        lines = tuple(line for line in (line_1, line_2, town) if line)
        found.append(
            FileTenancy(name, lines, start_on, end_on, absent_since, shown_aid(aid_type), direct, month, state)
        )
    return tuple(found)


class LookLine(NamedTuple):
    """One look in the history; ``by`` is the person and their login identifier."""

    reference: UUID
    at: datetime
    claimant_number: str
    office_name: str
    reason: str
    note: str
    was_found: bool
    by: str
    is_readable: bool


@dataclass(frozen=True, slots=True)
class LookPage:
    """One page of the history, newest first; ``previous`` and ``following`` are the looks to start from, or None."""

    lines: list[LookLine]
    previous: UUID | None
    following: UUID | None


def sees_all_looks(actor: Actor) -> bool:
    """Whether the history is that of the whole organisation."""
    return actor.may(Right.ADMINISTER)


def _seen(actor: Actor, number: str) -> QuerySet[FileLook]:
    if not (actor.may(Right.CONSULT_FILES) or sees_all_looks(actor)):
        raise NotAllowed(Right.CONSULT_FILES.label)
    found = FileLook.objects.filter(partner_id=_landlord(actor))
    if not sees_all_looks(actor):
        found = found.filter(account_id=own_account(actor))
    elif actor.offices:
        found = found.filter(Q(caf_code__in=actor.offices) | Q(account_id=own_account(actor)))
    return found.filter(claimant_number__startswith=number) if number else found


def looks_page(
    actor: Actor, *, number: str = "", after: UUID | None = None, before: UUID | None = None, at: datetime
) -> LookPage:
    """The actor's looks, or the organisation's for who administers it; ``number`` is the beginning of a claimant number."""
    seen = _seen(actor, number)
    start = after or before
    edge = seen.filter(reference=start).values_list("looked_at", "id").first() if start else None
    backwards = edge is not None and after is None
    if edge is not None:
        moment, key = edge
        beyond = Q(looked_at__gt=moment) | Q(looked_at=moment, id__gt=key)
        seen = seen.filter(beyond if backwards else Q(looked_at__lt=moment) | Q(looked_at=moment, id__lt=key))
    order = ("looked_at", "id") if backwards else ("-looked_at", "-id")
    found = list(seen.order_by(*order)[: PAGE + 1])
    more, rows = len(found) > PAGE, found[:PAGE]
    if backwards:
        rows.reverse()
    previous = rows and (more if backwards else edge is not None)
    following = rows and (more or backwards)
    return LookPage(
        _lines(rows, actor, at),
        previous=rows[0].reference if previous else None,
        following=rows[-1].reference if following else None,
    )


def looks_to_export(actor: Actor, *, number: str = "", at: datetime) -> list[LookLine]:
    """The same for a spreadsheet: the newest ten thousand."""
    return _lines(list(_seen(actor, number).order_by("-looked_at", "-id")[:MOST_EXPORTED]), actor, at)


def _lines(rows: list[FileLook], actor: Actor, at: datetime) -> list[LookLine]:
    people = {
        account.pk: f"{account.first_name} {account.last_name} ({account.login_id})".strip()
        for account in Account.objects.filter(pk__in={row.account_id for row in rows})
    }
    offices = dict(Office.objects.filter(pk__in={row.caf_code for row in rows}).values_list("caf_code", "name"))
    return [
        LookLine(
            reference=row.reference,
            at=row.looked_at,
            claimant_number=row.claimant_number,
            office_name=offices.get(row.caf_code, row.caf_code),
            reason=reason_label(row.reason),
            note=row.note,
            was_found=row.was_found,
            by=people.get(row.account_id, ""),
            is_readable=row.account_id == actor.account_id and at < row.looked_at + READABLE_FOR,
        )
        for row in rows
    ]
