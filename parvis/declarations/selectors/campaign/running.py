"""How the campaign runs, for agents: dates and waves. Limited to the offices where the agent follows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q

from parvis.correspondence.models import Channel
from parvis.declarations.models import CampaignFigure, CampaignWave, RentCampaign
from parvis.declarations.rules import LATEST_OPENING, Dates
from parvis.declarations.services.reminders import running, waves
from parvis.kit.actors import Actor, Duty
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound
from parvis.landlords.models import Office


class DatesLine(NamedTuple):
    """The dates of one office; ``code`` is empty for all that have none of their own."""

    code: str
    name: str
    dates: Dates
    may_change: bool


def campaign_years(*, at: datetime) -> list[int]:
    """The years that have a campaign, the newest first; those that are not open yet too."""
    return list(RentCampaign.objects.order_by("-year").values_list("year", flat=True).distinct()[:10])


def next_year(*, at: datetime) -> int:
    """The year whose campaign may be created: the one after the last, and never one that could not open any more."""
    today = day_in_paris(at)
    possible = today.year if today < date(today.year, *LATEST_OPENING) else today.year + 1
    last = RentCampaign.objects.filter(office=None).order_by("-year").values_list("year", flat=True).first()
    return max(possible, last + 1) if last is not None else possible


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
            for channel in _channels(wave.kind, campaign.office_id):
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


def _channels(kind: str, office: str | None) -> Iterator[Channel]:
    yield Channel.EMAIL
    if waves.goes_by_post(kind, office):
        yield Channel.LETTER


def _figures(year: int, offices: set[str] | None, without: set[str]) -> list[CampaignFigure]:
    rows = CampaignFigure.objects.filter(year=year)
    return list(rows.exclude(caf_code__in=without) if offices is None else rows.filter(caf_code__in=offices))


class PaceLine(NamedTuple):
    """When the waves of a campaign leave, in days; ``name`` is that of the office whose own it is, empty for all others."""

    name: str
    pace: waves.Pace
    by_post: bool


def paces(actor: Actor, year: int) -> list[PaceLine]:
    """The pace of all offices, then that of each one seen whose own campaign has another."""
    names = seen_offices(actor)
    own = RentCampaign.objects.filter(office__in=list(names), year=year).values_list("office_id", flat=True)
    lines = [_pace("", None), *(_pace(names[code], code) for code in sorted(own, key=lambda code: names[code]))]
    return [line for line in lines if not line.name or line[1:] != lines[0][1:]]


def _pace(name: str, office: str | None) -> PaceLine:
    return PaceLine(name, waves.pace_in_force(office), waves.goes_by_post(waves.REMAINING, office))
