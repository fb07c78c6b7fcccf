"""The first page of an agent: what their roles open."""

from __future__ import annotations

from django.http import HttpResponse

from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.menu import tiles_for
from parvis.web.frame.render import render


@agent_page()
def home(request: AgentRequest) -> HttpResponse:
    """Tiles by duty."""
    return render(request, "backoffice/home.html", {"tiles": tiles_for(request.actor)})
