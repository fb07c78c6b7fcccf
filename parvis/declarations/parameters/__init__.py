"""Values with a date: the rent reference index (IRL), what the checks of July rents compare with. Pure.

``irl.csv`` is the index as INSEE publishes it for metropolitan France, Corsica and overseas, ``yoy`` its change in percent over
one year (loi 89-462 art. 17-1); ``zones.csv`` says which offices are not of the first. A new quarter or a new threshold is a
line, never a change of code. The values of the law are in ``parvis.parameters.law``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
LAST_QUARTER = 2
"""The last index published when July comes."""
METROPOLE = "metropole"
NAMES = {METROPOLE: "la métropole", "corsica": "la Corse", "overseas": "l’outre-mer"}
"""The zones of the index, as screens name them."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which point a July rent is refused, or is to be confirmed."""

    lowest_rent_cents: int
    highest_rent_cents: int
    increase_percent: int
    decrease_percent: int


@cache
def _lines(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def index_percent(year: int, zone: str = METROPOLE) -> Decimal | None:
    """The most a rent revised by the IRL may have grown from one July to the next, for the campaign of ``year``.

    Each lease names its quarter (loi 89-462 art. 17-1, I): of those a revision between the two Julys may rest on, from the first
    of the year before to the second of ``year``, the highest yearly change. None where none is known: an older one would say
    what the law does not.
    """
    named = (
        Decimal(line["yoy"])
        for line in _lines("irl.csv")
        if line["zone"] == zone and (year - 1, 1) <= (int(line["year"]), int(line["quarter"])) <= (year, LAST_QUARTER)
    )
    return max(named, default=None)


def zone_of(caf_code: str) -> str:
    """The zone whose index holds where an office is: Corsica and overseas have their own."""
    return zones().get(caf_code, METROPOLE)


@cache
def zones() -> dict[str, str]:
    """The zone of each office that is not of metropolitan France."""
    return {line["caf_code"]: line["zone"] for line in _lines("zones.csv")}


def zones_without_index(year: int) -> list[str]:
    """The names of the zones whose index is not known for the campaign of ``year``: there only the other threshold holds."""
    return [name for zone, name in NAMES.items() if index_percent(year, zone) is None]


@cache
def thresholds(year: int) -> Thresholds:
    """The thresholds in force for the campaign of ``year``."""
    lines = sorted(_lines("july_rent.csv"), key=lambda line: int(line["from_year"]))
    values = {line["name"]: int(line["value"]) for line in lines if int(line["from_year"]) <= year}
    return Thresholds(**values)
