"""The counts of a landlord's campaign: the row that holds them is also the lock of all that changes them.

Whoever changes entries locks the counts first, then the entries: of two tabs, colleagues or feeds, one waits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from parvis.declarations.models import EntryState
from parvis.declarations.refusals import NotInCampaign

COUNTED = tuple(state.value for state in EntryState if state is not EntryState.OUT)

_SHIFT = "UPDATE declarations_campaigncount SET {} WHERE landlord_id = %s AND year = %s"
_LOCK_MANY = """
SELECT landlord_id FROM declarations_campaigncount WHERE year = %s AND landlord_id IN (SELECT landlord_id FROM {})
ORDER BY landlord_id FOR UPDATE
"""
_MISSING = """
INSERT INTO declarations_campaigncount (landlord_id, year, {columns})
SELECT DISTINCT landlord_id, %s::int, {zeros} FROM {touched} ON CONFLICT (landlord_id, year) DO NOTHING
"""
_RECOUNT = """
UPDATE declarations_campaigncount c SET {changes} FROM (
  SELECT x.landlord_id, {counts} FROM (SELECT DISTINCT landlord_id FROM {touched}) x
  LEFT JOIN declarations_campaignentry e ON e.landlord_id = x.landlord_id AND e.year = %(year)s GROUP BY x.landlord_id
) n WHERE c.landlord_id = n.landlord_id AND c.year = %(year)s
"""


def lock(landlord_id: UUID | None, year: int) -> None:
    """Wait for one's turn on a landlord's campaign, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM declarations_campaigncount WHERE landlord_id = %s AND year = %s FOR UPDATE",
            [landlord_id, year],
        )
        if cursor.fetchone() is None:
            raise NotInCampaign


def shift(landlord_id: UUID | None, year: int, moves: Iterable[tuple[str, str]]) -> None:
    """Count entries that went from one state to another. The counts are locked already."""
    change: Counter[str] = Counter()
    for source, target in moves:
        change[source] -= 1
        change[target] += 1
    moved = {state: number for state, number in change.items() if number and state in COUNTED}
    if not moved:
        return
    assignments = ", ".join(f"{state} = {state} + %s" for state in moved)
    with connection.cursor() as cursor:
        cursor.execute(_SHIFT.format(assignments), [*moved.values(), landlord_id, year])


def lock_many(touched: str, year: int) -> None:
    """Lock the counts of the landlords in a temporary table, in one order; makes those that are missing."""
    zeros, columns = ", ".join("0" for _ in COUNTED), ", ".join(COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(_MISSING.format(columns=columns, zeros=zeros, touched=touched), [year])
        cursor.execute(_LOCK_MANY.format(touched), [year])


def recount(touched: str, year: int) -> None:
    """Count again the entries of the landlords in a temporary table, whose counts are locked."""
    changes = ", ".join(f"{state} = n.{state}" for state in COUNTED)
    counts = ", ".join(f"count(*) FILTER (WHERE e.state = '{state}') AS {state}" for state in COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(_RECOUNT.format(changes=changes, counts=counts, touched=touched), {"year": year})
