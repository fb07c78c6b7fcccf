"""What July rents are compared with now: asked once by a page or a file, which judges all its lines by it."""

from __future__ import annotations

from parvis.declarations.parameters import Norms, Thresholds, norms_from
from parvis.declarations.parameters.index import quarters
from parvis.parameters import catalogue
from parvis.parameters.selectors import value


def norms_of(year: int) -> Norms:
    """The norms of a campaign: the office's thresholds, and the index with the quarters typed since."""
    thresholds = Thresholds(
        lowest_rent_cents=value(catalogue.RENT_LOWEST),
        highest_rent_cents=value(catalogue.RENT_HIGHEST),
        increase_percent=value(catalogue.RENT_INCREASE),
        decrease_percent=value(catalogue.RENT_DECREASE),
        above_index_points=value(catalogue.RENT_ABOVE_INDEX),
    )
    return norms_from(year, thresholds, quarters())
