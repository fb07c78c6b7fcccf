"""A landlord's file: the reason first, then everything on one page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.agents.selectors.openings import opening_of
from parvis.agents.services.openings import open_file
from parvis.kit.actors import Duty
from parvis.kit.refusals import NotFound, Refusal
from parvis.landlords.selectors.for_agents.accounts import account_in
from parvis.landlords.selectors.for_agents.files import LandlordFile, file_of
from parvis.web.backoffice.files.opened import file_page
from parvis.web.backoffice.files.whole import account_context, whole_file
from parvis.web.backoffice.forms.files import OpeningForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.frame.render import render


@agent_page(Duty.OPEN_FILES, writes=True)
def reason(request: AgentRequest, partner: UUID) -> HttpResponse:
    """Why the file is opened: asked once a day."""
    found = file_of(request.actor, partner)
    if opening_of(request.agent.agent_id, partner, at=request.now) is not None:
        return HttpResponseRedirect(reverse("file", args=[partner]))
    asked = {"reason": request.GET.get("motif", "")}
    form = OpeningForm(request.POST if request.method == "POST" else None, initial=asked)
    if form.is_valid():
        why, note = form.cleaned_data["reason"], form.cleaned_data["note"]
        try:
            open_file(request.agent.agent_id, partner, reason=why, note=note, by=request.actor, at=request.now)
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(reverse("file", args=[partner]))
    return render(request, "backoffice/files/reason.html", {"form": form, "file": found})


@file_page()
def file(request: AgentRequest, file: LandlordFile) -> HttpResponse:
    """All that is known of a landlord, a few lines of each; the rest one click away."""
    return render(request, "backoffice/files/file.html", whole_file(request, file))


@file_page()
def account(request: AgentRequest, file: LandlordFile, holder: str) -> HttpResponse:
    """One account, with the whole journey of its credentials."""
    found = account_in(file.partner_id, holder, at=request.now)
    return render(request, "backoffice/files/account.html", account_context(request, file, found))
