"""« Mes demandes »: what was asked, where it stands, what each step was."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from parvis.audit.happened import Branch
from parvis.changes import workflow
from parvis.changes.models import DIRECT_PAYMENT_KINDS, ChangeKind, ChangeRequest
from parvis.identity.selectors.accounts import own_account
from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound
from parvis.landlords.models import Office
from parvis.landlords.selectors import delays_of

PAGE = 25
NUMBER = re.compile(r"C-[0-9]{4}-[0-9]{9}-[A-Z]")


@dataclass(frozen=True, slots=True)
class Step:
    """One state the change went through."""

    label: str
    at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change as its landlord sees it; of an account, its last four signs."""

    number: str
    opaque: UUID
    kind: str
    kind_label: str
    state: str
    state_label: str
    office: str
    person: str
    login_id: str
    tenant: str
    details: dict[str, object]
    former: dict[str, object]
    last4: str
    is_checked: bool
    asked_at: datetime
    held_until: datetime | None
    agreement_until: datetime | None
    approved: bool
    closed_at: datetime | None
    sent_at: datetime | None
    reason: str
    is_own: bool
    user_number: str
    office_code: str
    office_contact: tuple[str, ...]

    @property
    def may_stop(self) -> bool:
        """Whether a bank change can still be stopped."""
        return self.kind == ChangeKind.BANK_DETAILS and self.state in workflow.STOPPABLE

    @property
    def awaits_agreement(self) -> bool:
        """Whether a colleague must still agree."""
        return self.state == workflow.AGREEMENT


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Some changes, newest first, and where the next and the former ones begin."""

    lines: list[ChangeLine]
    previous: str | None
    next: str | None


def visible(actor: Actor) -> QuerySet[ChangeRequest]:
    """What an actor may see: their landlord's, of their offices, bank changes with that right alone, none still to prove."""
    return (
        _within(actor)
        .exclude(state=workflow.ASKED)
        .select_related("office", "account", "tenancy", "third_party_number")
    )


def _within(actor: Actor) -> QuerySet[ChangeRequest]:
    rows = ChangeRequest.objects.filter(landlord_id=actor.partner_id)
    if actor.offices:
        rows = rows.filter(office_id__in=actor.offices)
    bank = actor.may(Right.BANK_DETAILS) or actor.may(Right.ADMINISTER)
    rest = actor.may(Right.DECLARE) or actor.may(Right.CONSULT)
    if not (bank and rest):
        of_bank = Q(kind=ChangeKind.BANK_DETAILS)
        rows = rows.filter(of_bank) if bank else rows.exclude(of_bank) if rest else rows.none()
    return rows


class Agreement(NamedTuple):
    """A bank change of a colleague that waits for another person's agreement."""

    number: str
    person: str
    until: datetime


class ToProve(NamedTuple):
    """A bank change that this person began, and whose code they have not typed."""

    opaque: UUID
    last4: str


def bank_changes_waiting_for(actor: Actor, *, limit: int, at: datetime) -> tuple[list[ToProve], list[Agreement]]:
    """One's own bank changes that wait for their code, and those of colleagues one may agree to, the most urgent first.

    Both at once, for the home; those whose time is over are none any more.
    """
    if actor.account_id is None or not actor.may(Right.BANK_DETAILS):
        return [], []
    own = Q(account_id=actor.account_id)
    to_agree = Q(state=workflow.AGREEMENT, agreement_until__gt=at) & ~own
    to_prove = Q(state=workflow.ASKED, asked_at__gt=at - workflow.TO_PROVE) & own
    found = (
        _within(actor)
        .filter(to_agree | to_prove, kind=ChangeKind.BANK_DETAILS)
        .order_by("agreement_until", "pk")[: 2 * limit]
    )
    told = found.values_list("state", "opaque", "iban_last4", "number", "person", "agreement_until")
    begun = [ToProve(opaque, last4) for state, opaque, last4, *_ in told if state == workflow.ASKED]
    asked = [Agreement(number, person, until) for *_, number, person, until in told if until is not None]
    return begun[:limit], asked[:limit]


def changes_of(actor: Actor, *, after: str = "", before: str = "", limit: int = PAGE) -> ChangePage:
    """One page of the changes, newest first; ``after`` and ``before`` are numbers."""
    rows, edge = visible(actor), before or after
    if NUMBER.fullmatch(edge):
        at = rows.filter(number=edge).values_list("asked_at", "pk").first()
        if at is not None:
            older = Q(asked_at__lt=at[0]) | Q(asked_at=at[0], pk__lt=at[1])
            newer = Q(asked_at__gt=at[0]) | Q(asked_at=at[0], pk__gt=at[1])
            rows = rows.filter(newer if before else older)
    else:
        before = after = ""
    order = ("asked_at", "pk") if before else ("-asked_at", "-pk")
    found = list(rows.order_by(*order)[: limit + 1])
    more, shown = len(found) > limit, found[:limit]
    if before:
        shown = shown[::-1]
    lines = [line_of(row, actor) for row in shown]
    back = bool(lines) and (more if before else bool(after))
    on = bool(lines) and (True if before else more)
    return ChangePage(lines, lines[0].number if back else None, lines[-1].number if on else None)


def changes_before(
    actor: Actor,
    earlier: tuple[datetime, str],
    *,
    limit: int,
    tenancies: Collection[UUID] | None = None,
    number: str = "",
) -> list[ChangeLine]:
    """The changes that stand before a moment and a number, newest first, for the list of documents.

    With ``tenancies``, those about one of them, or whose number begins with ``number`` if it is told.
    """
    at, edge = earlier
    rows = visible(actor).filter(Q(asked_at__lt=at) | Q(asked_at=at, number__lt=edge))
    if tenancies is not None:
        about = Q(tenancy__reference__in=list(tenancies))
        rows = rows.filter(about | Q(number__startswith=number.upper()) if number else about)
    return [line_of(row, actor) for row in rows.order_by("-asked_at", "-number")[:limit]]


def change_of(actor: Actor, number: str) -> tuple[ChangeLine, list[Step]]:
    """One change and its history; somebody else's does not exist."""
    row = visible(actor).filter(number=number).first() if NUMBER.fullmatch(number) else None
    if row is None:
        raise NotFound
    steps = [
        Step(workflow.CHANGE.label(step.state), step.at, step.by, step.note) for step in row.steps.order_by("at", "pk")
    ]
    return line_of(row, actor), steps


def asked_by(actor: Actor) -> Branch:
    """The same changes as lines of what happened around a landlord, at the moment they were asked."""
    return Branch(visible(actor), "asked_at")


def changes_told(actor: Actor, keys: Collection[int], numbers: Collection[str]) -> list[tuple[int, ChangeLine]]:
    """The changes of these keys, and those that acts of the journal name by their number, as far as the actor sees them."""
    if not keys and not numbers:
        return []
    rows = visible(actor).filter(Q(pk__in=list(keys)) | Q(number__in=list(numbers)))
    return [(row.pk, line_of(row, actor)) for row in rows]


def of_kinds(actor: Actor, kinds: Sequence[str], *, limit: int = PAGE) -> list[ChangeLine]:
    """The newest changes of these kinds."""
    return [line_of(row, actor) for row in visible(actor).filter(kind__in=kinds).order_by("-asked_at", "-pk")[:limit]]


def bank_change_of(actor: Actor, opaque: UUID) -> ChangeLine:
    """One proved bank change of one's landlord; anybody else's does not exist."""
    row = visible(actor).filter(kind=ChangeKind.BANK_DETAILS, opaque=opaque).first()
    if row is None:
        raise NotFound
    return line_of(row, actor)


def typed_bank_change(actor: Actor, opaque: UUID) -> ChangeRequest:
    """A bank change one has typed oneself and not proved yet, with its office; anybody else's does not exist."""
    rows = ChangeRequest.objects.filter(
        opaque=opaque, account_id=own_account(actor), landlord_id=actor.partner_id, kind=ChangeKind.BANK_DETAILS
    )
    found = rows.select_related("office", "landlord", "third_party_number").first()
    if found is None:
        raise NotFound
    return found


def line_of(row: ChangeRequest, actor: Actor) -> ChangeLine:
    """A row as pages show it."""
    return ChangeLine(
        number=row.number,
        opaque=row.opaque,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        state=row.state,
        state_label=workflow.CHANGE.label(row.state),
        office=row.office.name,
        person=row.person,
        login_id=row.account.login_id,
        tenant=row.tenancy.name if row.tenancy else "",
        details=row.details,
        former=row.former,
        last4=row.iban_last4,
        is_checked=bool(row.flags),
        asked_at=row.asked_at,
        held_until=row.held_until,
        agreement_until=row.agreement_until,
        approved=bool(row.approved_by),
        closed_at=row.closed_at,
        sent_at=row.sent_at,
        reason=row.reason,
        is_own=row.account_id == actor.account_id,
        user_number=row.third_party_number.user_number,
        office_code=row.office_id,
        office_contact=_contact(row.office),
    )


def _contact(office: Office) -> tuple[str, ...]:
    """Where the service in charge is reached (CRPA R.112-11-1, 2°)."""
    lines = (office.address_1, office.address_2, f"{office.postcode} {office.city}".strip())
    phone = f"Tél.\u00a0{office.phone}" if office.phone else ""
    return tuple(line for line in (*lines, phone, office.landlord_email or office.email) if line.strip())


_TOPICS: dict[str, str] = {ChangeKind.BANK_DETAILS: "bank_details"}
"""The topic whose processing time is announced; that of mails where the office measures none."""


def expected_answer(line: ChangeLine) -> tuple[date, date] | None:
    """Between which days an answer is likely, from the office's own times; None once it is there, or while it is held here."""
    if line.state not in workflow.ON_ITS_WAY:
        return None
    topic = "direct_payment" if line.kind in DIRECT_PAYMENT_KINDS else _TOPICS.get(line.kind, "mail")
    rows = delays_of([line.office_code]).get(line.office_code, [])
    times = {row.topic: (row.min_weeks, row.max_weeks) for row in rows}
    weeks = times.get(topic) or times.get("mail")
    if weeks is None:
        return None
    asked = day_in_paris(line.held_until or line.asked_at)
    return asked + timedelta(weeks=weeks[0]), asked + timedelta(weeks=weeks[1])
