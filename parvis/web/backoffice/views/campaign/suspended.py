"""Whose aid is suspended for want of a July rent: a list, office by office, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase

from parvis.agents.services.openings import record_list
from parvis.declarations.selectors.campaign import running
from parvis.declarations.selectors.campaign import suspended as selectors
from parvis.kit.actors import Actor, Duty
from parvis.kit.periods import day
from parvis.kit.refusals import NotFound
from parvis.sheets.writing import TYPES, Cell
from parvis.web.backoffice.downloads import PersonalTable, exported, personal_file
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views.campaign.dashboard import asked, tabs
from parvis.web.frame.render import render

KIND = "campaign_suspended"
HEADER = (
    "Caisse", "Suspendue depuis le", "N° allocataire", "Locataire", "Bailleur", "N° d’utilisateur du bailleur",
    "Téléphone du bailleur",
)  # fmt: skip


@agent_page(Duty.SEE_CAMPAIGN)
def suspended(request: AgentRequest) -> HttpResponse:
    """One office at a time, landlord by landlord; an office whose day has not come has none."""
    year, office = asked(request)
    offices = running.seen_offices(request.actor)
    days = selectors.suspended_since(request.actor, year, at=request.now)
    office = office or next(iter(days or offices), "")
    lines = selectors.suspended_at(
        request.actor, year, office, after=_after(request), limit=selectors.PAGE + 1, at=request.now
    )
    shown = lines[: selectors.PAGE]
    here = f"?annee={year}&caisse={office}"
    record_list(f"suspended:{year}:{office}", len(shown), by=request.actor, at=request.now)
    context = {
        "year": year,
        "office": office,
        "offices": offices,
        "since": days.get(office),
        "several": len(days) > 1,
        "lines": shown,
        "following": f"{here}&apres={shown[-1].tenancy}" if len(lines) > len(shown) else None,
        "first": here if request.GET.get("apres") else None,
        "here": here,
        "opens": request.actor.holds(Duty.OPEN_FILES, [office]),
        "tabs": tabs(year, "agent-campaign-suspended"),
    }
    return render(request, "backoffice/campaign/suspended.html", context)


def _after(request: AgentRequest) -> UUID | None:
    try:
        return UUID(asked_for) if (asked_for := request.GET.get("apres", "")) else None
    except ValueError as error:
        raise NotFound from error


@agent_page(Duty.SEE_CAMPAIGN)
def file(request: AgentRequest) -> HttpResponseBase:
    """The whole list, of one office or of all, as a spreadsheet."""
    return personal_file(table(request.actor, request.GET, at=request.now), by=request.actor, at=request.now)


def table(actor: Actor, asked_for: QueryDict, *, at: datetime) -> PersonalTable:
    """What the file of an address holds."""
    year, office = running.shown_year(asked_for.get("annee", ""), at=at), asked_for.get("caisse", "")
    ending, offices = asked_for.get("format", "csv"), running.seen_offices(actor)
    if ending not in TYPES or (office and office not in offices):
        raise NotFound
    days = selectors.suspended_since(actor, year, at=at)
    found = selectors.all_suspended(actor, year, office, at=at)
    name = f"aides-suspendues-{year}" + (f"-{office}" if office else "")
    return PersonalTable(
        kind=KIND,
        title=f"Aides suspendues, {year}, {offices[office] if office else 'toutes les caisses'}",
        query={"annee": str(year), "caisse": office, "format": ending},
        name=name,
        ending=ending,
        header=HEADER,
        rows=_rows(found, offices, days),
        duty=Duty.SEE_CAMPAIGN,
        offices=(office,) if office else tuple(offices),
        note=exported(KIND, name, ending, by=actor, at=at),
    )


def _rows(
    found: Iterator[selectors.SuspendedAid], offices: dict[str, str], days: dict[str, date]
) -> Iterator[list[Cell]]:
    for aid in found:
        yield [
            offices[aid.caf_code], day(days[aid.caf_code]), aid.claimant_number, aid.tenant, aid.landlord,
            aid.user_number, aid.phone,
        ]  # fmt: skip
