"""What was declared, of every kind: the list, one declaration with its versions and the day to expect an answer by."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.changes.selectors.awaited import SHOWN_STATE
from parvis.declarations import workflow
from parvis.declarations.models import OF_JULY, Kind
from parvis.declarations.reasons import confirmation
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound
from parvis.tenancies.selectors.scope import of_tenancy, seen_by

PAGE = 25
STATES = {
    "en-cours": (workflow.SUBMITTED, workflow.SENT, workflow.MANUAL),
    "prises-en-compte": (workflow.INTEGRATED,),
    "refusees": (workflow.REJECTED,),
    "corrigees": (workflow.CORRECTED,),
}
"""Filters of the list by their word in the address."""
TOPICS = {Kind.JULY_RENT: "july_rent", Kind.PREVIOUS_JULY_RENT: "july_rent", Kind.ARREARS: "arrears"}
"""The topic whose processing time is announced; that of mails where the office measures none."""
_WHENS = " ".join(f"WHEN '{kind.value}' THEN '{topic}'" for kind, topic in TOPICS.items())
TOPIC = f"CASE {{d}}.kind {_WHENS} ELSE 'mail' END"
"""The same in SQL, of the declaration ``d``."""


class HistoryLine(NamedTuple):
    """One declaration sent; its state as lists show it."""

    opaque: UUID
    reference: str
    kind: str
    year: int | None
    rent_cents: int | None
    state: str
    submitted_at: datetime
    tenancy: UUID
    first_name: str
    last_name: str
    claimant_number: str
    receipt_number: str
    is_revision: bool

    @property
    def name(self) -> str:
        """First and last name, as stated on the receipt."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def title(self) -> str:
        """What it was about, in the words of the screens."""
        return title_of(self.kind, self.year, is_revision=self.is_revision)


def title_of(kind: str, year: int | None, *, is_revision: bool = False) -> str:
    """What a declaration is about, in the words of the screens; ``is_revision``: it corrects what the office took in."""
    july = f"oyer de juillet {year}" if kind in OF_JULY and year else ""
    if is_revision:
        return f"Correction du l{july}" if july else f"Correction\u00a0: {Kind(kind).label}"
    return f"L{july}" if july else str(Kind(kind).label)


REVISION = "(d.revises OR d.details ? 'reason')"
"""Whether the declaration ``d`` corrects, or takes back, what the office had taken in."""
_COLUMNS = f"""
SELECT d.opaque, d.reference, d.kind, d.year, (d.details ->> 'rent_cents')::int, {SHOWN_STATE.format(d="d")}, d.submitted_at, t.reference,
  d.stated ->> 'first_name', d.stated ->> 'last_name', d.stated ->> 'claimant_number', r.number, {REVISION}
"""
_LIST = """
FROM declarations_declaration d JOIN tenancies_tenancy t ON t.id = d.tenancy_id
JOIN declarations_receipt r ON r.id = d.receipt_id
WHERE d.landlord_id = %(landlord)s AND d.submitted_at IS NOT NULL{conditions}
ORDER BY d.submitted_at {way}, d.id {way} LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class HistoryFilters:
    """What the list is limited to: a kind, a key of :data:`STATES`, some tenancies, the reference of a declaration or the number
    of a receipt as far as it is known, days, what no correction replaced; empty or None is « all »."""

    kind: str = ""
    state: str = ""
    tenancies: tuple[UUID, ...] | None = None
    number: str = ""
    since: datetime | None = None
    until: datetime | None = None
    in_force: bool = False


def history(
    actor: Actor,
    filters: HistoryFilters,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> list[HistoryLine]:
    """What this landlord sent, newest first, beyond the declaration given."""
    conditions, values = _conditions(actor, filters)
    if after or before:
        own = "FROM declarations_declaration x WHERE x.opaque = %(cursor)s AND x.submitted_at IS NOT NULL AND x.landlord_id = %(landlord)s"
        conditions += f" AND (d.submitted_at, d.id) {'>' if before else '<'} (SELECT x.submitted_at, x.id {own})"
    values |= {"cursor": before or after, "limit": limit}
    query = _COLUMNS + _LIST.format(conditions=conditions, way="ASC" if before else "DESC")
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = [HistoryLine._make(row) for row in cursor.fetchall()]
    return rows[::-1] if before else rows


# An agency has a hundred thousand declarations: those of a tenant are found from the tenancy, those of a number by its index.
_OF_TENANCIES = "d.tenancy_id IN (SELECT x.id FROM tenancies_tenancy x WHERE x.reference = ANY(%(tenancies)s))"
_LIMITS = {
    "number": "(d.reference = %(number)s OR d.receipt_id IN (SELECT x.id FROM declarations_receipt x WHERE x.number = %(number)s))",
    "since": "d.submitted_at >= %(since)s",
    "until": "d.submitted_at < %(until)s",
    "in_force": f"d.state <> '{workflow.CORRECTED}' AND %(in_force)s",
}


def _conditions(actor: Actor, filters: HistoryFilters) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = dict(seen_by(actor))
    conditions = of_tenancy(actor, "d.tenancy_id")
    if filters.kind:
        values["kind"] = filters.kind
        # Said in full, so that declaration_by_kind serves: a landlord's few deaths stand apart from their July rents.
        apart = "" if filters.kind in OF_JULY else " AND NOT (d.kind IN ('july_rent', 'previous_july_rent'))"
        conditions += f" AND d.kind = %(kind)s{apart}"
    if filters.state:
        values["states"] = list(STATES[filters.state])
        conditions += " AND d.state = ANY(%(states)s)"
    for name, condition in _LIMITS.items():
        if getattr(filters, name):
            values[name] = getattr(filters, name)
            conditions += f" AND {condition}"
    if filters.tenancies is not None:
        values["tenancies"] = list(filters.tenancies)
        conditions += f" AND {_OF_TENANCIES}"
    return conditions, values


class SentDeclaration(NamedTuple):
    """One declaration with all it says; ``lines`` are (words, value) as printed on the receipt; ``shown_state`` as lists show it;
    ``is_revision``: it corrects what the office had taken in; ``is_theirs``: the tenancy still is with who declared it."""

    opaque: UUID
    reference: str
    kind: str
    year: int | None
    state: str
    submitted_at: datetime
    sent_at: datetime | None
    decided_at: datetime | None
    reason_code: str
    tenancy: UUID
    first_name: str
    last_name: str
    claimant_number: str
    receipt_number: str
    lines: list[tuple[str, str]]
    effect: str
    corrects: UUID | None
    corrected_by: UUID | None
    corrected_by_receipt: str | None
    weeks: int | None
    rent_cents: int | None
    remind_on: date | None
    details: dict[str, Any]
    shown_state: str
    revised_by: UUID | None
    is_revision: bool
    is_theirs: bool
    confirmed: list[str]
    confirmed_reason: str

    @property
    def name(self) -> str:
        """First and last name, as stated on the receipt."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def title(self) -> str:
        """What it was about, in the words of the screens."""
        return title_of(self.kind, self.year, is_revision=self.is_revision)

    @property
    def confirmation(self) -> list[tuple[str, str]]:
        """What was unusual and is confirmed, and the reason given, as (words, value); nothing where nothing was."""
        return confirmation(self.confirmed, self.confirmed_reason)

    @property
    def may_be_corrected(self) -> bool:
        """Whether the office has not decided yet."""
        return self.state in workflow.WITH_THE_OFFICE

    @property
    def expected_on(self) -> date | None:
        """The day by which an answer may be expected, while there is none, from the office's processing times."""
        if not self.may_be_corrected or self.weeks is None:
            return None
        return day_in_paris(self.submitted_at) + timedelta(weeks=self.weeks)


_SENT = """
SELECT d.opaque, d.reference, d.kind, d.year, d.state, d.submitted_at, d.sent_at, d.decided_at, d.reason_code, t.reference,
  d.stated ->> 'first_name', d.stated ->> 'last_name', d.stated ->> 'claimant_number', r.number,
  COALESCE(d.stated -> 'lines', '[]')::text, COALESCE(d.stated ->> 'effect', ''), orig.opaque, newer.opaque, newer_r.number,
  COALESCE((SELECT p.max_weeks FROM landlords_delay p WHERE p.office_id = r.office_id AND p.topic = {topic}),
           (SELECT p.max_weeks FROM landlords_delay p WHERE p.office_id = r.office_id AND p.topic = 'mail')),
  (d.details ->> 'rent_cents')::int, d.remind_on, d.details::text, {shown}, asked.opaque,
  {revision}, t.landlord_id = d.landlord_id, ARRAY(SELECT jsonb_array_elements_text(d.confirmed)), d.confirmed_reason
FROM declarations_declaration d JOIN tenancies_tenancy t ON t.id = d.tenancy_id
JOIN declarations_receipt r ON r.id = d.receipt_id
LEFT JOIN declarations_declaration orig ON orig.id = d.corrects_id
LEFT JOIN LATERAL (
  SELECT x.opaque, x.receipt_id FROM declarations_declaration x WHERE d.state = 'corrected' AND x.corrects_id = d.id
    AND NOT (x.state IN ('draft', 'rejected', 'abandoned')) ORDER BY x.state = 'corrected', x.id DESC LIMIT 1) newer ON true
LEFT JOIN LATERAL (
  WITH RECURSIVE later AS (
    SELECT x.id, x.opaque, x.state FROM declarations_declaration x WHERE x.corrects_id = d.id AND x.revises
    UNION ALL SELECT x.id, x.opaque, x.state FROM later JOIN declarations_declaration x ON x.corrects_id = later.id AND x.revises)
  SELECT opaque FROM later WHERE d.state = 'integrated' AND state IN ('submitted', 'sent', 'manual') LIMIT 1) asked ON true
LEFT JOIN declarations_receipt newer_r ON newer_r.id = newer.receipt_id
WHERE {condition}
"""


def _sent(condition: str, values: dict[str, Any]) -> list[SentDeclaration]:
    with connection.cursor() as cursor:
        shown = SHOWN_STATE.format(d="d")
        cursor.execute(
            _SENT.format(topic=TOPIC.format(d="d"), condition=condition, shown=shown, revision=REVISION), values
        )
        rows = cursor.fetchall()
    return [
        SentDeclaration._make([*row[:14], _pairs(row[14]), *row[15:22], json.loads(row[22]), *row[23:]]) for row in rows
    ]


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(words, value) for words, value in json.loads(text)]


def declaration_of(actor: Actor, opaque: UUID) -> SentDeclaration:
    """One declaration that was sent. Another landlord's, another office's, or none: one and the same refusal."""
    condition = "d.opaque = %(opaque)s AND d.landlord_id = %(landlord)s AND d.submitted_at IS NOT NULL"
    found = _sent(condition + of_tenancy(actor, "d.tenancy_id"), {**seen_by(actor), "opaque": opaque})
    if not found:
        raise NotFound
    return found[0]


def sent_by(landlord_id: UUID, opaque: UUID) -> SentDeclaration:
    """One declaration of a landlord, for who was already admitted to it."""
    found = _sent("d.opaque = %(opaque)s AND d.landlord_id = %(landlord)s", {"opaque": opaque, "landlord": landlord_id})
    if not found:
        raise NotFound
    return found[0]


# A July that is corrected after it was taken in says why. That of the year before is told with the rent it was sent with; given
# again, it stands by itself.
_BESIDES = """d.receipt_id = %(receipt)s AND (d.kind <> 'july_rent' OR d.details ? 'reason')
AND NOT (d.kind = 'previous_july_rent' AND EXISTS (
  SELECT 1 FROM declarations_declaration x
  WHERE x.receipt_id = d.receipt_id AND x.tenancy_id = d.tenancy_id AND x.kind = 'july_rent'))
ORDER BY d.reference COLLATE "C\""""


def others_of(receipt_id: int) -> list[SentDeclaration]:
    """What a receipt acknowledges besides the July rents of a campaign, in the order of the sending. The receipt was found by
    its landlord."""
    return _sent(_BESIDES, {"receipt": receipt_id})
