"""July rents that were ready and that the bounds, moved since, refuse: set aside for everybody, so that no count calls them ready.

Whoever opens their grid before has theirs set aside there (``drafts.set_aside``), and is told so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction

from parvis.declarations.models import RentCampaign
from parvis.declarations.selectors.grid.norms import bounds
from parvis.declarations.services import counts
from parvis.declarations.services.drafts import READY_OUT
from parvis.kit.clock import day_in_paris
from parvis.kit.db import all_rows
from parvis.kit.merging import execute

BLOCK = 5_000
_FOUND = "july_out_of_bounds"
# Whose counts say that something is ready: the index of the entries leads to those of a landlord.
_FIND = f"""
CREATE TEMP TABLE {_FOUND} ON COMMIT DROP AS SELECT e.tenancy_id, e.landlord_id
FROM declarations_campaigncount c JOIN declarations_campaignentry e ON e.landlord_id = c.landlord_id AND e.year = c.year
WHERE c.year = %(year)s AND c.drafted > 0 AND {READY_OUT} LIMIT %(block)s
"""
_SET_ASIDE = f"""
WITH aside AS (
  UPDATE declarations_campaignentry e SET state = 'to_correct' FROM {_FOUND} f
  WHERE e.tenancy_id = f.tenancy_id AND e.landlord_id = f.landlord_id AND {READY_OUT} RETURNING e.tenancy_id, e.landlord_id)
SELECT a.landlord_id, t.caf_code, count(*)::int FROM aside a JOIN tenancies_tenancy t ON t.id = a.tenancy_id GROUP BY 1, 2
"""


def set_aside_all(*, at: datetime) -> int:
    """Judge what is ready by the bounds in force, in every campaign that has opened; how many lines are to be corrected now.

    What was typed stays, and the counts follow. In blocks, each a transaction: broken off, it goes on where it was.
    """
    opened = RentCampaign.objects.filter(opens_on__lte=day_in_paris(at)).order_by("year")
    aside = 0
    for year in opened.values_list("year", flat=True).distinct():
        values, found = {**bounds(), "year": year, "block": BLOCK}, BLOCK
        while found == BLOCK:
            found, moved = _block(values)
            aside += moved
    return aside


@transaction.atomic
def _block(values: dict[str, Any]) -> tuple[int, int]:
    """How many lines were found, and how many were still so once their landlords' counts were locked."""
    year, moves = values["year"], defaultdict[Any, Counter[tuple[str, str, str]]](Counter)
    execute(f"DROP TABLE IF EXISTS {_FOUND}")
    found = execute(_FIND, values)
    if found:
        counts.lock_many(_FOUND, year)
        for landlord, office, count in all_rows(_SET_ASIDE, values):
            moves[landlord][office, "drafted", "to_correct"] += count
        for landlord, moved in moves.items():
            counts.shift_many(landlord, year, moved)
    return found, sum(moved.total() for moved in moves.values())
