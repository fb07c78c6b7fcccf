"""« À savoir » : banners written for an office and a period."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.kit.actors import Duty
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import Refusal
from parvis.landlords.selectors.offices import offices
from parvis.parameters import banners as services
from parvis.web.backoffice.forms.settings import BannerForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render


@agent_page(Duty.EDIT_TEXTS, writes=True)
def banners(request: AgentRequest) -> HttpResponse:
    """Those in force and to come; the form of another one, with its preview."""
    names, today = {office.code: office.name for office in offices()}, day_in_paris(request.now)
    form = BannerForm(
        request.POST if request.method == "POST" else None,
        offices=list(names.items()),
        initial={"kind": "info", "starts_on": today.strftime("%d/%m/%Y")},
    )
    if form.is_valid() and "publier" in request.POST:
        try:
            services.write(form.wording, by=request.actor, at=request.now, on=today)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est fait. Le bandeau s’affiche du premier au dernier jour choisi.")
            return HttpResponseRedirect(reverse("agent-banners"))
    past = request.GET.get("quand") == "passes"
    context = {
        "form": form,
        "shown": form.wording if form.is_bound and form.is_valid() else None,
        "banners": services.banners(past=past, on=today),
        "names": names,
        "past": past,
        "today": today,
    }
    return render(request, "backoffice/banners/banners.html", context)


@agent_page(Duty.EDIT_TEXTS, writes=True)
def withdraw(request: AgentRequest, banner: UUID) -> HttpResponse:
    """Take a banner away, at once."""
    services.banner_of(banner)
    if request.method == "POST":
        services.withdraw(banner, by=request.actor, at=request.now)
        messages.success(request, "C’est fait. Le bandeau n’est plus affiché.")
    return HttpResponseRedirect(reverse("agent-banners"))
