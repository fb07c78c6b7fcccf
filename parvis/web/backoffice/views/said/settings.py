"""« Réglages » : every parameter, with its unit, its default, who changed it and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.selectors.campaign.running import seen_offices
from parvis.identity.selectors.codes import codes_a_day
from parvis.kit.actors import Duty
from parvis.kit.refusals import ChangedMeanwhile, NotFound, Refusal
from parvis.parameters import selectors, services
from parvis.parameters.catalogue import CODE_DELAY, PARAMETERS, Parameter
from parvis.web.backoffice.acting import acted
from parvis.web.backoffice.forms.settings import ValueForm, seen_in
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.views.running.keys import key_in
from parvis.web.frame.render import render

USUAL_DELAYS = (0, 60, 10_080)
"""A code at every sign-in, every hour, every week: beside what is in force, before anything is typed. In minutes."""


@agent_page(Duty.SET_PARAMETERS)
def parameters(request: AgentRequest) -> HttpResponse:
    """All of them, those that were changed said so."""
    return render(request, "backoffice/settings/parameters.html", {"groups": selectors.by_topic()})


@agent_page(Duty.SET_PARAMETERS, writes=True)
def parameter(request: AgentRequest, parameter: str) -> HttpResponse:
    """One of them: its bounds, its history, another value; with ``caisse``, the own value of an office."""
    known = PARAMETERS.get(parameter)
    office, names = request.GET.get("caisse", ""), _offices(request)
    if known is None or (office and not (known.by_office and office in names)):
        raise NotFound
    now, is_behind = selectors.value(known, office=office), False
    if request.method == "POST" and "comme-partout" in request.POST:
        return _as_everywhere(request, known, office)
    form = ValueForm(request.POST if request.method == "POST" else None, initial={"value": now})
    if form.is_valid():
        try:
            _change(request, known, office, form)
        except Refusal as refusal:
            is_behind = isinstance(refusal, ChangedMeanwhile)
            form.refuse(refusal)
        else:
            messages.success(request, _done(known, names.get(office, "")))
            return HttpResponseRedirect(_address(known, office))
    history = selectors.history_of(parameter, office=office)
    context = {
        "form": form,
        "parameter": known,
        "value": now,
        "history": history,
        "seen": seen_in(form, history[0][0].pk if history else 0, is_behind=is_behind),
        "codes": _codes(form, known, now, request.now),
        **_of_offices(known, office, names),
    }
    return render(request, "backoffice/settings/parameter.html", context)


def _done(known: Parameter, office_name: str) -> str:
    """Where the new value counts, everywhere or at the office whose own it is, and from when."""
    where = f"pour {office_name}" if office_name else "partout"
    return f"C’est fait. La nouvelle valeur compte {where}. {known.effect}"


def _offices(request: AgentRequest) -> dict[str, str]:
    return seen_offices(request.actor, Duty.SET_PARAMETERS)


def _address(known: Parameter, office: str) -> str:
    return reverse("agent-parameter", args=[known.name]) + (f"?caisse={office}" if office else "")


def _change(request: AgentRequest, known: Parameter, office: str, form: ValueForm) -> None:
    typed = form.cleaned_data
    services.change(
        known.name, typed["value"], office=office, reason=typed["reason"], decision=typed["decision"],
        seen=typed["seen"], by=request.actor, at=request.now,
    )  # fmt: skip


def _as_everywhere(request: AgentRequest, known: Parameter, office: str) -> HttpResponse:
    """The office has no value of its own any more."""
    why, seen = "Comme toutes les caisses", key_in(request.POST, "seen")
    acted(
        request,
        lambda: services.follow_all(known.name, office=office, reason=why, seen=seen, by=request.actor, at=request.now),
        "C’est fait. La valeur de toutes les caisses y compte de nouveau.",
    )
    return HttpResponseRedirect(_address(known, office))


def _of_offices(known: Parameter, office: str, names: dict[str, str]) -> dict[str, Any]:
    """What the page says of offices: which have their own value, which one it is about."""
    own = selectors.own_values(known) if known.by_office else {}
    return {
        "office": office,
        "office_name": names.get(office, ""),
        "own": [(code, names[code], row) for code, row in sorted(own.items()) if code in names],
        "is_own": office in own,
        "of_all": selectors.value(known),
        "office_choices": list(names.items()) if known.by_office else [],
    }


def _codes(form: ValueForm, known: Parameter, now: int, at: datetime) -> list[tuple[int, int]]:
    """How many codes would leave a day with what was typed, with what is in force, with the default and with usual delays."""
    if known is not CODE_DELAY:
        return []
    asked = form.cleaned_data.get("value", now) if form.is_bound else now
    delays = sorted({asked, now, known.default, *USUAL_DELAYS})
    return list(zip(delays, codes_a_day([known.duration(delay) for delay in delays], at=at), strict=True))
