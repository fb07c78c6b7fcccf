"""« Avis »: how simple journeys are said to be, what people would change, which articles of help do not help."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse

from parvis.kit.actors import Duty
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import month, months_back
from parvis.opinions.rules import Journey, journey_named
from parvis.opinions.selectors import help_of, months_of, remarks_page
from parvis.parameters.texts import entries_of, family_of
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render

MONTHS = 12


@agent_page(Duty.READ_OPINIONS)
def opinions(request: AgentRequest) -> HttpResponse:
    """One journey: the scores of its last twelve months, then the remarks, newest first."""
    journey = journey_named(request.GET.get("parcours", "")) or Journey.JULY
    before = request.GET.get("avant", "")
    place = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    remarks, following = remarks_page(request.actor, journey, before=place)
    here = f"?parcours={journey.value}"
    context = {
        "journey": journey,
        "journeys": [(one.label, f"?parcours={one.value}", one is journey) for one in Journey],
        "months": months_of(request.actor, journey, _months(request)),
        "remarks": remarks,
        "first": here if place else None,
        "following": f"{here}&avant={following}#remarques" if following else None,
    }
    return render(request, "backoffice/opinions/opinions.html", context)


@agent_page(Duty.READ_OPINIONS)
def help_opinions(request: AgentRequest) -> HttpResponse:
    """One month of the articles of help: first those that helped fewest."""
    months = _months(request)
    named = {f"{one:%Y-%m}": one for one in reversed(months)}
    chosen = named.get(request.GET.get("mois", ""), months[-1])
    titles = {entry.key: entry.title for entry in entries_of(family_of("help"))}
    context = {
        "shown": chosen,
        "months": [(month(one).capitalize(), f"?mois={word}", one == chosen) for word, one in named.items()],
        "lines": [(line, titles.get(line.article, "")) for line in help_of(request.actor, chosen)],
    }
    return render(request, "backoffice/opinions/help.html", context)


def _months(request: AgentRequest) -> list[date]:
    """The last twelve, oldest first."""
    return months_back(day_in_paris(request.now).replace(day=1), MONTHS)
