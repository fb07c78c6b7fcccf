"""The counts of a landlord's campaign, in all and at each office: the landlord's row is also the lock of all that changes them.

Whoever changes entries locks the counts first, then the entries: of two tabs, colleagues or feeds, one waits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from parvis.declarations.models import EntryState
from parvis.declarations.refusals import NotInCampaign
from parvis.kit.db import one_row, write

COUNTED = tuple(state.value for state in EntryState if state is not EntryState.OUT)

# One statement for both tables: what moved at each office, and the sum of it.
_SHIFT = """
WITH moved AS (SELECT * FROM unnest(%(offices)s::text[], {arrays}) AS x (caf_code, {columns})),
shares AS (
  UPDATE declarations_campaignofficecount c SET {changes} FROM moved n
  WHERE c.landlord_id = %(landlord)s AND c.year = %(year)s AND c.caf_code = n.caf_code)
UPDATE declarations_campaigncount c SET {changes} FROM (SELECT {sums} FROM moved) n
WHERE c.landlord_id = %(landlord)s AND c.year = %(year)s
"""
_LOCK = "SELECT 1 FROM declarations_campaigncount WHERE landlord_id = %s AND year = %s FOR UPDATE"
_LOCK_MANY = """
SELECT landlord_id FROM declarations_campaigncount WHERE year = %s AND landlord_id IN (SELECT landlord_id FROM {})
ORDER BY landlord_id FOR UPDATE
"""
_MISSING = """
INSERT INTO declarations_campaigncount (landlord_id, year, {columns})
SELECT DISTINCT landlord_id, %s::int, {zeros} FROM {touched} ON CONFLICT (landlord_id, year) DO NOTHING
"""
_RECOUNT = """
WITH concerned AS MATERIALIZED (SELECT DISTINCT landlord_id FROM {touched}),
counted AS MATERIALIZED (
  SELECT e.landlord_id, t.caf_code, {counts} FROM concerned x
  JOIN declarations_campaignentry e ON e.landlord_id = x.landlord_id AND e.year = %(year)s AND e.state_group IS NOT NULL
  JOIN tenancies_tenancy t ON t.id = e.tenancy_id GROUP BY e.landlord_id, t.caf_code),
kept AS (
  INSERT INTO declarations_campaignofficecount AS c (landlord_id, year, caf_code, {columns})
  SELECT landlord_id, %(year)s, caf_code, {columns} FROM counted
  ON CONFLICT (landlord_id, year, caf_code) DO UPDATE SET {excluded}
  WHERE ({own}) IS DISTINCT FROM ({theirs})),
gone AS (
  DELETE FROM declarations_campaignofficecount c USING concerned x
  WHERE c.landlord_id = x.landlord_id AND c.year = %(year)s
    AND NOT EXISTS (SELECT 1 FROM counted n WHERE n.landlord_id = c.landlord_id AND n.caf_code = c.caf_code))
UPDATE declarations_campaigncount c SET {changes} FROM (
  SELECT x.landlord_id, {sums} FROM concerned x LEFT JOIN counted n ON n.landlord_id = x.landlord_id GROUP BY x.landlord_id
) n WHERE c.landlord_id = n.landlord_id AND c.year = %(year)s
"""


def lock(landlord_id: UUID | None, year: int, *, required: bool = True) -> None:
    """Wait for one's turn on a landlord's campaign, until the end of the transaction.

    A landlord who was never in it has no counts, nor entries: unless ``required`` there is nothing to wait for.
    """
    if one_row(_LOCK, (landlord_id, year)) is None and required:
        raise NotInCampaign


def shift(landlord_id: UUID | None, year: int, moves: Iterable[tuple[str, str, str]]) -> None:
    """Count entries of an office that went from one state to another. The counts are locked already."""
    shift_many(landlord_id, year, Counter(moves))


def shift_many(landlord_id: UUID | None, year: int, moves: Counter[tuple[str, str, str]]) -> None:
    """The same of many entries at once: how many went each way."""
    change: Counter[tuple[str, str]] = Counter()
    for (office, source, target), count in moves.items():
        change[office, source] -= count
        change[office, target] += count
    moved = {key: number for key, number in change.items() if number and key[1] in COUNTED}
    if not moved:
        return
    offices, states = sorted({office for office, _ in moved}), sorted({state for _, state in moved})
    values: dict[str, Any] = {"landlord": landlord_id, "year": year, "offices": offices}
    values |= {state: [moved.get((office, state), 0) for office in offices] for state in states}
    query = _SHIFT.format(
        arrays=", ".join(f"%({state})s::int[]" for state in states),
        columns=", ".join(states),
        changes=", ".join(f"{state} = c.{state} + n.{state}" for state in states),
        sums=", ".join(f"sum({state})::int AS {state}" for state in states),
    )
    write(query, values)


def lock_many(touched: str, year: int) -> None:
    """Lock the counts of the landlords in a temporary table, in one order; makes those that are missing."""
    zeros, columns = ", ".join("0" for _ in COUNTED), ", ".join(COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(_MISSING.format(columns=columns, zeros=zeros, touched=touched), [year])
        cursor.execute(_LOCK_MANY.format(touched), [year])


def recount(touched: str, year: int) -> None:
    """Count again the entries of the landlords in a temporary table, whose counts are locked."""
    query = _RECOUNT.format(
        touched=touched,
        counts=", ".join(f"count(*) FILTER (WHERE e.state = '{state}') AS {state}" for state in COUNTED),
        columns=", ".join(COUNTED),
        excluded=", ".join(f"{state} = EXCLUDED.{state}" for state in COUNTED),
        own=", ".join(f"c.{state}" for state in COUNTED),
        theirs=", ".join(f"EXCLUDED.{state}" for state in COUNTED),
        sums=", ".join(f"COALESCE(sum(n.{state}), 0) AS {state}" for state in COUNTED),
        changes=", ".join(f"{state} = n.{state}" for state in COUNTED),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {"year": year})
