"""The figures of a campaign, for agents: as they were last counted, at the offices where the agent follows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from parvis.declarations.models import OPEN_STATES, CampaignFigure, RentCampaign
from parvis.declarations.rules import median_class
from parvis.declarations.selectors.campaign.pace import (
    DAYS_SHOWN,
    WAYS,
    Bar,
    DayTotals,
    Pace,
    Totals,
    added_up,
    day_totals,
    office_totals,
    pace_of,
)
from parvis.declarations.selectors.campaign.running import seen_offices
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound

WEEKS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class OfficeShare:
    """Where one office stands; ``before`` is where it stood as many days after the opening a year ago, of a hundred."""

    code: str
    name: str
    sent: int
    total: int
    before: int | None = None

    @property
    def percent(self) -> int:
        """Rents sent, of a hundred."""
        return _percent(self.sent, self.total)


@dataclass(frozen=True, slots=True)
class Before:
    """The campaign before, as many days after its opening as today; ``percent`` None: how many rents it had is not known."""

    sent: int
    percent: int | None
    confirmed: int
    corrected: int
    median: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The figures of a campaign at the offices the agent follows; ``counted_at`` None: not counted yet; ``before`` None: the campaign
    before left nothing to compare with."""

    year: int
    counted_at: datetime | None
    sent: int
    total: int
    before: Before | None
    landlords: int
    owing: int
    never_signed_in: int
    to_confirm: int
    to_correct: int
    confirmed: int
    corrected: int
    suspended: int
    median: str
    weeks: list[Bar]
    days: list[Bar]
    offices: list[OfficeShare]
    ways: list[Bar]

    @property
    def percent(self) -> int:
        """Rents sent, of a hundred."""
        return _percent(self.sent, self.total)


def dashboard(actor: Actor, year: int, *, office: str = "", at: datetime) -> Dashboard:
    """The campaign of a year, at one of the agent's offices or at all of them together."""
    names = _asked(actor, office)
    figures = list(CampaignFigure.objects.filter(year=year, caf_code__in=list(names)))
    days = day_totals(names, year)
    own, pace = added_up(row.totals for row in days if row.year == year), pace_of(days, year, at=at)
    until = pace.same_day_before if pace else None
    totals = _totals_before(names, year) if until else {}
    shares = _shares(names, figures, totals, year, until=until)
    return Dashboard(
        year=year,
        counted_at=min((row.counted_at for row in figures), default=None),
        sent=sum(share.sent for share in shares),
        total=sum(share.total for share in shares),
        before=_before(days, year, sum(totals.values()), until=until) if until else None,
        landlords=sum(row.landlords for row in figures),
        owing=sum(row.owing for row in figures),
        never_signed_in=sum(row.never_signed_in for row in figures),
        to_confirm=sum(row.to_confirm for row in figures),
        to_correct=sum(row.to_correct for row in figures),
        confirmed=own.confirmed,
        corrected=own.corrected,
        suspended=_suspended(year, figures, at=at),
        median=median_class(own.delays),
        weeks=_weeks(pace) if pace else [],
        days=_days(pace) if pace else [],
        offices=sorted(shares, key=lambda share: (share.percent, share.name)),
        ways=_ways(days, year, until=until),
    )


def _percent(sent: int, total: int) -> int:
    """At most a hundred: a rent that was refused is sent twice."""
    return min(100, sent * 100 // total) if total else 0


def _totals_before(names: dict[str, str], year: int) -> dict[str, int]:
    """How many rents each office had the year before."""
    rows = CampaignFigure.objects.filter(year=year - 1, caf_code__in=list(names))
    return {row.caf_code: _share(names[row.caf_code], row).total for row in rows}


def _shares(
    names: dict[str, str], figures: list[CampaignFigure], totals: dict[str, int], year: int, *, until: date | None
) -> list[OfficeShare]:
    """Each office, beside what it had sent by the same day a year ago."""
    sent = office_totals(names, year - 1, until=until) if until else {}
    found = []
    for row in figures:
        share, total = _share(names[row.caf_code], row), totals.get(row.caf_code, 0)
        before = sent[row.caf_code].sent if row.caf_code in sent else 0
        found.append(replace(share, before=_percent(before, total) if total else None))
    return found


def _before(days: Iterable[DayTotals], year: int, total: int, *, until: date) -> Before:
    then = added_up(row.totals for row in days if row.year == year - 1 and row.on <= until)
    percent = _percent(then.sent, total) if total else None
    return Before(then.sent, percent, then.confirmed, then.corrected, median_class(then.delays))


def _ways(days: Iterable[DayTotals], year: int, *, until: date | None) -> list[Bar]:
    """Way by way, the most used first, beside the same day a year ago."""
    now: Counter[str] = Counter()
    before: Counter[str] = Counter()
    for row in days:
        if row.year == year:
            now[row.way] += row.totals.sent
        elif until is not None and row.on <= until:
            before[row.way] += row.totals.sent
    ranked = sorted(WAYS.items(), key=lambda pair: -now[pair[0]])
    return [Bar(words, now[way], before[way] if until else None) for way, words in ranked]


def _share(name: str, row: CampaignFigure) -> OfficeShare:
    left = sum(getattr(row, state) for state in OPEN_STATES)
    return OfficeShare(row.caf_code, name, row.submitted + row.integrated, left + row.submitted + row.integrated)


def _suspended(year: int, figures: list[CampaignFigure], *, at: datetime) -> int:
    """Rents missing where the day of suspension has come."""
    rows = RentCampaign.objects.filter(year=year).values_list("office_id", "suspension_on")
    days: dict[str | None, date] = {code: on for code, on in rows}  # noqa: C416 - the office of a campaign may be none
    today, found = day_in_paris(at), 0
    for row in figures:
        on = days.get(row.caf_code) or days.get(None)
        if on is not None and on <= today:
            found += sum(getattr(row, state) for state in OPEN_STATES)
    return found


def _weeks(pace: Pace) -> list[Bar]:
    """Week by week from the opening."""
    return [pace.bar(week * 7, 7) for week in range(min(pace.last // 7 + 1, WEEKS_SHOWN))]


def _days(pace: Pace) -> list[Bar]:
    """Day by day, the last ones."""
    return [pace.bar(rank, 1) for rank in range(max(0, pace.last + 1 - DAYS_SHOWN), pace.last + 1)]


class DayLine(NamedTuple):
    """One day of a campaign, as the file says it: by way, then beside the same day of the campaign before."""

    on: date
    by_way: list[int]
    sent: int
    so_far: int
    before: int | None
    before_so_far: int | None


def day_lines(actor: Actor, year: int, *, office: str = "", at: datetime) -> Iterator[DayLine]:
    """Every day from the opening."""
    pace = pace_of(day_totals(_asked(actor, office), year), year, at=at)
    if pace is None:
        return
    so_far, before_so_far = 0, 0
    for rank in range(pace.last + 1):
        by_way = [pace.own[rank, way] for way in WAYS]
        before = pace.sent_before(rank, 1)
        so_far, before_so_far = so_far + sum(by_way), before_so_far + (before or 0)
        yield DayLine(
            pace.opens_on + timedelta(days=rank), by_way, sum(by_way), so_far, before,
            None if before is None else before_so_far,
        )  # fmt: skip


class OfficeLine(NamedTuple):
    """The figures of one office, as the file says them."""

    share: OfficeShare
    figure: CampaignFigure
    confirmed: int
    corrected: int
    suspended: int
    median: str


def office_lines(actor: Actor, year: int, *, office: str = "", at: datetime) -> Iterator[OfficeLine]:
    """Where each office stands, by name."""
    names = _asked(actor, office)
    totals, none = office_totals(names, year), added_up(())
    for figure in sorted(
        CampaignFigure.objects.filter(year=year, caf_code__in=list(names)), key=lambda row: names[row.caf_code]
    ):
        own: Totals = totals.get(figure.caf_code, none)
        yield OfficeLine(
            _share(names[figure.caf_code], figure), figure, own.confirmed, own.corrected,
            _suspended(year, [figure], at=at), median_class(own.delays),
        )  # fmt: skip


def _asked(actor: Actor, office: str) -> dict[str, str]:
    """The office asked about, else all the agent follows."""
    names = seen_offices(actor)
    if office and office not in names:
        raise NotFound
    return {office: names[office]} if office else names
