"""What is being declared about one tenancy: what is known of it, what was chosen, how far each declaration is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.declarations import kinds, workflow
from parvis.declarations.kinds.kind import Caution, DeclarationKind, Reading, TenancyFacts
from parvis.declarations.models import EntryState, Kind
from parvis.declarations.selectors.grid import GridRow, rows_named
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound
from parvis.tenancies.selectors.scope import seen_by, within


class DeclaredTenancy(NamedTuple):
    """The tenancy as its declarations need it."""

    id: int
    reference: UUID
    caf_code: str
    first_name: str
    last_name: str
    claimant_number: str
    start_on: date
    end_on: date | None
    rent_cents: int | None
    charges_cents: int | None
    direct_payment: bool
    furnished: bool
    lease_holders: int
    aid_cents: int | None
    neighbours: int

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def facts(self, today: date) -> TenancyFacts:
        """What the kinds compare the answers with."""
        return TenancyFacts(
            today=today,
            name=self.name,
            start_on=self.start_on,
            end_on=self.end_on,
            rent_cents=self.rent_cents,
            charges_cents=self.charges_cents,
            aid_cents=self.aid_cents,
            direct_payment=self.direct_payment,
            furnished=self.furnished,
            lease_holders=self.lease_holders,
            neighbours=self.neighbours,
        )


# Neighbours have the same address to the letter, as the office writes it, and are still there.
NEIGHBOURS = """
FROM tenancies_tenancy n WHERE n.landlord_id = t.landlord_id AND n.end_on IS NULL AND n.absent_since IS NULL AND n.id <> t.id
  AND n.postcode = t.postcode AND parvis_fold(n.city) = parvis_fold(t.city) AND parvis_fold(n.address_1) = parvis_fold(t.address_1)
"""
_TENANCY = f"""
SELECT t.id, t.reference, t.caf_code, t.first_name, t.last_name, t.claimant_number, t.start_on, t.end_on, t.rent_cents,
  t.charges_cents, t.direct_payment, t.furnished, t.lease_holders, aid.amount_cents,
  (SELECT count(*) FROM (SELECT 1 {NEIGHBOURS}{{near}} LIMIT 1000) near)
FROM tenancies_tenancy t
LEFT JOIN LATERAL (
  SELECT p.amount_cents FROM tenancies_payment p
  WHERE p.tenancy_id = t.id AND p.landlord_id = t.landlord_id AND p.kind = 'aid' ORDER BY p.month DESC LIMIT 1
) aid ON t.direct_payment
WHERE t.reference = %(reference)s AND t.landlord_id = %(landlord)s{{own}}
"""


def tenancy_to_declare(actor: Actor, reference: UUID) -> DeclaredTenancy:
    """The tenancy of that reference; another landlord's, another office's or none: one and the same refusal."""
    query = _TENANCY.format(near=within(actor, "n.caf_code"), own=within(actor, "t.caf_code"))
    with connection.cursor() as cursor:
        cursor.execute(query, {**seen_by(actor), "reference": reference})
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return DeclaredTenancy._make(row)


class Draft(NamedTuple):
    """A declaration of the bundle as it is kept; ``corrects`` is the reference of the one it will replace, or empty."""

    id: int
    kind: str
    answers: dict[str, str]
    confirmed: list[str]
    saved_at: datetime
    corrects: str


@dataclass(frozen=True, slots=True)
class Step:
    """One chosen declaration: its kind, its draft if there is one, and what its answers say today."""

    kind: DeclarationKind
    draft: Draft | None
    reading: Reading | None
    rent: GridRow | None = None

    @property
    def answers(self) -> Mapping[str, str]:
        """The words typed, none before the first saving."""
        return self.draft.answers if self.draft else {}

    @property
    def pending(self) -> tuple[Caution, ...]:
        """What is still to be confirmed."""
        if self.reading is None or self.draft is None:
            return ()
        return tuple(caution for caution in self.reading.cautions if caution.code not in self.draft.confirmed)

    @property
    def is_ready(self) -> bool:
        """Whether it could leave now."""
        if self.rent is not None:
            return self.rent.state == EntryState.DRAFTED
        return self.reading is not None and self.reading.details is not None and not self.pending


@dataclass(frozen=True, slots=True)
class BundleSheet:
    """All that was chosen for one tenancy, in the order of the sending. ``fingerprint`` changes as soon as anything does."""

    tenancy: DeclaredTenancy
    steps: tuple[Step, ...]
    fingerprint: str

    @property
    def is_ready(self) -> bool:
        """Whether everything chosen could leave."""
        return bool(self.steps) and all(step.is_ready for step in self.steps)

    def step(self, kind: str) -> Step:
        """The step of a kind; not chosen: not found."""
        found = next((step for step in self.steps if step.kind.code == kind), None)
        if found is None:
            raise NotFound
        return found

    def following(self, kind: str) -> Step | None:
        """The step after that of ``kind``, if any."""
        codes = [step.kind.code for step in self.steps]
        place = codes.index(kind) + 1
        return self.steps[place] if place < len(codes) else None


_BUNDLE = """
SELECT b.kinds::text, d.id, d.kind, d.answers::text, d.confirmed::text, d.saved_at, COALESCE(o.reference, '')
FROM declarations_bundle b
LEFT JOIN declarations_declaration d ON d.tenancy_id = b.tenancy_id AND d.landlord_id = b.landlord_id AND d.state = 'draft'
  AND NOT (d.kind IN ('july_rent', 'previous_july_rent'))
LEFT JOIN declarations_declaration o ON o.id = d.corrects_id
WHERE b.tenancy_id = %(tenancy)s AND b.landlord_id = %(landlord)s
"""


def bundle_of(actor: Actor, reference: UUID, *, year: int | None, at: datetime) -> BundleSheet:
    """What is being declared about a tenancy; without steps when nothing was chosen. ``year`` is that of the campaign."""
    tenancy = tenancy_to_declare(actor, reference)
    with connection.cursor() as cursor:
        cursor.execute(_BUNDLE, {**seen_by(actor), "tenancy": tenancy.id})
        rows = cursor.fetchall()
    chosen: list[str] = json.loads(rows[0][0]) if rows else []
    drafts = {
        row[2]: Draft(row[1], row[2], json.loads(row[3]), json.loads(row[4]), row[5], row[6])
        for row in rows
        if row[1] is not None
    }
    facts = tenancy.facts(day_in_paris(at))
    rent = _rent(actor, tenancy, year) if Kind.JULY_RENT in chosen else None
    steps = tuple(step for code in chosen if (step := _step(code, drafts.get(code), facts, rent)) is not None)
    return BundleSheet(tenancy, steps, _fingerprint(steps))


def _step(code: str, draft: Draft | None, facts: TenancyFacts, rent: GridRow | None) -> Step | None:
    kind = kinds.kind_of(code)
    if code == Kind.JULY_RENT:
        return Step(kind, None, None, rent) if rent is not None else None
    return Step(kind, draft, kind.read(draft.answers, facts) if draft else None)


def _rent(actor: Actor, tenancy: DeclaredTenancy, year: int | None) -> GridRow | None:
    """The line of the grid, while it is open: a rent sent from elsewhere meanwhile is no step any more."""
    rows = rows_named(actor, year, [tenancy.reference]) if year is not None else []
    return rows[0] if rows and rows[0].is_open else None


def _fingerprint(steps: Sequence[Step]) -> str:
    content: list[Any] = []
    for step in steps:
        if step.rent is not None:
            row = step.rent
            content.append([step.kind.code, row.rent_cents, row.previous_cents, row.confirmed, row.state])
        elif step.draft is not None and step.reading is not None:
            kept = step.draft
            content.append([step.kind.code, kept.id, kept.confirmed, step.reading.details, step.reading.lines])
    return hashlib.md5(json.dumps(content, sort_keys=True, default=str).encode(), usedforsecurity=False).hexdigest()


class WithTheOffice(NamedTuple):
    """A declaration of a kind that the office has not decided yet."""

    kind: str
    reference: str
    opaque: UUID
    submitted_at: datetime


_WITH_THE_OFFICE = """
SELECT d.kind, d.reference, d.opaque, d.submitted_at FROM declarations_declaration d
WHERE d.tenancy_id = %s AND d.landlord_id = %s AND d.state = ANY(%s) AND NOT (d.kind = ANY(%s))
"""


def with_the_office(actor: Actor, tenancy_id: int) -> dict[str, WithTheOffice]:
    """What was sent about a tenancy and is not decided, by kind; the July rents apart, which the campaign follows."""
    july = [Kind.JULY_RENT.value, Kind.PREVIOUS_JULY_RENT.value]
    with connection.cursor() as cursor:
        cursor.execute(_WITH_THE_OFFICE, [tenancy_id, actor.partner_id, sorted(workflow.WITH_THE_OFFICE), july])
        return {row[0]: WithTheOffice._make(row) for row in cursor.fetchall()}
