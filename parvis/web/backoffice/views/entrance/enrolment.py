"""An invited agent's first day: a password, an application of codes, recovery codes to keep."""

from __future__ import annotations

import segno
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.agents.refusals import LinkNotValid
from parvis.agents.services import enrolment as services
from parvis.agents.services import proofs
from parvis.kit.refusals import Refusal
from parvis.parameters.catalogue import AGENT_PASSWORD_SHORTEST
from parvis.parameters.selectors import value
from parvis.web.backoffice.forms.door import NewPasswordForm, ProofForm
from parvis.web.backoffice.gate import AgentRequest, door
from parvis.web.backoffice.views.entrance.door import refused
from parvis.web.frame.render import render

_CODE = "backoffice/door/enrolment_code.html"


@door(writes=True)
def password(request: AgentRequest, enrolment: str) -> HttpResponse:
    """First step: choose a password."""
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    try:
        agent = services.invited_by(enrolment, at=request.now)
        if form.is_valid():
            services.choose_password(enrolment, form.cleaned_data["password"], at=request.now)
            return HttpResponseRedirect(reverse("agent-enrolment-code", args=[enrolment]))
    except LinkNotValid as refusal:
        return _over(request, refusal)
    except Refusal as refusal:
        form.refuse(refusal)
    context = {"form": form, "person": agent.person, "login": agent.login, "shortest": value(AGENT_PASSWORD_SHORTEST)}
    return render(request, "backoffice/door/enrolment_password.html", context)


@door(writes=True)
def code(request: AgentRequest, enrolment: str) -> HttpResponse:
    """Second step: link an application and type its code; then the recovery codes, this once."""
    form = ProofForm(request.POST if request.method == "POST" else None)
    try:
        agent = services.invited_by(enrolment, at=request.now)
        if agent.time_secret is None:
            return HttpResponseRedirect(reverse("agent-enrolment", args=[enrolment]))
        context = {
            "qr": segno.make(proofs.uri_of(agent), error="m").svg_data_uri(scale=5, border=2, light="#fff"),
            "secret": proofs.secret_of(agent),
            "login": agent.login,
        }
        if not form.is_valid():
            return render(request, _CODE, {"form": form, **context})
        _, outcome, codes = services.enrol(enrolment, form.cleaned_data["code"], at=request.now)
    except LinkNotValid as refusal:
        return _over(request, refusal)
    if not codes:
        return refused(request, form, outcome, _CODE, dict(context))
    return render(request, "backoffice/door/recovery_codes.html", {"codes": codes, "login": agent.login})


def _over(request: AgentRequest, refusal: LinkNotValid) -> HttpResponse:
    return render(request, "backoffice/door/link_over.html", {"sentence": refusal.sentence}, status=404)
