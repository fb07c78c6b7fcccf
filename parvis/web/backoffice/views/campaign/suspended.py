"""Whose aid is suspended for want of a July rent: a list, office by office, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from parvis.agents.services.openings import record_list
from parvis.declarations.selectors.campaign import running
from parvis.declarations.selectors.campaign import suspended as selectors
from parvis.kit.actors import Duty
from parvis.kit.periods import day
from parvis.kit.refusals import NotFound
from parvis.sheets.writing import TYPES, Cell
from parvis.web.backoffice.downloads import table_file
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views.campaign.dashboard import asked, tabs
from parvis.web.frame.render import render

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
    year, office = asked(request)
    ending = request.GET.get("format", "csv")
    offices = running.seen_offices(request.actor)
    if ending not in TYPES or (office and office not in offices):
        raise NotFound
    days = selectors.suspended_since(request.actor, year, at=request.now)
    found = selectors.all_suspended(request.actor, year, office, at=request.now)
    name = f"aides-suspendues-{year}" + (f"-{office}" if office else "")
    return table_file(request, "campaign_suspended", name, ending, HEADER, _rows(found, offices, days))


def _rows(
    found: Iterator[selectors.SuspendedAid], offices: dict[str, str], days: dict[str, date]
) -> Iterator[list[Cell]]:
    for aid in found:
        yield [
            offices[aid.caf_code], day(days[aid.caf_code]), aid.claimant_number, aid.tenant, aid.landlord,
            aid.user_number, aid.phone,
        ]  # fmt: skip
