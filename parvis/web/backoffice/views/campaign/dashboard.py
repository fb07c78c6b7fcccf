"""« Tableau de campagne »: where the July rents stand, on the screen and as files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from parvis.declarations.parameters import zones_without_index
from parvis.declarations.selectors.campaign import board, running
from parvis.declarations.selectors.campaign.pace import WAYS, Bar
from parvis.declarations.selectors.grid.norms import norms_of
from parvis.kit.actors import Duty
from parvis.kit.periods import day, moment
from parvis.kit.refusals import NotFound
from parvis.sheets.writing import TYPES, Cell
from parvis.web.backoffice.downloads import table_file
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render
from parvis.web.frame.templating import address


def asked(request: AgentRequest) -> tuple[int, str]:
    """The year and the office of the address; both have a default."""
    return running.shown_year(request.GET.get("annee", ""), at=request.now), request.GET.get("caisse", "")


def tabs(year: int, here: str) -> list[tuple[str, str, bool]]:
    """The pages of a campaign."""
    pages = (
        ("Tableau", "agent-campaign"),
        ("Dates", "agent-campaign-dates"),
        ("Rappels", "agent-campaign-waves"),
        ("À relancer", "agent-campaign-owing"),
        ("Aides suspendues", "agent-campaign-suspended"),
    )
    return [(words, f"{address(name)}?annee={year}", name == here) for words, name in pages]


@agent_page(Duty.SEE_CAMPAIGN)
def dashboard(request: AgentRequest) -> HttpResponse:
    """The figures as they were last counted, at one office or at all the agent follows."""
    if not running.campaign_years(at=request.now):
        creates = request.actor.holds(Duty.RUN_CAMPAIGN, [])
        next_year = running.next_year(at=request.now) if creates else None
        return render(request, "backoffice/campaign/none.html", {"next_year": next_year})
    year, office = asked(request)
    found = board.dashboard(request.actor, year, office=office, at=request.now)
    by_day, here = request.GET.get("pas") == "jour", f"?annee={year}" + (f"&caisse={office}" if office else "")
    context: dict[str, Any] = {
        "board": found,
        "by_day": by_day,
        "points": found.days if by_day else found.weeks,
        "paces": [("Par semaine", here, not by_day), ("Par jour", f"{here}&pas=jour", by_day)],
        "here": here,
        "year": year,
        "without_index": " et ".join(zones_without_index(norms_of(year))),
        "edits_index": request.actor.holds(Duty.EDIT_TEXTS),
        "office": office,
        "year_choices": [(of, of) for of in running.campaign_years(at=request.now)],
        "office_choices": [("", "Toutes mes caisses"), *running.seen_offices(request.actor).items()],
        "office_bars": [Bar(share.name, share.percent, share.before) for share in found.offices],
        "way_bars": found.ways,
        "tabs": tabs(year, "agent-campaign"),
        "runs": request.actor.holds(Duty.RUN_CAMPAIGN, [office] if office else None),
        "compared": any(bar.before is not None for bar in found.weeks),
    }
    return render(request, "backoffice/campaign/dashboard.html", context)


@agent_page(Duty.SEE_CAMPAIGN)
def file(request: AgentRequest) -> HttpResponseBase:
    """The same figures as a spreadsheet: every day from the opening, or every office."""
    year, office = asked(request)
    ending, by = request.GET.get("format", "csv"), request.GET.get("par", "jour")
    if (
        ending not in TYPES
        or by not in ("jour", "caisse")
        or (office and office not in running.seen_offices(request.actor))
    ):
        raise NotFound
    name = f"loyers-{year}-par-{by}" + (f"-{office}" if office else "")
    if by == "jour":
        days = board.day_lines(request.actor, year, office=office, at=request.now)
        return table_file(request, "campaign_days", name, ending, _day_header(year), _day_rows(days))
    offices = board.office_lines(request.actor, year, office=office, at=request.now)
    return table_file(request, "campaign_offices", name, ending, OFFICE_HEADER, _office_rows(offices))


def _day_header(year: int) -> list[str]:
    return [
        "Jour", *WAYS.values(), "Transmis", "Transmis depuis l’ouverture",
        f"Transmis le même jour en {year - 1}", f"Depuis l’ouverture en {year - 1}",
    ]  # fmt: skip


def _day_rows(lines: Iterator[board.DayLine]) -> Iterator[list[Cell]]:
    for line in lines:
        yield [day(line.on), *line.by_way, line.sent, line.so_far, line.before, line.before_so_far]


OFFICE_HEADER = (
    "Code", "Caisse", "Loyers", "Transmis", "Part transmise (%)", "À déclarer", "Saisis, non transmis", "À confirmer",
    "À corriger", "Intégrés", "Refusés", "Confirmés", "Corrigés", "Bailleurs", "N’ont pas fini",
    "N’ont pas fini, sans mail", "Jamais connectés", "Loyers manquants, suspension commencée",
    "Délai médian, saisi → transmis", "Comptés le",
)  # fmt: skip


def _office_rows(lines: Iterator[board.OfficeLine]) -> Iterator[list[Cell]]:
    for share, row, confirmed, corrected, suspended, median in lines:
        yield [
            share.code, share.name, share.total, share.sent, share.percent, row.to_declare, row.drafted, row.to_confirm,
            row.to_correct, row.integrated, row.rejected, confirmed, corrected, row.landlords, row.owing,
            row.owing_by_post, row.never_signed_in, suspended, median, moment(row.counted_at),
        ]  # fmt: skip
