"""« Tableau de campagne »: where the July rents stand."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from parvis.declarations.selectors.campaign import running
from parvis.kit.actors import Duty
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
    )
    return [(words, f"{address(name)}?annee={year}", name == here) for words, name in pages]


@agent_page(Duty.SEE_CAMPAIGN)
def dashboard(request: AgentRequest) -> HttpResponse:
    """The figures as they were last counted, at one office or at all the agent follows."""
    if not running.campaign_years(at=request.now):
        return render(request, "backoffice/campaign/none.html", {})
    year, office = asked(request)
    found = running.dashboard(request.actor, year, office=office, at=request.now)
    context: dict[str, Any] = {
        "board": found,
        "year": year,
        "office": office,
        "year_choices": [(of, of) for of in running.campaign_years(at=request.now)],
        "office_choices": [("", "Toutes mes caisses"), *running.seen_offices(request.actor).items()],
        "office_bars": [running.Bar(share.name, share.percent) for share in found.offices],
        "way_bars": found.ways,
        "tabs": tabs(year, "agent-campaign"),
        "compared": any(bar.before is not None for bar in found.weeks),
    }
    return render(request, "backoffice/campaign/dashboard.html", context)
