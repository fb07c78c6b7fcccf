"""Who has not declared: a list to call, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from parvis.agents.services.openings import record_list
from parvis.declarations.selectors.campaign import owing as selectors
from parvis.declarations.selectors.campaign import running
from parvis.kit.actors import Duty
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import day
from parvis.kit.refusals import NotFound
from parvis.sheets.writing import TYPES, Cell
from parvis.web.backoffice.downloads import table_file
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
    year, office = asked(request)
    ending = request.GET.get("format", "csv")
    offices = running.seen_offices(request.actor)
    if ending not in TYPES or (office and office not in offices):
        raise NotFound
    never = request.GET.get("qui") == NEVER
    found = selectors.all_owing(request.actor, year, office, never_signed_in=never)
    name = f"loyers-{year}-{'jamais-connectes' if never else 'a-relancer'}" + (f"-{office}" if office else "")
    return table_file(request, "campaign_owing", name, ending, HEADER, _rows(found, offices))


def _rows(found: Iterator[selectors.Owing], offices: dict[str, str]) -> Iterator[list[Cell]]:
    for who in found:
        came = day(day_in_paris(who.came_at)) if who.came_at else "Jamais"
        yield [offices[who.caf_code], who.name, who.user_number, who.left, who.sent, came, who.phone]
