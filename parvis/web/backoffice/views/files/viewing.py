"""« Voir comme le bailleur »: begun from the file, left from any page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.agents.refusals import NothingToView
from parvis.agents.services import viewings
from parvis.kit.actors import Duty
from parvis.landlords.selectors.for_agents.accounts import account_in
from parvis.landlords.selectors.for_agents.files import LandlordFile
from parvis.parameters.catalogue import AGENT_VIEWING
from parvis.parameters.selectors import value
from parvis.web.backoffice.files.opened import file_page
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render


@file_page(Duty.VIEW_AS, writes=True)
def begin(request: AgentRequest, file: LandlordFile, holder: str) -> HttpResponse:
    """Say what it means, then open the space of an account for reading."""
    card = account_in(file.partner_id, holder, at=request.now)
    if request.method == "POST":
        session = request.agent.session_id
        try:
            viewings.begin(session, file.partner_id, card.reference, by=request.actor, at=request.now)
        except NothingToView as refusal:
            messages.warning(request, refusal.sentence)
            return HttpResponseRedirect(reverse("file-account", args=[file.partner_id, card.reference]))
        return HttpResponseRedirect(reverse("landlord-home", args=[card.reference]))
    return render(
        request, "backoffice/files/viewing.html", {"file": file, "account": card, "minutes": value(AGENT_VIEWING)}
    )


@agent_page(Duty.VIEW_AS, writes=True)
def leave(request: AgentRequest) -> HttpResponse:
    """Back to the file; to the search where nothing is viewed any more."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("file-search"))
    partner = viewings.leave(request.agent.session_id, by=request.actor, at=request.now)
    return HttpResponseRedirect(reverse("file", args=[partner]) if partner else reverse("file-search"))
