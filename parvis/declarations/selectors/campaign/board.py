"""The figures of a campaign, for agents: as they were last counted, at the offices where the agent follows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from parvis.declarations.models import OPEN_STATES, CampaignDay, CampaignFigure, RentCampaign
from parvis.declarations.rules import median_class
from parvis.declarations.selectors.campaign.running import seen_offices
from parvis.kit.actors import Actor
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound

WEEKS_SHOWN = 30
DAYS_SHOWN = 42
"""Six weeks: more bars than that cannot be told apart; the file has every day."""


class Bar(NamedTuple):
    """One bar of a chart: its words, its value, the one it is compared with (None: nothing to compare)."""

    label: str
    value: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class OfficeShare:
    """Where one office stands."""

    code: str
    name: str
    sent: int
    total: int

    @property
    def percent(self) -> int:
        """Rents sent, of a hundred."""
        return self.sent * 100 // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The figures of a campaign at the offices the agent follows; ``counted_at`` None: not counted yet."""

    year: int
    counted_at: datetime | None
    sent: int
    total: int
    sent_before: int | None
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
        return self.sent * 100 // self.total if self.total else 0


WAYS = {"grid": "Tableau", "file": "Fichier", "sheet": "Fiche", "paper": "Papier", "api": "API"}


def dashboard(actor: Actor, year: int, *, office: str = "", at: datetime) -> Dashboard:
    """The campaign of a year, at one of the agent's offices or at all of them together."""
    names = _asked(actor, office)
    codes = list(names)
    figures = list(CampaignFigure.objects.filter(year=year, caf_code__in=codes))
    days = list(CampaignDay.objects.filter(year__in=(year, year - 1), caf_code__in=codes))
    own = [row for row in days if row.year == year]
    ways: Counter[str] = Counter()
    for row in own:
        ways[row.way] += row.sent
    pace = _pace(days, year, at=at)
    shares = [_share(names[row.caf_code], row) for row in figures if row.caf_code in names]
    return Dashboard(
        year=year,
        counted_at=min((row.counted_at for row in figures), default=None),
        sent=sum(share.sent for share in shares),
        total=sum(share.total for share in shares),
        sent_before=pace.sent_before(0, pace.today + 1) if pace else None,
        landlords=sum(row.landlords for row in figures),
        owing=sum(row.owing for row in figures),
        never_signed_in=sum(row.never_signed_in for row in figures),
        to_confirm=sum(row.to_confirm for row in figures),
        to_correct=sum(row.to_correct for row in figures),
        confirmed=sum(row.confirmed for row in own),
        corrected=sum(row.corrected for row in own),
        suspended=_suspended(year, figures, at=at),
        median=median_class(_delays(own)),
        weeks=_weeks(pace) if pace else [],
        days=_days(pace) if pace else [],
        offices=sorted(shares, key=lambda share: (share.percent, share.name)),
        ways=[Bar(words, ways[way]) for way, words in sorted(WAYS.items(), key=lambda pair: -ways[pair[0]])],
    )


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


@dataclass(frozen=True, slots=True)
class _Pace:
    """Rents sent so many days after the opening, in a campaign and in the one before, by way."""

    opens_on: date
    own: Counter[tuple[int, str]]
    before: Counter[int] | None
    today: int
    last: int
    """The last day shown: today, or when it is long over, the last on which a rent was sent."""

    def sent(self, first: int, days: int) -> int:
        """Sent in so many days from the ``first`` after the opening."""
        return sum(self.own[rank, way] for rank in range(first, first + days) for way in WAYS)

    def sent_before(self, first: int, days: int) -> int | None:
        """The same a year before; None when there was no campaign."""
        return None if self.before is None else sum(self.before[rank] for rank in range(first, first + days))

    def bar(self, first: int, days: int) -> Bar:
        """Both, with the day they begin."""
        on = self.opens_on + timedelta(days=first)
        return Bar(f"{on.day:02d}/{on.month:02d}", self.sent(first, days), self.sent_before(first, days))


def _pace(rows: list[CampaignDay], year: int, *, at: datetime) -> _Pace | None:
    """Both campaigns counted from their openings; None when this one has none. What came before the opening is its first day."""
    opened = dict(RentCampaign.objects.filter(office=None, year__in=(year, year - 1)).values_list("year", "opens_on"))
    if year not in opened:
        return None
    own: Counter[tuple[int, str]] = Counter()
    before: Counter[int] = Counter()
    for row in rows:
        if row.year not in opened:
            continue
        rank = max(0, (row.sent_on - opened[row.year]).days)
        if row.year == year:
            own[rank, row.way] += row.sent
        else:
            before[rank] += row.sent
    last, today = max((rank for rank, _ in own), default=0), max(0, (day_in_paris(at) - opened[year]).days)
    return _Pace(opened[year], own, before or None, today, today if today - last <= DAYS_SHOWN else last)


def _weeks(pace: _Pace) -> list[Bar]:
    """Week by week from the opening."""
    return [pace.bar(week * 7, 7) for week in range(min(pace.last // 7 + 1, WEEKS_SHOWN))]


def _days(pace: _Pace) -> list[Bar]:
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
    codes = list(_asked(actor, office))
    pace = _pace(list(CampaignDay.objects.filter(year__in=(year, year - 1), caf_code__in=codes)), year, at=at)
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
    days: dict[str, list[CampaignDay]] = {}
    for row in CampaignDay.objects.filter(year=year, caf_code__in=list(names)):
        days.setdefault(row.caf_code, []).append(row)
    for figure in sorted(
        CampaignFigure.objects.filter(year=year, caf_code__in=list(names)), key=lambda row: names[row.caf_code]
    ):
        own = days.get(figure.caf_code, [])
        yield OfficeLine(
            _share(names[figure.caf_code], figure), figure, sum(row.confirmed for row in own),
            sum(row.corrected for row in own), _suspended(year, [figure], at=at), median_class(_delays(own)),
        )  # fmt: skip


def _delays(days: list[CampaignDay]) -> list[int]:
    return [sum(column) for column in zip(*(row.delays for row in days), strict=True)] if days else [0] * 8


def _asked(actor: Actor, office: str) -> dict[str, str]:
    """The office asked about, else all the agent follows."""
    names = seen_offices(actor)
    if office and office not in names:
        raise NotFound
    return {office: names[office]} if office else names
