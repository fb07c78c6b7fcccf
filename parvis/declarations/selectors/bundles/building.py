"""What the end of management concerns besides one dwelling: the neighbours of the building, and what was declared of them together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from parvis.declarations import workflow
from parvis.declarations.kinds.kind import TenancyFacts
from parvis.declarations.models import Kind
from parvis.kit.actors import Actor
from parvis.kit.merging import number
from parvis.tenancies.models import BUILDING
from parvis.tenancies.selectors.scope import seen_by

MOST = 1000
"""Neighbours are counted up to here."""
NEIGHBOURS = f"""
FROM tenancies_tenancy n WHERE n.landlord_id = t.landlord_id AND {BUILDING.format("n")} = {BUILDING.format("t")} AND n.id <> t.id
  AND n.caf_code = t.caf_code AND n.end_on IS NULL AND n.absent_since IS NULL
"""
"""The tenancies ``n`` of the building of the tenancy ``t``, still there and of the same office: it gets one receipt."""
SIBLINGS = """
FROM declarations_declaration o
JOIN declarations_declaration s ON s.receipt_id = o.receipt_id AND s.landlord_id = o.landlord_id AND s.kind = o.kind AND s.id <> o.id
  AND s.state = ANY(%(undecided)s)
JOIN tenancies_tenancy n ON n.id = s.tenancy_id AND n.landlord_id = s.landlord_id
WHERE o.reference = %(corrected)s AND o.landlord_id = %(landlord)s AND NOT EXISTS (
  SELECT 1 FROM declarations_declaration x WHERE x.tenancy_id = s.tenancy_id AND x.landlord_id = s.landlord_id AND x.kind = s.kind
    AND x.state = 'draft')
"""
"""The declarations ``s`` that left together with ``o``, the one corrected: undecided, and not being corrected on their own."""


def siblings_of(actor: Actor, corrected: str) -> dict[str, object]:
    """The values :data:`SIBLINGS` takes."""
    return {**seen_by(actor), "corrected": corrected, "undecided": sorted(workflow.WITH_THE_OFFICE)}


def siblings_count(actor: Actor, reference: str) -> int:
    """How many declarations about the same building left together with this one, and are undecided as it is."""
    return number(f"SELECT count(*) {SIBLINGS}", siblings_of(actor, reference))


def known(
    actor: Actor, facts: TenancyFacts, tenancy_id: int, corrected: str | None, chosen: Collection[str]
) -> TenancyFacts:
    """The facts with the neighbours and the siblings, read only where the end of management is chosen; ``corrected`` None: it concerns
    this dwelling alone, and the building is not asked."""
    if Kind.END_OF_MANAGEMENT not in chosen or corrected is None:
        return facts
    near = f"SELECT count(*) FROM tenancies_tenancy t CROSS JOIN LATERAL (SELECT 1 {NEIGHBOURS} LIMIT {MOST}) x WHERE t.id = %s"
    siblings = siblings_count(actor, corrected) if corrected else 0
    return replace(facts, neighbours=number(near, [tenancy_id]), siblings=siblings)
