"""How the campaign runs, for agents: dates, waves, figures. Limited to the offices where the agent follows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from parvis.correspondence.models import Channel
from parvis.declarations.models import OPEN_STATES, CampaignDay, CampaignFigure, CampaignWave, RentCampaign
from parvis.declarations.rules import Dates, median_class
from parvis.declarations.services.reminders import running, waves
from parvis.kit.actors import Actor, Duty
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound
from parvis.landlords.models import Office
from parvis.parameters import catalogue
from parvis.parameters.selectors import value

WEEKS_SHOWN = 30


class DatesLine(NamedTuple):
    """The dates of one office; ``code`` is empty for all that have none of their own."""

    code: str
    name: str
    dates: Dates
    may_change: bool


def campaign_years(*, at: datetime) -> list[int]:
    """The years that have a campaign, the newest first; those that are not open yet too."""
    return list(RentCampaign.objects.order_by("-year").values_list("year", flat=True).distinct()[:10])


def shown_year(asked: str, *, at: datetime) -> int:
    """The year asked for, else that of the campaign of the day; there must be a campaign."""
    years = campaign_years(at=at)
    if not years:
        raise NotFound
    if asked:
        if asked not in {str(year) for year in years}:
            raise NotFound
        return int(asked)
    opened = RentCampaign.objects.filter(opens_on__lte=day_in_paris(at)).order_by("-year")
    return opened.values_list("year", flat=True).first() or years[-1]


def seen_offices(actor: Actor, duty: Duty = Duty.SEE_CAMPAIGN) -> dict[str, str]:
    """Code and name of the offices where the agent holds the duty, by name."""
    held = actor.offices_of(duty)
    found = Office.objects.all() if held is None else Office.objects.filter(pk__in=held)
    return dict(found.order_by("name").values_list("caf_code", "name"))


def dates_lines(actor: Actor, year: int) -> list[DatesLine]:
    """The dates of all offices, then of those seen that have their own."""
    names = seen_offices(actor)
    held = actor.offices_of(Duty.RUN_CAMPAIGN)
    rows = RentCampaign.objects.filter(Q(office=None) | Q(office__in=list(names)), year=year)
    lines = [
        DatesLine(
            row.office_id or "",
            names[row.office_id] if row.office_id else "Toutes les caisses",
            Dates(row.opens_on, row.deadline_on, row.suspension_on),
            held is None or row.office_id in held,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (bool(line.code), line.name))


class WaveLine(NamedTuple):
    """One wave by one channel: what is planned, what left, whether it is held back. ``people`` is about how many it would tell."""

    office: str
    office_name: str
    name: str
    kind: str
    on: date
    channel: Channel
    is_over: bool
    is_begun: bool
    people: int
    written: int
    last_at: datetime | None
    paused_at: datetime | None
    paused_by: str


def wave_lines(actor: Actor, year: int, *, at: datetime) -> list[WaveLine]:
    """Every wave of the campaigns the agent sees, in the order of their days."""
    names, today = seen_offices(actor), day_in_paris(at)
    campaigns = RentCampaign.objects.filter(Q(office=None) | Q(office__in=list(names)), year=year)
    kept = {(row.office_id, row.wave, row.channel): row for row in CampaignWave.objects.filter(year=year)}
    own = set(campaigns.exclude(office=None).values_list("office_id", flat=True))
    lines = []
    for campaign in campaigns:
        concerned = _figures(year, {campaign.office_id} if campaign.office_id else None, own)
        for wave in running.waves_of(campaign):
            for channel in _channels(wave.kind):
                row = kept.get((campaign.office_id, wave.name, channel.value))
                by_post = sum(figure.owing_by_post for figure in concerned)
                owing = sum(figure.owing for figure in concerned)
                lines.append(
                    WaveLine(
                        campaign.office_id or "", names[campaign.office_id] if campaign.office_id else "", wave.name,
                        wave.kind, wave.on, channel, wave.on + waves.GRACE < today, wave.on <= today,
                        by_post if channel == Channel.LETTER else owing - by_post, row.written if row else 0,
                        row.last_at if row else None, row.paused_at if row else None, row.paused_by if row else "",
                    )
                )  # fmt: skip
    return sorted(lines, key=lambda line: (line.on, line.office_name, line.channel))


def _channels(kind: str) -> Iterator[Channel]:
    yield Channel.EMAIL
    if kind == waves.OPENING or (kind != waves.CLOSING and value(catalogue.REMINDER_LETTERS)):
        yield Channel.LETTER


def _figures(year: int, offices: set[str] | None, without: set[str]) -> list[CampaignFigure]:
    rows = CampaignFigure.objects.filter(year=year)
    return list(rows.exclude(caf_code__in=without) if offices is None else rows.filter(caf_code__in=offices))


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
    offices: list[OfficeShare]
    ways: list[Bar]

    @property
    def percent(self) -> int:
        """Rents sent, of a hundred."""
        return self.sent * 100 // self.total if self.total else 0


WAYS = {"grid": "Tableau", "file": "Fichier", "sheet": "Fiche", "paper": "Papier", "api": "API"}


def dashboard(actor: Actor, year: int, *, office: str = "", at: datetime) -> Dashboard:
    """The campaign of a year, at one of the agent's offices or at all of them together."""
    names = seen_offices(actor)
    if office and office not in names:
        raise NotFound
    codes = [office] if office else list(names)
    figures = list(CampaignFigure.objects.filter(year=year, caf_code__in=codes))
    days = list(CampaignDay.objects.filter(year__in=(year, year - 1), caf_code__in=codes))
    own = [row for row in days if row.year == year]
    ways: Counter[str] = Counter()
    for row in own:
        ways[row.way] += row.sent
    delays = [sum(column) for column in zip(*(row.delays for row in own), strict=True)] if own else [0] * 8
    weeks, sent_before = _weeks(days, year, at=at)
    shares = [_share(names[row.caf_code], row) for row in figures if row.caf_code in names]
    return Dashboard(
        year=year,
        counted_at=min((row.counted_at for row in figures), default=None),
        sent=sum(share.sent for share in shares),
        total=sum(share.total for share in shares),
        sent_before=sent_before,
        landlords=sum(row.landlords for row in figures),
        owing=sum(row.owing for row in figures),
        never_signed_in=sum(row.never_signed_in for row in figures),
        to_confirm=sum(row.to_confirm for row in figures),
        to_correct=sum(row.to_correct for row in figures),
        confirmed=sum(row.confirmed for row in own),
        corrected=sum(row.corrected for row in own),
        suspended=_suspended(year, figures, at=at),
        median=median_class(delays),
        weeks=weeks,
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


def _weeks(days: list[CampaignDay], year: int, *, at: datetime) -> tuple[list[Bar], int | None]:
    """Rents sent week by week from the opening, beside the same weeks of the year before; and its sum until this day."""
    opened = {row.year: row.opens_on for row in RentCampaign.objects.filter(office=None, year__in=(year, year - 1))}
    counted: Counter[tuple[int, int]] = Counter()
    until: Counter[int] = Counter()
    today = day_in_paris(at)
    for row in days:
        opens = opened.get(row.year)
        if opens is None:
            continue
        counted[row.year, max(0, (row.sent_on - opens).days // 7)] += row.sent
        if row.year == year or (year in opened and row.sent_on - opens <= today - opened[year]):
            until[row.year] += row.sent
    has_before = any(row.year == year - 1 for row in days)
    if year not in opened:
        return [], None
    last = max(
        [week for of, week in counted if of == year]
        + [(today - opened[year]).days // 7 if today >= opened[year] else 0]
    )
    weeks = [
        Bar(
            _week(opened[year] + timedelta(weeks=week)),
            counted[year, week],
            counted[year - 1, week] if has_before else None,
        )
        for week in range(min(last + 1, WEEKS_SHOWN))
    ]
    return weeks, until[year - 1] if has_before else None


def _week(monday: date) -> str:
    return f"{monday.day:02d}/{monday.month:02d}"


def values_of_waves() -> dict[str, Any]:
    """The pace in force, as the page of the waves says it."""
    pace = waves.pace_in_force()
    return {"after": pace.after_opening, "before": pace.before_deadline, "late": pace.late_every}
