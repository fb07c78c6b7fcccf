"""What waits for its landlord: bundles begun and not sent, declarations sent that one is asked about again."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from parvis.declarations import workflow
from parvis.kit.actors import Actor
from parvis.kit.db import edge, read_edge
from parvis.tenancies.selectors.scope import of_tenancy, seen_by


class Unfinished(NamedTuple):
    """One of them; ``declaration`` is what one is asked about again, None of a bundle.

    ``is_ready``: every question of the bundle has its answer and what is unusual is confirmed; it only has to be sent.
    ``since`` is the day it is asked about again, or the moment the bundle was saved.
    """

    tenancy: UUID
    first_name: str
    last_name: str
    kinds: list[str]
    since: datetime | date
    declaration: UUID | None
    is_ready: bool

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def edge(self) -> str:
        """Where the page after this line begins."""
        return edge(self.since, self.declaration or self.tenancy).word


# A July rent that was sent from the grid meanwhile is no step any more.
_UNREADY = """
SELECT 1 FROM jsonb_array_elements_text(b.kinds) chosen (kind) WHERE CASE chosen.kind
WHEN 'july_rent' THEN EXISTS (
  SELECT 1 FROM declarations_campaignentry e WHERE e.tenancy_id = b.tenancy_id AND e.landlord_id = b.landlord_id
    AND e.state IN ('to_declare', 'to_confirm', 'to_correct', 'rejected') AND e.year = (
      SELECT max(x.year) FROM declarations_campaignentry x WHERE x.tenancy_id = b.tenancy_id))
ELSE NOT EXISTS (
  SELECT 1 FROM declarations_declaration d WHERE d.tenancy_id = b.tenancy_id AND d.landlord_id = b.landlord_id
    AND d.kind = chosen.kind AND d.state = 'draft' AND d.details <> '{}' AND d.warnings <@ d.confirmed) END
"""
_BEGUN = """
SELECT t.reference, t.first_name, t.last_name, b.kinds::text, b.saved_at, NULL::uuid, NOT EXISTS ({unready})
FROM declarations_bundle b JOIN tenancies_tenancy t ON t.id = b.tenancy_id
WHERE b.landlord_id = %(landlord)s{within}{beyond} ORDER BY b.saved_at DESC, t.reference DESC LIMIT %(limit)s
"""
# Of a July of the year before that was refused: still asked for, and not given again in the grid or by itself.
_REFUSED = """d.kind = 'previous_july_rent' AND d.state = 'rejected' AND NOT EXISTS (
  SELECT 1 FROM declarations_declaration x WHERE x.tenancy_id = d.tenancy_id AND x.kind = d.kind AND x.year = d.year
    AND NOT (x.state IN ('rejected', 'corrected', 'abandoned')) AND NOT x.revises)
  AND NOT EXISTS (SELECT 1 FROM tenancies_julyrent known WHERE known.tenancy_id = d.tenancy_id AND known.year = d.year)"""
UNANSWERED = f"""EXISTS (SELECT 1 FROM declarations_declaration x WHERE x.tenancy_id = d.tenancy_id AND x.landlord_id = d.landlord_id
  AND x.kind = d.kind AND x.revises AND x.state IN ({", ".join(f"'{state}'" for state in sorted(workflow.WITH_THE_OFFICE))}))"""
"""Whether a correction of the declaration ``d``, which was taken in, is asked and not decided: that one is asked about meanwhile."""
_ASKED_AGAIN = f"""
SELECT t.reference, t.first_name, t.last_name, jsonb_build_array(d.kind)::text, d.remind_on, d.opaque, true
FROM declarations_declaration d JOIN tenancies_tenancy t ON t.id = d.tenancy_id
WHERE d.landlord_id = %(landlord)s AND d.remind_on <= %(today)s AND (d.state = ANY(%(states)s) OR {_REFUSED}){{within}}{{beyond}}
  AND NOT (d.state = 'integrated' AND {UNANSWERED})
ORDER BY d.remind_on, d.opaque LIMIT %(limit)s
"""


def begun(actor: Actor, *, after: str = "", limit: int) -> list[Unfinished]:
    """What was begun and not sent, the newest first, beyond the edge given."""
    beyond = " AND (b.saved_at, t.reference) < (%(at)s, %(opaque)s)" if read_edge(after) else ""
    query = _BEGUN.format(unready=_UNREADY, within=of_tenancy(actor, "b.tenancy_id"), beyond=beyond)
    return _read(query, {**seen_by(actor), **_place(after), "limit": limit})


def asked_again(actor: Actor, *, today: date, after: str = "", limit: int) -> list[Unfinished]:
    """What was declared and waits for a word, the oldest first, beyond the edge given."""
    beyond = " AND (d.remind_on, d.opaque) > (%(on)s, %(opaque)s)" if read_edge(after) else ""
    query = _ASKED_AGAIN.format(within=of_tenancy(actor, "d.tenancy_id"), beyond=beyond)
    asked = {"today": today, "states": sorted(workflow.STANDING), "limit": limit}
    return _read(query, {**seen_by(actor), **_place(after), **asked})


def _place(after: str) -> dict[str, Any]:
    found = read_edge(after)
    return {"at": found.at, "on": found.at.date(), "opaque": found.opaque} if found else {}


def _read(query: str, values: dict[str, Any]) -> list[Unfinished]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [Unfinished._make((*row[:3], json.loads(row[3]), *row[4:])) for row in cursor.fetchall()]
