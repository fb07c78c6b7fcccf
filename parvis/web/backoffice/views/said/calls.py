"""« Au téléphone »: the usual calls, for whoever answers."""

from __future__ import annotations

from django.http import HttpResponse

from parvis.kit.actors import Duty
from parvis.web.backoffice.desk import calls as texts
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render


@agent_page()
def calls(request: AgentRequest) -> HttpResponse:
    """The list, in the words of those who call."""
    return render(request, "backoffice/texts/calls.html", {"calls": texts.calls()})


@agent_page()
def call(request: AgentRequest, call: str) -> HttpResponse:
    """One difficulty: where to look, what to do, what to say."""
    context = {
        "call": texts.call_of(call),
        "others": [one for one in texts.calls() if one.slug != call],
        "searches": request.actor.holds(Duty.OPEN_FILES),
        "edits": request.actor.holds(Duty.EDIT_TEXTS),
        "family": texts.CODE,
    }
    return render(request, "backoffice/texts/call.html", context)
