"""The waves of reminders: what is planned, what left, what is held back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.selectors.campaign import running
from parvis.declarations.services.reminders import running as services
from parvis.kit.actors import Duty
from parvis.kit.refusals import NotFound, Refusal
from parvis.web.backoffice.forms.campaign import WaveForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views.campaign.dashboard import asked, tabs
from parvis.web.frame.render import render

KINDS = {
    "opening": "Ouverture",
    "remaining": "Loyers restants",
    "last_days": "Derniers jours",
    "closing": "Fin de campagne, récapitulatif",
    "late": "Loyers en retard",
}


@agent_page(Duty.SEE_CAMPAIGN, writes=True)
def waves(request: AgentRequest) -> HttpResponse:
    """Every wave with its state; who runs the campaign pauses them here."""
    year, _ = asked(request)
    if request.method == "POST":
        return _act(request, year)
    held = request.actor.offices_of(Duty.RUN_CAMPAIGN)
    context = {
        "year": year,
        "lines": [
            (line, KINDS[line.kind], held is None or line.office in held)
            for line in running.wave_lines(request.actor, year, at=request.now)
        ],
        "paces": running.paces(request.actor, year),
        "tabs": tabs(year, "agent-campaign-waves"),
    }
    return render(request, "backoffice/campaign/waves.html", context)


def _act(request: AgentRequest, year: int) -> HttpResponse:
    form = WaveForm(request.POST)
    if not form.is_valid():
        raise NotFound
    act = services.pause if form.cleaned_data["act"] == "pause" else services.resume
    try:
        act(
            year, form.cleaned_data["office"], form.cleaned_data["wave"], form.channel, by=request.actor, at=request.now
        )
    except NotFound:
        raise
    except Refusal as refusal:
        if refusal.field is None and not hasattr(refusal, "duty_label"):
            messages.warning(request, refusal.sentence)
        else:
            raise
    else:
        done = "est en pause\u00a0: il ne part plus." if act is services.pause else "reprend."
        messages.success(request, f"C’est fait. Le rappel {done}")
    return HttpResponseRedirect(f"{reverse('agent-campaign-waves')}?annee={year}")
