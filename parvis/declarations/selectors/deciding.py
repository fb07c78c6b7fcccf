"""The declarations that wait for an officer, in the offices where the agent decides, the oldest first."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from parvis.declarations.selectors.history import REVISION, SentDeclaration, sent_by, title_of
from parvis.kit.actors import Actor, Duty
from parvis.kit.db import all_rows
from parvis.kit.refusals import NotFound

PAGE = 25


class ManualLine(NamedTuple):
    """One declaration that an officer treats: what it is about, since when, whose."""

    opaque: UUID
    reference: str
    kind: str
    year: int | None
    submitted_at: datetime
    decided_at: datetime | None
    first_name: str
    last_name: str
    claimant_number: str
    office_code: str
    office_name: str
    landlord_id: UUID
    landlord_name: str
    awaits_paper: bool
    is_revision: bool

    @property
    def title(self) -> str:
        """What it is about, in the words of the screens."""
        return title_of(self.kind, self.year, is_revision=self.is_revision)

    @property
    def edge(self) -> str:
        """Where the next page begins."""
        return f"{self.submitted_at.isoformat()}|{self.opaque}"


_QUEUE = f"""
SELECT d.opaque, d.reference, d.kind, d.year, d.submitted_at, d.decided_at, d.stated ->> 'first_name', d.stated ->> 'last_name',
  d.stated ->> 'claimant_number', t.caf_code, o.name, d.landlord_id,
  COALESCE(NULLIF(l.company_name, ''), l.first_name || ' ' || l.last_name),
  EXISTS (SELECT 1 FROM changes_awaitedpaper p WHERE p.subject = d.reference AND p.state = 'awaited'),
  {REVISION}
FROM declarations_declaration d JOIN tenancies_tenancy t ON t.id = d.tenancy_id
JOIN landlords_office o ON o.caf_code = t.caf_code JOIN landlords_landlord l ON l.partner_id = d.landlord_id
WHERE d.state = 'manual'{{within}}
ORDER BY d.submitted_at, d.opaque LIMIT %(limit)s
"""


def awaiting_decision(
    actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[ManualLine]:
    """The queue of the agent's offices; ``after`` is the edge of the last line seen."""
    offices = actor.offices_of(Duty.DECIDE_DECLARATIONS)
    within = "" if offices is None else " AND t.caf_code = ANY(%(offices)s)"
    within += "" if after is None else " AND (d.submitted_at, d.opaque) > (%(at)s, %(opaque)s)"
    values = {"offices": sorted(offices or ()), "limit": limit, "at": after and after[0], "opaque": after and after[1]}
    return [ManualLine._make(row) for row in all_rows(_QUEUE.format(within=within), values)]


def manual_declaration(actor: Actor, opaque: UUID) -> tuple[ManualLine, SentDeclaration]:
    """One of them with all it says. Another office's, decided meanwhile, or none: one and the same refusal."""
    offices = actor.offices_of(Duty.DECIDE_DECLARATIONS)
    within = " AND d.opaque = %(opaque)s" + ("" if offices is None else " AND t.caf_code = ANY(%(offices)s)")
    values = {"opaque": opaque, "offices": sorted(offices or ()), "limit": 1}
    found = all_rows(_QUEUE.format(within=within), values)
    if not found:
        raise NotFound("Cette déclaration n’attend pas de décision de votre part.")
    line = ManualLine._make(found[0])
    return line, sent_by(line.landlord_id, opaque)
