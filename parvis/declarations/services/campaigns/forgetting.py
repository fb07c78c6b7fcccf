"""July rents that were typed and never sent, long after the campaign: they leave their lines, which are to be declared as before."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction

from parvis.audit.journal import record
from parvis.declarations import events
from parvis.declarations.rules import DRAFTED_ENTRY, NO_DRAFT
from parvis.declarations.services import counts
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.db import all_rows
from parvis.kit.merging import execute
from parvis.parameters.catalogue import KEEP_JULY_DRAFTS
from parvis.parameters.selectors import duration

BLOCK = 5_000
_FOUND = "july_forgotten"
# An office's own campaign stands before the national one.
_OVER = """
SELECT c.year, array_agg(o.caf_code::text) FROM landlords_office o
JOIN declarations_rentcampaign c ON c.office_id = o.caf_code OR (c.office_id IS NULL AND NOT EXISTS (
  SELECT 1 FROM declarations_rentcampaign own WHERE own.office_id = o.caf_code AND own.year = c.year))
WHERE c.suspension_on <= %(day)s GROUP BY c.year ORDER BY c.year
"""
_PAST = f"""e.year = %(year)s AND {DRAFTED_ENTRY} AND e.draft_saved_at <= %(before)s
  AND EXISTS (SELECT 1 FROM tenancies_tenancy t WHERE t.id = e.tenancy_id AND t.caf_code = ANY(%(offices)s))"""
# Whose counts say that there are drafts: the index of the entries leads to those of a landlord, no other is kept for them.
_AMONG = """FROM declarations_campaigncount c JOIN declarations_campaignentry e ON e.landlord_id = c.landlord_id AND e.year = c.year
  AND c.year = %(year)s AND c.drafted + c.to_confirm + c.to_correct > 0"""
_FIND = f"""
CREATE TEMP TABLE {_FOUND} ON COMMIT DROP AS SELECT e.tenancy_id, e.landlord_id {_AMONG} WHERE {_PAST} LIMIT %(block)s
"""
_FORGET = f"""
WITH gone AS (
  UPDATE declarations_campaignentry x SET {NO_DRAFT}, state = CASE WHEN EXISTS (
    SELECT 1 FROM declarations_declaration d WHERE d.tenancy_id = x.tenancy_id AND d.kind = 'july_rent' AND d.year = x.year
      AND d.landlord_id = x.landlord_id AND d.state = 'rejected') THEN 'rejected' ELSE 'to_declare' END
  FROM (SELECT e.tenancy_id, e.state AS was FROM declarations_campaignentry e
        JOIN {_FOUND} f ON f.tenancy_id = e.tenancy_id AND f.landlord_id = e.landlord_id WHERE {_PAST}) b
  WHERE x.year = %(year)s AND x.tenancy_id = b.tenancy_id
  RETURNING x.tenancy_id, x.landlord_id, b.was, x.state)
SELECT g.landlord_id, t.caf_code, g.was, g.state, count(*)::int FROM gone g JOIN tenancies_tenancy t ON t.id = g.tenancy_id
GROUP BY 1, 2, 3, 4
"""


def forget_unsent(*, by: Actor, at: datetime) -> int:
    """Take the drafts of campaigns over since :data:`KEEP_JULY_DRAFTS`, unless they were typed since; how many.

    Over is past the suspension, of the office's own dates where it has some: until then, and for some time after, a rent that comes
    late still changes something. In blocks, each a transaction.
    """
    forgotten = 0
    for values in _over(at):
        taken = found = BLOCK
        year_total = 0
        while found == BLOCK:
            found, taken = _forget_block(values)
            year_total += taken
        if year_total:
            with transaction.atomic():
                record(events.DRAFTS_FORGOTTEN, subject=f"campaign:{values['year']}", by=by, at=at, count=year_total)
        forgotten += year_total
    return forgotten


def first_past(*, at: datetime) -> str | None:
    """The first line whose draft should have been forgotten, as ``table key``; None where all is well."""
    for values in _over(at):
        found = all_rows(f"SELECT e.tenancy_id {_AMONG} WHERE {_PAST} LIMIT 1", values)
        if found:
            return f"declarations_campaignentry {values['year']} {found[0][0]}"
    return None


def _over(at: datetime) -> list[dict[str, Any]]:
    """Each year with the offices whose campaign is over for long enough."""
    before = at - duration(KEEP_JULY_DRAFTS)
    years = all_rows(_OVER, {"day": day_in_paris(before)})
    return [{"year": year, "offices": offices, "before": before} for year, offices in years]


@transaction.atomic
def _forget_block(values: dict[str, Any]) -> tuple[int, int]:
    """How many lines were found, and how many were still so once their landlords' counts were locked."""
    year, moves = values["year"], defaultdict[Any, Counter[tuple[str, str, str]]](Counter)
    execute(f"DROP TABLE IF EXISTS {_FOUND}")
    found = execute(_FIND, {**values, "block": BLOCK})
    if found:
        counts.lock_many(_FOUND, year)
        for landlord, office, was, state, count in all_rows(_FORGET, values):
            moves[landlord][office, was, state] += count
        for landlord, moved in moves.items():
            counts.shift_many(landlord, year, moved)
    return found, sum(moved.total() for moved in moves.values())
