"""Who has not declared: a list to call, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase

from parvis.agents.services.openings import record_list
from parvis.declarations.selectors.campaign import owing as selectors
from parvis.declarations.selectors.campaign import running
from parvis.kit.actors import Actor, Duty
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import day
from parvis.kit.refusals import NotFound
from parvis.sheets.writing import TYPES, Cell
from parvis.web.backoffice.downloads import PersonalTable, exported, personal_file
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views.campaign.dashboard import asked, tabs
from parvis.web.frame.render import render

HEADER = (
    "Caisse",
    "Bailleur",
    "N° d’utilisateur",
    "Loyers restants",
    "Loyers transmis",
    "Première connexion",
    "Téléphone",
)
KIND = "campaign_owing"
NEVER = "jamais"
"""In the address: only those who have never signed in."""


@agent_page(Duty.SEE_CAMPAIGN)
def owing(request: AgentRequest) -> HttpResponse:
    """One office at a time, those with the most rents left first."""
    year, office = asked(request)
    offices = running.seen_offices(request.actor)
    office = office or next(iter(offices), "")
    never = request.GET.get("qui") == NEVER
    lines = selectors.owing_at(
        request.actor, year, office, after=_after(request), limit=selectors.PAGE + 1, never_signed_in=never
    )
    shown = lines[: selectors.PAGE]
    here = f"?annee={year}&caisse={office}" + (f"&qui={NEVER}" if never else "")
    record_list(f"campaign:{year}:{office}", len(shown), by=request.actor, at=request.now)
    context = {
        "year": year,
        "office": office,
        "offices": offices,
        "lines": shown,
        "who": NEVER if never else "",
        "who_choices": [("", "Tous"), (NEVER, "Ceux qui ne se sont jamais connectés")],
        "following": f"{here}&apres={shown[-1].left}-{shown[-1].partner_id}" if len(lines) > len(shown) else None,
        "first": here if request.GET.get("apres") else None,
        "here": here,
        "opens": request.actor.holds(Duty.OPEN_FILES, [office]),
        "tabs": tabs(year, "agent-campaign-owing"),
    }
    return render(request, "backoffice/campaign/owing.html", context)


def _after(request: AgentRequest) -> tuple[int, UUID] | None:
    left, _, who = request.GET.get("apres", "").partition("-")
    if not left:
        return None
    try:
        return min(int(left[:9]), 2**31 - 1), UUID(who)
    except ValueError as error:
        raise NotFound from error


@agent_page(Duty.SEE_CAMPAIGN)
def file(request: AgentRequest) -> HttpResponseBase:
    """The whole list, of one office or of all, as a spreadsheet."""
    return personal_file(table(request.actor, request.GET, at=request.now), by=request.actor, at=request.now)


def table(actor: Actor, asked_for: QueryDict, *, at: datetime) -> PersonalTable:
    """What the file of an address holds."""
    year, office = running.shown_year(asked_for.get("annee", ""), at=at), asked_for.get("caisse", "")
    ending, never = asked_for.get("format", "csv"), asked_for.get("qui") == NEVER
    offices = running.seen_offices(actor)
    if ending not in TYPES or (office and office not in offices):
        raise NotFound
    found = selectors.all_owing(actor, year, office, never_signed_in=never)
    name = f"loyers-{year}-{'jamais-connectes' if never else 'a-relancer'}" + (f"-{office}" if office else "")
    return PersonalTable(
        kind=KIND,
        title=f"Bailleurs à relancer, {year}, {offices[office] if office else 'toutes les caisses'}{', jamais connectés' if never else ''}",
        query={"annee": str(year), "caisse": office, "qui": NEVER if never else "", "format": ending},
        name=name,
        ending=ending,
        header=HEADER,
        rows=_rows(found, offices),
        duty=Duty.SEE_CAMPAIGN,
        offices=(office,) if office else tuple(offices),
        note=exported(KIND, name, ending, by=actor, at=at),
    )


def _rows(found: Iterator[selectors.Owing], offices: dict[str, str]) -> Iterator[list[Cell]]:
    for who in found:
        came = day(day_in_paris(who.came_at)) if who.came_at else "Jamais"
        yield [offices[who.caf_code], who.name, who.user_number, who.left, who.sent, came, who.phone]
