"""« Réglages » : every parameter, with its unit, its default, who changed it and why."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.identity.selectors.codes import codes_a_day
from parvis.kit.actors import Duty
from parvis.kit.refusals import ChangedMeanwhile, NotFound, Refusal
from parvis.parameters import selectors, services
from parvis.parameters.catalogue import CODE_DELAY, PARAMETERS, Parameter
from parvis.web.backoffice.forms.settings import ValueForm, seen_in
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
    now, is_behind = selectors.value(known), False
    form = ValueForm(request.POST if request.method == "POST" else None, initial={"value": now})
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.change(
                parameter, typed["value"], reason=typed["reason"], decision=typed["decision"], seen=typed["seen"],
                by=request.actor, at=request.now,
            )  # fmt: skip
        except Refusal as refusal:
            is_behind = isinstance(refusal, ChangedMeanwhile)
            form.refuse(refusal)
        else:
            messages.success(request, "C’est fait. La nouvelle valeur compte partout dans deux secondes.")
            return HttpResponseRedirect(reverse("agent-parameter", args=[parameter]))
    history = selectors.history_of(parameter)
    context = {
        "form": form,
        "parameter": known,
        "value": now,
        "history": history,
        "seen": seen_in(form, history[0][0].pk if history else 0, is_behind=is_behind),
        "codes": _codes(form, known, now, request.now),
    }
    return render(request, "backoffice/settings/parameter.html", context)


def _codes(form: ValueForm, known: Parameter, now: int, at: datetime) -> list[tuple[int, int]]:
    """How many codes would leave a day with what was typed, with what is in force and with the default."""
    if known is not CODE_DELAY:
        return []
    asked = form.cleaned_data.get("value", now) if form.is_bound else now
    return [(delay, codes_a_day(known.duration(delay), at=at)) for delay in sorted({asked, now, known.default})]
