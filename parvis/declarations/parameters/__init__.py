"""What the checks of July rents compare with: the thresholds of the office, and the rent reference index (IRL). Pure.

``irl.csv`` is the index as INSEE publishes it for metropolitan France, Corsica and overseas, ``yoy`` its change in percent over
one year (loi 89-462 art. 17-1), to which :mod:`.index` adds the quarters typed since; ``zones.csv`` says which offices are not of
the first. What holds now is asked once a page or a file (``selectors.grid.norms``) and handed down as :class:`Norms`. The values
of the law are in ``parvis.parameters.law``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

_FOLDER = Path(__file__).parent
LAST_QUARTER = 2
"""The last index published when July comes."""
METROPOLE = "metropole"
NAMES = {METROPOLE: "la métropole", "corsica": "la Corse", "overseas": "l’outre-mer"}
"""The zones of the index, as screens name them."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which point a July rent is refused (``lowest``, ``highest``) or is to be confirmed: cents, percent, and percentage
    points above the index."""

    lowest_rent_cents: int
    highest_rent_cents: int
    increase_percent: int
    decrease_percent: int
    above_index_points: int
    low_rent_cents: int
    high_rent_cents: int


class Published(NamedTuple):
    """The index of one quarter in one zone: its value, and its change over one year in percent."""

    value: Decimal
    yoy: Decimal


Quarters = Mapping[tuple[int, int, str], Published]
"""The index by year, quarter and zone."""


class Norms(NamedTuple):
    """What the July rents of ``year`` are compared with, as it is when a page or a file asks: all its lines are judged alike.

    ``indexes`` are the most a rent revised by the index may have grown, in percent, by zone; None where it is not known. ``most``
    are the highest changes that need no word, in percent, by zone.
    """

    year: int
    thresholds: Thresholds
    indexes: Mapping[str, Decimal | None]
    most: Mapping[str, Decimal]

    def index_of(self, caf_code: str) -> Decimal | None:
        """The index that holds where an office is."""
        return self.indexes[zone_of(caf_code)]

    def most_increase(self, caf_code: str) -> Decimal:
        """The highest change from one July to the next that needs no word at an office."""
        return self.most[zone_of(caf_code)]


def norms_from(year: int, thresholds: Thresholds, quarters: Quarters) -> Norms:
    """The norms of a campaign: an increase needs a word above the index and the points granted, or above the fixed threshold."""
    indexes = {zone: index_percent(year, zone, quarters) for zone in NAMES}
    fixed, points = Decimal(thresholds.increase_percent), thresholds.above_index_points
    most = {zone: fixed if index is None else min(fixed, index + points) for zone, index in indexes.items()}
    return Norms(year, thresholds, indexes, most)


@cache
def _lines(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def shipped() -> Quarters:
    """The quarters the portal came with."""
    return {
        (int(line["year"]), int(line["quarter"]), line["zone"]): Published(Decimal(line["value"]), Decimal(line["yoy"]))
        for line in _lines("irl.csv")
    }


def index_percent(year: int, zone: str, quarters: Quarters) -> Decimal | None:
    """The most a rent revised by the IRL may have grown from one July to the next, for the campaign of ``year``.

    Each lease names its quarter (loi 89-462 art. 17-1, I): of those a revision between the two Julys may rest on, from the first
    of the year before to the second of ``year``, the highest yearly change. None where none is known: an older one would say
    what the law does not.
    """
    named = (
        published.yoy
        for (of_year, quarter, of_zone), published in quarters.items()
        if of_zone == zone and (year - 1, 1) <= (of_year, quarter) <= (year, LAST_QUARTER)
    )
    return max(named, default=None)


def zone_of(caf_code: str) -> str:
    """The zone whose index holds where an office is: Corsica and overseas have their own."""
    return zones().get(caf_code, METROPOLE)


@cache
def zones() -> dict[str, str]:
    """The zone of each office that is not of metropolitan France."""
    return {line["caf_code"]: line["zone"] for line in _lines("zones.csv")}


def zones_without_index(norms: Norms) -> list[str]:
    """The names of the zones whose index is not known for a campaign: there only the fixed threshold holds."""
    return [name for zone, name in NAMES.items() if norms.indexes[zone] is None]
