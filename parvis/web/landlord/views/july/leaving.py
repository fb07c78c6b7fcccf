"""« Reprendre plus tard »: nothing is lost, nothing is sent; what is ready is offered to be sent first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.services.reminders.writing import promised_on
from parvis.kit.actors import Right
from parvis.kit.periods import long_day
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.views.tenants import campaign_asked, year_query

SAVED = "Votre saisie est enregistrée. Elle n’est pas encore transmise."


@page(needing(Right.DECLARE), writes=True)
def later(request: PageRequest) -> HttpResponse:
    """« n loyers saisis ne sont pas transmis. » Transmettre maintenant, ou plus tard: then it says when one is reminded."""
    card, home = campaign_asked(request), reverse("landlord-home", args=[request.standing.account_reference])
    if request.method == "POST":
        messages.info(request, promised(request))
        return HttpResponseRedirect(home)
    if card is None or not card.drafted:
        messages.success(request, SAVED)
        return HttpResponseRedirect(home)
    return render(request, "landlord/july/later.html", {"card": card, "year_query": year_query(request, card)})


def promised(request: PageRequest) -> str:
    """What is said to those who leave typed rents unsent (ux.md B13.2)."""
    day = promised_on(request.actor.account_id, at=request.now)
    if day is None:
        return "D’accord. Vos loyers vous attendent dans la grille. Vous avez choisi de ne pas recevoir de rappel."
    return f"D’accord. Nous vous le rappellerons par mail le {long_day(day)}."
