"""The first page of an agent: what their roles open, and what calls for them."""

from __future__ import annotations

from django.http import HttpResponse

from parvis.web.backoffice.desk.alarms import alarms_for
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.menu import tiles_for
from parvis.web.frame.render import render


@agent_page()
def home(request: AgentRequest) -> HttpResponse:
    """Tiles by duty, and how many alarms there are."""
    found = alarms_for(request.actor, at=request.now)
    return render(request, "backoffice/home.html", {"tiles": tiles_for(request.actor), "alarms": found})


@agent_page()
def alarms(request: AgentRequest) -> HttpResponse:
    """Each alarm with its sentence and where to act."""
    return render(request, "backoffice/running/alarms.html", {"alarms": alarms_for(request.actor, at=request.now)})
