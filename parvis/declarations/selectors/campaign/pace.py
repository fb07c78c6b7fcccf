"""Rents sent day by day, of a campaign and of the one before: added up by the database, so that what is read does not grow with
the number of offices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Sum

from parvis.declarations.models import CampaignDay, RentCampaign
from parvis.declarations.models.running import DELAYS
from parvis.kit.clock import day_in_paris

DAYS_SHOWN = 42
"""Six weeks: more bars than that cannot be told apart; the file has every day."""
WAYS = {"grid": "Tableau", "file": "Fichier", "sheet": "Fiche", "paper": "Papier", "api": "API"}


class Bar(NamedTuple):
    """One bar of a chart: its words, its value, the one it is compared with (None: nothing to compare)."""

    label: str
    value: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """What was sent on a day by a way, or at an office: in all, confirmed, corrected, and in which time, by classes."""

    sent: int
    confirmed: int
    corrected: int
    delays: list[int]


class DayTotals(NamedTuple):
    """The totals of one day by one way."""

    year: int
    on: date
    way: str
    totals: Totals


_SUMS = {
    "all_sent": Sum("sent"),
    "all_confirmed": Sum("confirmed"),
    "all_corrected": Sum("corrected"),
    **{f"class_{number}": Sum(f"delays__{number}") for number in range(DELAYS)},
}


def _totals(row: Sequence[Any]) -> Totals:
    return Totals(row[0], row[1], row[2], list(row[3:]))


def added_up(rows: Iterable[Totals]) -> Totals:
    """All of these together."""
    found = list(rows)
    delays = [sum(column) for column in zip(*(row.delays for row in found), strict=True)] if found else [0] * DELAYS
    return Totals(
        sum(row.sent for row in found), sum(row.confirmed for row in found), sum(row.corrected for row in found), delays
    )


def day_totals(codes: Iterable[str], year: int) -> list[DayTotals]:
    """Those of a campaign and of the one before at these offices together: a row a day and way."""
    key = ("year", "sent_on", "way")
    days = CampaignDay.objects.filter(year__in=(year, year - 1), caf_code__in=list(codes)).order_by(*key)
    rows = days.values(*key).annotate(**_SUMS).values_list(*key, *_SUMS)
    return [DayTotals(row[0], row[1], row[2], _totals(row[3:])) for row in rows]


def office_totals(codes: Iterable[str], year: int, *, until: date | None = None) -> dict[str, Totals]:
    """Those of each office in a campaign, up to a day where one is given."""
    days = CampaignDay.objects.filter(year=year, caf_code__in=list(codes)).order_by("caf_code")
    if until is not None:
        days = days.filter(sent_on__lte=until)
    return {
        row[0]: _totals(row[1:]) for row in days.values("caf_code").annotate(**_SUMS).values_list("caf_code", *_SUMS)
    }


@dataclass(frozen=True, slots=True)
class Pace:
    """Rents sent so many days after the opening, in a campaign and in the one before, by way.

    ``opened_before`` is the opening of the one before, None when there was none. ``last`` is the last day shown: today, or when the
    campaign is long over, the last on which a rent was sent.
    """

    opens_on: date
    own: Counter[tuple[int, str]]
    before: Counter[int] | None
    opened_before: date | None
    today: int
    last: int

    def sent(self, first: int, days: int) -> int:
        """Sent in so many days from the ``first`` after the opening."""
        return sum(self.own[rank, way] for rank in range(first, first + days) for way in WAYS)

    def sent_before(self, first: int, days: int) -> int | None:
        """The same a year before; None when there was no campaign."""
        return None if self.before is None else sum(self.before[rank] for rank in range(first, first + days))

    @property
    def same_day_before(self) -> date | None:
        """The day as far from its opening as today is; None when there was no campaign."""
        return self.opened_before + timedelta(days=self.today) if self.before and self.opened_before else None

    def bar(self, first: int, days: int) -> Bar:
        """Both, with the day they begin."""
        on = self.opens_on + timedelta(days=first)
        return Bar(f"{on.day:02d}/{on.month:02d}", self.sent(first, days), self.sent_before(first, days))


def pace_of(rows: Sequence[DayTotals], year: int, *, at: datetime) -> Pace | None:
    """Both campaigns counted from their openings; None when this one has none. What came before the opening is its first day."""
    opened = dict(RentCampaign.objects.filter(office=None, year__in=(year, year - 1)).values_list("year", "opens_on"))
    if year not in opened:
        return None
    own: Counter[tuple[int, str]] = Counter()
    before: Counter[int] = Counter()
    for row in rows:
        if row.year not in opened:
            continue
        rank = max(0, (row.on - opened[row.year]).days)
        if row.year == year:
            own[rank, row.way] += row.totals.sent
        else:
            before[rank] += row.totals.sent
    last, today = max((rank for rank, _ in own), default=0), max(0, (day_in_paris(at) - opened[year]).days)
    shown = today if today - last <= DAYS_SHOWN else last
    return Pace(opened[year], own, before or None, opened.get(year - 1), today, shown)
