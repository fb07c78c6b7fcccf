"""« Réglages » : every parameter, with its unit, its default, who changed it and why."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.identity.selectors.codes import codes_a_day
from parvis.kit.actors import Duty
from parvis.kit.refusals import NotFound, Refusal
from parvis.parameters import selectors, services
from parvis.parameters.catalogue import CODE_DELAY, PARAMETERS
from parvis.web.backoffice.forms.settings import ValueForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render


@agent_page(Duty.SET_PARAMETERS)
def parameters(request: AgentRequest) -> HttpResponse:
    """All of them, those that were changed said so."""
    return render(request, "backoffice/settings/parameters.html", {"groups": selectors.by_topic()})


@agent_page(Duty.SET_PARAMETERS, writes=True)
def parameter(request: AgentRequest, parameter: str) -> HttpResponse:
    """One of them: its bounds, its history, another value."""
    known = PARAMETERS.get(parameter)
    if known is None:
        raise NotFound
    now = selectors.value(known)
    form = ValueForm(request.POST if request.method == "POST" else None, initial={"value": now})
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.change(
                parameter, typed["value"], reason=typed["reason"], seen=typed["seen"], by=request.actor, at=request.now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est fait. La nouvelle valeur compte partout dans deux secondes.")
            return HttpResponseRedirect(reverse("agent-parameter", args=[parameter]))
    asked = form.cleaned_data.get("value", now) if form.is_bound else now
    delays = sorted({asked, now, known.default}) if known is CODE_DELAY else []
    context = {
        "form": form,
        "parameter": known,
        "value": now,
        "history": selectors.history_of(parameter),
        "codes": [(delay, codes_a_day(known.duration(delay), at=request.now)) for delay in delays],
    }
    return render(request, "backoffice/settings/parameter.html", context)
