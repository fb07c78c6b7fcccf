"""« Préparer un courrier »: a letter to landlords who have never signed in and have rents left."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.selectors.campaign import board, running
from parvis.declarations.services.reminders import writing
from parvis.declarations.services.reminders.by_post import NOT_SINCE
from parvis.kit.actors import Duty
from parvis.kit.refusals import DutyMissing, NotFound, Refusal
from parvis.parameters.catalogue import LETTER_PRICE
from parvis.parameters.selectors import value
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views.campaign.dashboard import asked, tabs
from parvis.web.frame.render import render


@agent_page(Duty.RUN_CAMPAIGN, writes=True)
def letters(request: AgentRequest) -> HttpResponse:
    """How many at most, at what price; one click writes them, and a batch prints them."""
    year, office = asked(request)
    offices = running.seen_offices(request.actor, Duty.RUN_CAMPAIGN)
    if office and office not in offices:
        raise NotFound
    if request.method == "POST":
        return _written(request, year, office)
    found = board.dashboard(request.actor, year, office=office, at=request.now)
    context = {
        "year": year,
        "office": office,
        "office_choices": [("", "Toutes les caisses"), *offices.items()],
        "board": found,
        "cost": found.never_signed_in * value(LETTER_PRICE),
        "days": NOT_SINCE.days,
        "tabs": tabs(year, "agent-campaign-owing"),
    }
    return render(request, "backoffice/campaign/letters.html", context)


def _written(request: AgentRequest, year: int, office: str) -> HttpResponse:
    here = HttpResponseRedirect(
        f"{reverse('agent-campaign-letters')}?annee={year}" + (f"&caisse={office}" if office else "")
    )
    try:
        count = writing.write_to_never_signed_in(year, office, by=request.actor, at=request.now)
    except (NotFound, DutyMissing):
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
        return here
    if not count:
        messages.info(request, "Aucune lettre à écrire\u00a0: chacun en a déjà reçu une ce mois-ci.")
        return here
    words = "1\u00a0lettre est écrite" if count == 1 else f"{count}\u00a0lettres sont écrites"
    if writing.some_left(year, office, by=request.actor, at=request.now):
        messages.warning(request, f"{words}, mais il en reste à écrire\u00a0: cliquez à nouveau.")
        return here
    messages.success(request, f"C’est fait. {words}. Préparez maintenant un lot\u00a0: un autre agent le validera.")
    return HttpResponseRedirect(reverse("agent-letters"))
