"""Values with a date: the rent reference index (IRL), what the checks of July rents compare with. Pure.

``irl.csv`` is the index of metropolitan France as INSEE publishes it, ``yoy`` its change in percent over one year (loi
89-462 art. 17-1). A new quarter or a new threshold is a line, never a change of code. The values
of the law are in ``parvis.parameters.law``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
CAMPAIGN_QUARTER = 2


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which point a July rent is refused, or is to be confirmed."""

    lowest_rent_cents: int
    highest_rent_cents: int
    increase_percent: int
    index_margin_points: int
    decrease_percent: int


@cache
def _lines(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def index_percent(year: int) -> Decimal | None:
    """The yearly change of the IRL for the campaign of ``year``: second quarter, or the last one published before it."""
    known = {(int(line["year"]), int(line["quarter"])): Decimal(line["yoy"]) for line in _lines("irl.csv")}
    published = [quarter for quarter in known if quarter <= (year, CAMPAIGN_QUARTER)]
    return known[max(published)] if published else None


@cache
def thresholds(year: int) -> Thresholds:
    """The thresholds in force for the campaign of ``year``."""
    lines = sorted(_lines("july_rent.csv"), key=lambda line: int(line["from_year"]))
    values = {line["name"]: int(line["value"]) for line in lines if int(line["from_year"]) <= year}
    return Thresholds(**values)
