"""« Alertes » : what agents did that somebody else must look at, and what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.agents.selectors import alerts as selectors
from parvis.agents.services import alerts as services
from parvis.kit.actors import Duty
from parvis.kit.refusals import NotFound, Refusal
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render


@agent_page(Duty.READ_JOURNAL)
def standing(request: AgentRequest) -> HttpResponse:
    """Those nobody has closed, or those that were."""
    closed = request.GET.get("quand") == "vues"
    context = {
        "alerts": selectors.alerts(request.actor, closed=closed),
        "closed": closed,
        "oneself": request.actor.label,
    }
    return render(request, "backoffice/running/alerts.html", context)


@agent_page(Duty.READ_JOURNAL, writes=True)
def close(request: AgentRequest, alert: int) -> HttpResponse:
    """Say what came of it."""
    if alert not in {found.pk for found in selectors.alerts(request.actor)}:
        raise NotFound
    if request.method == "POST":
        outcome = request.POST.get("outcome", "").replace("\0", "")
        try:
            services.close(alert, outcome=outcome, by=request.actor, at=request.now)
        except NotFound:
            raise
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, "C’est fait. L’alerte est fermée, avec ce que vous en dites.")
    return HttpResponseRedirect(reverse("agent-alerts"))
