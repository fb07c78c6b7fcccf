"""What is being declared about one tenancy: what is known of it, what was chosen, how far each declaration is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.changes.selectors.attachments import FileLine, attachments_by_subject
from parvis.declarations import kinds, workflow
from parvis.declarations.kinds import revision
from parvis.declarations.kinds.kind import Caution, DeclarationKind, Question, Reading, TenancyFacts
from parvis.declarations.models import EntryState, Kind
from parvis.declarations.reasons import confirmation
from parvis.declarations.selectors.bundles import building
from parvis.declarations.selectors.bundles.tenancy import DeclaredTenancy as DeclaredTenancy
from parvis.declarations.selectors.bundles.tenancy import tenancy_to_declare as tenancy_to_declare
from parvis.declarations.selectors.grid import GridRow, rows_named
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound
from parvis.tenancies.selectors.scope import seen_by


class Draft(NamedTuple):
    """A declaration of the bundle as it is kept; ``corrects`` is the reference of the one it will replace, or empty; ``revises``
    says that the office took that one in, or one before it.

    ``remind_on`` is the day its landlord wants to be told of it, if they do.
    """

    id: int
    kind: str
    answers: dict[str, str]
    confirmed: list[str]
    saved_at: datetime
    corrects: str
    saved_by: str
    remind_on: date | None
    account_id: int
    revises: bool
    confirmed_reason: str

    @property
    def subject(self) -> str:
        """Under which name files are joined to it until it is sent."""
        return subject_of(self.id)

    @property
    def version(self) -> str:
        """What changes each time it is saved: a page that was shown another one is stale."""
        return self.saved_at.isoformat()


def subject_of(draft: int) -> str:
    """Under which name files are joined to a draft (``services/papers.py`` reads it in SQL)."""
    return f"draft {draft}"


@dataclass(frozen=True, slots=True)
class Step:
    """One chosen declaration: its kind, its draft if there is one, what its answers say today, the files joined to it."""

    kind: DeclarationKind
    draft: Draft | None
    reading: Reading | None
    facts: TenancyFacts
    rent: GridRow | None = None
    papers: tuple[FileLine, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is asked, of what is known."""
        asked = self.kind.questions(self.facts)
        return (*asked, revision.QUESTION) if self.draft and self.draft.revises else asked

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """What the check page and the receipt say of the answers and of the files."""
        said = self.reading.lines if self.reading else ()
        return (*said, ("Pièces jointes", ", ".join(file.name for file in self.papers))) if self.papers else said

    @property
    def confirmation(self) -> list[tuple[str, str]]:
        """What is unusual and confirmed, with the reason given."""
        return confirmation(self.draft.confirmed, self.draft.confirmed_reason) if self.draft else []

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
            found = self.rent.assessment
            return self.rent.state == EntryState.DRAFTED and not (found.fault or found.previous_fault)
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

    @property
    def details(self) -> dict[str, Mapping[str, Any]]:
        """What each declaration says so far, by its kind; nothing of one that is not answered yet."""
        return {step.kind.code: (step.reading.details if step.reading else None) or {} for step in self.steps}

    @property
    def clashes(self) -> list[kinds.Clash]:
        """The pairs of which one says it all, by the answers there are."""
        return kinds.clashes([step.kind.code for step in self.steps], self.details)

    @property
    def also(self) -> list[str]:
        """The kinds that the answers call for besides, and that are not chosen; none that clashes with what is."""
        chosen = [step.kind.code for step in self.steps]
        called = {code for step in self.steps if step.reading for code in step.reading.also}
        return [
            code
            for code in kinds.KINDS
            if code in called
            and code not in chosen
            and not kinds.clashes([*chosen, code], self.details)
            and not kinds.possible_clashes([*chosen, code], self.details)
        ]

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
SELECT b.kinds::text, d.id, d.kind, d.answers::text, d.confirmed::text, d.saved_at, COALESCE(o.reference, ''),
  btrim(a.first_name || ' ' || a.last_name), d.remind_on, d.account_id, d.revises, d.confirmed_reason
FROM declarations_bundle b
LEFT JOIN declarations_declaration d ON d.tenancy_id = b.tenancy_id AND d.landlord_id = b.landlord_id AND d.state = 'draft'
  AND NOT (d.kind IN ('july_rent', 'previous_july_rent'))
LEFT JOIN declarations_declaration o ON o.id = d.corrects_id
LEFT JOIN identity_account a ON a.id = d.account_id
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
        row[2]: Draft(row[1], row[2], json.loads(row[3]), json.loads(row[4]), *row[5:])
        for row in rows
        if row[1] is not None
    }
    facts = building.known(actor, tenancy.facts(day_in_paris(at)), tenancy.id, _corrected(drafts), chosen)
    asks_rent = not {Kind.JULY_RENT, Kind.LEASE_HOLDERS}.isdisjoint(chosen)
    rent = _rent(actor, tenancy, year) if asks_rent else None
    if rent is not None and rent.rent_cents is not None:
        facts = replace(facts, july=(rent.year, rent.rent_cents))
    joined = attachments_by_subject(actor, [draft.subject for draft in drafts.values()])
    found = (_step(code, drafts.get(code), facts, rent) for code in chosen)
    steps = tuple(
        replace(step, papers=tuple(joined.get(step.draft.subject, ()))) if step.draft else step
        for step in found
        if step is not None
    )
    return BundleSheet(tenancy, steps, _fingerprint(steps))


def _corrected(drafts: Mapping[str, Draft]) -> str | None:
    """The end of management a draft would replace, or nothing; None of one that was taken in: it is corrected of its own dwelling
    alone."""
    draft = drafts.get(Kind.END_OF_MANAGEMENT)
    if draft is None:
        return ""
    return None if draft.revises else draft.corrects


def _step(code: str, draft: Draft | None, facts: TenancyFacts, rent: GridRow | None) -> Step | None:
    kind = kinds.kind_of(code)
    if code == Kind.JULY_RENT:
        return Step(kind, None, None, facts, rent) if rent is not None and rent.is_open else None
    if draft is None:
        return Step(kind, None, None, facts)
    facts = replace(facts, stage=draft.answers.get("stage", ""))
    return Step(kind, draft, kinds.read(code, draft.answers, facts, revises=draft.revises), facts)


def _rent(actor: Actor, tenancy: DeclaredTenancy, year: int | None) -> GridRow | None:
    """The line of the grid. Once it is closed, as by a rent sent from elsewhere meanwhile, it is no step any more."""
    rows = rows_named(actor, year, [tenancy.reference]) if year is not None else []
    return rows[0] if rows else None


def _fingerprint(steps: Sequence[Step]) -> str:
    content: list[Any] = []
    for step in steps:
        if step.rent is not None:
            row = step.rent
            content.append(
                [step.kind.code, row.tenancy_id, row.rent_cents, row.previous_cents, row.confirmed, row.state]
            )
        elif step.draft is not None and step.reading is not None:
            kept = step.draft
            confirmed = [*kept.confirmed, kept.confirmed_reason]
            content.append([step.kind.code, kept.id, confirmed, step.reading.details, step.lines])
    return hashlib.md5(json.dumps(content, sort_keys=True, default=str).encode(), usedforsecurity=False).hexdigest()


class WithTheOffice(NamedTuple):
    """A declaration of a kind that the office has not decided yet; ``follows`` one that says what came of a debt."""

    kind: str
    follows: bool
    reference: str
    opaque: UUID
    submitted_at: datetime


# What takes back a report that follows is one itself.
_WITH_THE_OFFICE = """
SELECT d.kind, COALESCE(before.details, d.details) -> 'stage' IS NOT NULL, d.reference, d.opaque, d.submitted_at
FROM declarations_declaration d
LEFT JOIN declarations_declaration before ON before.id = d.corrects_id AND d.details -> 'withdrawn' IS NOT NULL
WHERE d.tenancy_id = %s AND d.landlord_id = %s AND d.state = ANY(%s) AND NOT (d.kind = ANY(%s))
"""


def undecided_of(actor: Actor, tenancy_id: int) -> dict[tuple[str, bool], WithTheOffice]:
    """What was sent about a tenancy and is not decided, by kind and whether it follows a debt.

    The July rents apart, which the campaign follows.
    """
    july = [Kind.JULY_RENT.value, Kind.PREVIOUS_JULY_RENT.value]
    with connection.cursor() as cursor:
        cursor.execute(_WITH_THE_OFFICE, [tenancy_id, actor.partner_id, sorted(workflow.WITH_THE_OFFICE), july])
        return {(row[0], row[1]): WithTheOffice._make(row) for row in cursor.fetchall()}


def with_the_office(actor: Actor, tenancy_id: int) -> dict[str, WithTheOffice]:
    """By kind, what keeps another declaration of that kind from being made: it is corrected instead."""
    return {kind: sent for (kind, follows), sent in undecided_of(actor, tenancy_id).items() if not follows}
