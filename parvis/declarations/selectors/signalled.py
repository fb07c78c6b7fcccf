"""What a landlord declared of tenancies and a statement of payment speaks of: departures and arrears."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from parvis.declarations.models import Kind
from parvis.declarations.parameters import legal
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.days import months_later
from parvis.kit.merging import rows
from parvis.tenancies.selectors.scope import of_tenancy, seen_by


class Signalled(NamedTuple):
    """The last declaration of a kind about one tenancy that the office did not refuse."""

    tenancy: UUID
    kind: str
    opaque: UUID
    submitted_at: datetime

    @property
    def declared_on(self) -> date:
        """The day it was sent."""
        return day_in_paris(self.submitted_at)

    @property
    def plan_by(self) -> date | None:
        """Until when the landlord may send a repayment plan; None where the law of that day gives no delay (CCH R.824-7)."""
        months = legal("arrears_repayment_plan_deadline", on=self.declared_on)
        return months_later(self.declared_on, int(months)) if months is not None else None


_SIGNALLED = """
SELECT DISTINCT ON (t.reference, d.kind) t.reference, d.kind, d.opaque, d.submitted_at
FROM tenancies_tenancy t JOIN declarations_declaration d ON d.tenancy_id = t.id
WHERE t.reference = ANY(%(tenancies)s) AND d.landlord_id = %(landlord)s AND d.kind = ANY(%(kinds)s)
  AND d.submitted_at IS NOT NULL AND d.state NOT IN ('rejected', 'corrected', 'abandoned'){within}
ORDER BY t.reference, d.kind, d.submitted_at DESC
"""


def signalled(actor: Actor, tenancies: Collection[UUID]) -> dict[tuple[UUID, str], Signalled]:
    """By tenancy and kind (``move_out``, ``arrears``); asked for a page of tenancies, in one statement."""
    if not tenancies:
        return {}
    kinds = [Kind.MOVE_OUT.value, Kind.ARREARS.value]
    values = {**seen_by(actor), "tenancies": list(tenancies), "kinds": kinds}
    found = rows(_SIGNALLED.format(within=of_tenancy(actor, "d.tenancy_id")), values)
    return {(row[0], row[1]): Signalled._make(row) for row in found}
