"""What July rents are compared with now: asked once by a page or a file, which judges all its lines by it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from parvis.declarations.parameters import Norms, Thresholds, norms_from
from parvis.declarations.parameters.index import quarters
from parvis.parameters import catalogue
from parvis.parameters.selectors import changed_since, value, was_changed

_BOUNDS = (catalogue.RENT_LOWEST, catalogue.RENT_HIGHEST)


def norms_of(year: int) -> Norms:
    """The norms of a campaign: the office's thresholds, and the index with the quarters typed since."""
    return norms_from(year, thresholds(), quarters())


def thresholds() -> Thresholds:
    """The office's thresholds in force."""
    return Thresholds(
        lowest_rent_cents=value(catalogue.RENT_LOWEST),
        highest_rent_cents=value(catalogue.RENT_HIGHEST),
        increase_percent=value(catalogue.RENT_INCREASE),
        decrease_percent=value(catalogue.RENT_DECREASE),
        above_index_points=value(catalogue.RENT_ABOVE_INDEX),
        low_rent_cents=value(catalogue.RENT_LOW),
        high_rent_cents=value(catalogue.RENT_HIGH),
    )


def have_moved() -> bool:
    """Whether a line may have been kept under other bounds than those in force; where not, nobody looks for one."""
    return any(was_changed(bound) for bound in _BOUNDS)


def moved_since(moment: datetime | None) -> bool:
    """Whether a bound was moved at a moment or after; ever, without one."""
    return have_moved() if moment is None else changed_since(_BOUNDS, moment)


def bounds() -> dict[str, Any]:
    """The bounds in force, as statements are given them (``rules.OUT_OF_BOUNDS``), in cents."""
    limits = thresholds()
    return {"lowest": limits.lowest_rent_cents, "highest": limits.highest_rent_cents}
