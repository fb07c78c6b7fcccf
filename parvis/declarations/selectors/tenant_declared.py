"""What was already declared about one tenancy, for its sheet; about some, for a statement of payment; the receipts of it;
and whose a number is that somebody holds in hand."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.changes.selectors.attachments import JoinedPaper
from parvis.changes.selectors.awaited import SHOWN_STATE
from parvis.declarations import workflow
from parvis.declarations.kinds.arrears.following import plan_until
from parvis.declarations.models import OF_JULY, OPEN_STATES, Declaration, EntryState, Kind
from parvis.declarations.selectors.history import REVISION, title_of
from parvis.declarations.selectors.receipts import ReceiptLine
from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.merging import rows as rows_of
from parvis.tenancies.selectors.scope import of_tenancy, seen_by, within

DECLARED_SHOWN = 8


class DeclaredLine(NamedTuple):
    """One declaration sent about the tenancy."""

    kind: str
    opaque: UUID
    year: int | None
    rent_cents: int | None
    state: str
    submitted_at: datetime
    is_revision: bool

    @property
    def title(self) -> str:
        """What it was about, in the words of the screens."""
        return title_of(self.kind, self.year, is_revision=self.is_revision)


@dataclass(frozen=True, slots=True)
class Declared:
    """``state`` is that of the campaign asked for; None when the tenancy is not in it. ``begun`` is how many
    declarations are prepared, not sent; ``undecided`` are those the office has not decided, the July rents apart."""

    state: EntryState | None
    lines: tuple[DeclaredLine, ...]
    begun: int = 0
    undecided: tuple[DeclaredLine, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the July rent is still to be declared, confirmed, corrected or sent."""
        return self.state in OPEN_STATES

    @property
    def state_label(self) -> str:
        """The state as the screens name it; empty outside the campaign."""
        return str(self.state.label) if self.state else ""


_DECLARED = f"""
SELECT NULL, NULL::uuid, NULL::int, NULL::int, e.state, NULL::timestamptz, false FROM declarations_campaignentry e
WHERE e.tenancy_id = %(tenancy)s AND e.year = %(year)s AND e.landlord_id = %(landlord)s{{entry_within}}
UNION ALL
SELECT '', NULL::uuid, jsonb_array_length(b.kinds), NULL::int, '', NULL::timestamptz, false FROM declarations_bundle b
WHERE b.tenancy_id = %(tenancy)s AND b.landlord_id = %(landlord)s{{bundle_within}}
UNION ALL
SELECT d.kind, d.opaque, NULL::int, NULL::int, '', d.submitted_at, {REVISION} FROM declarations_declaration d
WHERE d.tenancy_id = %(tenancy)s AND d.landlord_id = %(landlord)s AND d.state = ANY(%(undecided)s)
  AND NOT (d.kind = ANY(%(july)s)){{within}}
UNION ALL
(SELECT d.kind, d.opaque, d.year, (d.details ->> 'rent_cents')::int, {SHOWN_STATE.format(d="d")}, d.submitted_at, {REVISION}
 FROM declarations_declaration d
 WHERE d.tenancy_id = %(tenancy)s AND d.landlord_id = %(landlord)s AND d.submitted_at IS NOT NULL{{within}}
 ORDER BY d.submitted_at DESC LIMIT %(shown)s)
"""


def declared_of(actor: Actor, tenancy_id: int, *, year: int | None) -> Declared:
    """What this landlord sent about a tenancy, newest first, and the state of its July rent of ``year``."""
    query = _DECLARED.format(
        entry_within=of_tenancy(actor, "e.tenancy_id"),
        bundle_within=of_tenancy(actor, "b.tenancy_id"),
        within=of_tenancy(actor, "d.tenancy_id"),
    )
    values = {**seen_by(actor), "tenancy": tenancy_id, "year": year, "shown": DECLARED_SHOWN}
    values |= {"undecided": sorted(workflow.WITH_THE_OFFICE), "july": list(OF_JULY)}
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = cursor.fetchall()
    entry = next((row[4] for row in rows if row[0] is None), None)
    state = EntryState(entry) if entry and entry != EntryState.OUT else None
    begun = next((row[2] for row in rows if row[0] == ""), 0)
    told = [DeclaredLine._make(row) for row in rows if row[0]]
    undecided = tuple(line for line in told if not line.state)
    return Declared(state, tuple(line for line in told if line.state), begun, undecided)


class Signalled(NamedTuple):
    """The last declaration of a kind about one tenancy that the office did not refuse; of a debt, the report that opened its file.

    ``submitted_at`` is when it was first said, however often it was corrected: delays run from there. Of a debt, ``has_plan`` and
    ``is_settled`` tell what was sent since.
    """

    tenancy: UUID
    kind: str
    opaque: UUID
    submitted_at: datetime
    details: dict[str, Any]
    has_plan: bool
    is_settled: bool

    @property
    def declared_on(self) -> date:
        """The day it was first sent."""
        return day_in_paris(self.submitted_at)

    @property
    def plan_by(self) -> date | None:
        """Until when the landlord may send a repayment plan; None once there is one, or where the law gives no delay."""
        if self.has_plan or self.is_settled:
            return None
        return plan_until(self.details, self.declared_on)


# What follows a report names it, or any that it replaced. A debt taken back is none; one that only asks to correct is none yet.
_SIGNALLED = """
SELECT DISTINCT ON (t.reference, d.kind) t.reference, d.kind, d.opaque, COALESCE(earlier.first_at, d.submitted_at), d.details::text,
  jsonb_typeof(d.details -> 'plan') = 'object' OR COALESCE(since.has_plan, false), COALESCE(since.is_settled, false)
FROM tenancies_tenancy t JOIN declarations_declaration d ON d.tenancy_id = t.id
LEFT JOIN LATERAL (
  WITH RECURSIVE version AS (
    SELECT b.reference, b.corrects_id, b.submitted_at FROM declarations_declaration b WHERE b.id = d.corrects_id
    UNION ALL SELECT b.reference, b.corrects_id, b.submitted_at FROM version v JOIN declarations_declaration b ON b.id = v.corrects_id)
  SELECT array_agg(reference) AS refs, min(submitted_at) AS first_at FROM version) earlier ON true
LEFT JOIN LATERAL (
  SELECT bool_or(f.details ->> 'stage' IN ('plan', 'progress')) AS has_plan, bool_or(f.details ->> 'stage' = 'settled') AS is_settled
  FROM declarations_declaration f WHERE f.tenancy_id = d.tenancy_id AND f.landlord_id = d.landlord_id AND f.kind = d.kind
    AND f.state = ANY(%(standing)s)
    AND (f.details ->> 'about' = d.reference OR f.details ->> 'about' = ANY(earlier.refs))) since ON d.kind = 'arrears'
WHERE t.reference = ANY(%(tenancies)s) AND d.landlord_id = %(landlord)s AND d.kind = ANY(%(kinds)s)
  AND d.state = ANY(%(standing)s) AND NOT d.revises AND d.details -> 'withdrawn' IS NULL AND d.details -> 'stage' IS NULL{within}
ORDER BY t.reference, d.kind, d.submitted_at DESC
"""


def signalled(actor: Actor, tenancies: Collection[UUID]) -> dict[tuple[UUID, str], Signalled]:
    """By tenancy and kind (``move_out``, ``arrears``); asked for a page of tenancies, in one statement."""
    if not tenancies:
        return {}
    kinds = [Kind.MOVE_OUT.value, Kind.ARREARS.value]
    values = {**seen_by(actor), "tenancies": list(tenancies), "kinds": kinds, "standing": sorted(workflow.STANDING)}
    found = rows_of(_SIGNALLED.format(within=of_tenancy(actor, "d.tenancy_id")), values)
    return {(row[0], row[1]): Signalled._make((*row[:4], json.loads(row[4]), *row[5:])) for row in found}


_JULY_DECLARED = """
SELECT t.reference FROM tenancies_tenancy t JOIN declarations_campaignentry e ON e.tenancy_id = t.id AND e.year = %(year)s
WHERE t.reference = ANY(%(tenancies)s) AND e.landlord_id = %(landlord)s AND e.state = ANY(%(states)s){within}
"""


def july_declared(actor: Actor, tenancies: Collection[UUID], *, year: int) -> set[UUID]:
    """Of these, those whose July rent of ``year`` is with the office: sent or more."""
    states = [state for state in EntryState if state not in OPEN_STATES and state is not EntryState.OUT]
    values = {**seen_by(actor), "tenancies": list(tenancies), "year": year, "states": states}
    return {row[0] for row in rows_of(_JULY_DECLARED.format(within=within(actor, "t.caf_code")), values)}


_RECEIPTS = """
SELECT r.number, r.at, r.person, r.count, o.name, r.is_of_rents
FROM declarations_receipt r JOIN landlords_office o ON o.caf_code = r.office_id
WHERE r.landlord_id = %(landlord)s{within} AND (r.at, r.number) < (%(moment)s, %(number)s){about}
ORDER BY r.at DESC, r.number DESC LIMIT %(limit)s
"""
# Found from the tenancies, which have few declarations each, not from receipts that may have a hundred thousand.
_ABOUT = """r.id IN (SELECT d.receipt_id FROM tenancies_tenancy t JOIN declarations_declaration d ON d.tenancy_id = t.id
  WHERE t.reference = ANY(%(tenancies)s) AND d.landlord_id = %(landlord)s AND d.receipt_id IS NOT NULL)"""


def receipts_about(
    actor: Actor,
    *,
    earlier: tuple[datetime, str],
    limit: int,
    tenancies: Collection[UUID] | None = None,
    number: str = "",
) -> list[ReceiptLine]:
    """The landlord's receipts that stand before a moment and a number, newest first.

    With ``tenancies``, those about one of them, or whose number begins with ``number`` if it is told.
    """
    values: dict[str, Any] = {**seen_by(actor), "moment": earlier[0], "number": earlier[1], "limit": limit}
    about = ""
    if tenancies is not None:
        values |= {"tenancies": list(tenancies), "begins": number.upper()}
        or_number = " OR %(begins)s::text <> '' AND starts_with(r.number, %(begins)s::text)"
        about = f" AND ({_ABOUT}{or_number})"
    query = _RECEIPTS.format(within=within(actor, "r.office_id"), about=about)
    return [ReceiptLine(*row) for row in rows_of(query, values)]


_PAPERS = """
SELECT a.opaque, a.name, a.kept_at, a.subject, d.opaque, d.kind, d.year, d.stated ->> 'first_name', d.stated ->> 'last_name'
FROM changes_attachment a JOIN declarations_declaration d ON d.reference = a.subject AND d.landlord_id = a.landlord_id
WHERE a.landlord_id = %(landlord)s AND d.submitted_at IS NOT NULL AND (a.kept_at, a.opaque::text) < (%(moment)s, %(key)s){limits}
ORDER BY a.kept_at DESC, a.opaque::text DESC LIMIT %(limit)s
"""
_OF_TENANCIES = "d.tenancy_id IN (SELECT t.id FROM tenancies_tenancy t WHERE t.reference = ANY(%(tenancies)s))"


def papers_of_declarations(
    actor: Actor, earlier: tuple[datetime, str], *, limit: int, tenancies: Collection[UUID] | None, words: str = ""
) -> list[JoinedPaper]:
    """The files sent with declarations, before a moment and a file, newest first; ``tenancies`` and ``words`` as for those of
    requests. For who may open their declarations; nobody else learns that there are any."""
    if not actor.may(Right.CONSULT):
        return []
    values: dict[str, Any] = {**seen_by(actor), "moment": earlier[0], "key": earlier[1], "limit": limit}
    limits = of_tenancy(actor, "d.tenancy_id")
    if tenancies is not None:
        values |= {"tenancies": list(tenancies), "words": words.lower()}
        or_named = " OR strpos(lower(a.name), %(words)s) > 0" if words else ""
        limits += f" AND ({_OF_TENANCIES}{or_named})"
    found = []
    for opaque, name, at, subject, place, kind, year, first_name, last_name in rows_of(
        _PAPERS.format(limits=limits), values
    ):
        title = f"{title_of(kind, year)}, {first_name} {last_name}"
        found.append(JoinedPaper(opaque, name, at, subject, "declaration", str(place), title))
    return found


def landlord_of_number(number: str, offices: Collection[str] | None) -> UUID | None:
    """Who holds a receipt, or sent a declaration, of this number at one of these offices; None is all of them."""
    by = {"receipt__number" if number.startswith("AR-") else "reference": number}
    in_offices = {} if offices is None else {"receipt__office__in": list(offices)}
    found = Declaration.objects.filter(submitted_at__isnull=False, **by, **in_offices)
    return next(iter(found.values_list("landlord_id", flat=True)[:1]), None)
