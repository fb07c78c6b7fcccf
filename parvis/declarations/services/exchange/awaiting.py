"""The papers that an officer asks for about declarations, as a file of outcomes brings them."""

from __future__ import annotations

from datetime import datetime

from parvis.changes.services import awaited
from parvis.declarations.models import OF_JULY, Kind
from parvis.kit.actors import Actor, Right
from parvis.kit.merging import rows

_ASKED = """
SELECT d.reference, o.kind, o.year, o.landlord_id, t.caf_code, o.tenancy_id, d.account_id, o.reason_code, o.answer_by, o.decided_at
FROM declarations_outcome o JOIN declarations_declaration d ON d.id = o.id JOIN tenancies_tenancy t ON t.id = o.tenancy_id
WHERE o.applies AND o.status = 'paper_awaited' ORDER BY o.id
"""


def ask_papers(*, by: Actor, at: datetime) -> int:
    """Await the papers asked for in ``declarations_outcome``, in the transaction of the decision; how many."""
    return awaited.ask(
        [
            awaited.Asked(reference, _title(kind, year), Right.DECLARE, *told)
            for reference, kind, year, *told in rows(_ASKED)
        ],
        by=by,
        at=at,
    )


def _title(kind: str, year: int | None) -> str:
    return f"Loyer de juillet {year}" if kind in OF_JULY and year else str(Kind(kind).label)
