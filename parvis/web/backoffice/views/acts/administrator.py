"""Replacing a lost administrator: proposed by one agent, approved by another, after the organisation had time to say no."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.kit.actors import Duty
from parvis.kit.refusals import DutyMissing, NotFound, Refusal
from parvis.landlords.selectors.for_agents.files import LandlordFile
from parvis.landlords.selectors.role import replacements_of
from parvis.landlords.selectors.users import administrators
from parvis.landlords.services.role import replacing
from parvis.parameters.catalogue import ADMINISTRATOR_REPLACED_AFTER
from parvis.parameters.selectors import value
from parvis.web.backoffice.files.opened import file_page
from parvis.web.backoffice.forms.acts import ActForm
from parvis.web.backoffice.gate import AgentRequest
from parvis.web.frame.render import render


@file_page(Duty.REPLACE_ADMINISTRATORS, writes=True)
def replacement(request: AgentRequest, file: LandlordFile) -> HttpResponse:
    """Who asked to become administrator, how far it is, and the next act."""
    asked = replacements_of(file.partner_id)
    login_id, act = request.POST.get("compte", "")[:10], request.POST.get("acte", "")
    form = ActForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and act in ("proposer", "approuver"):
        do = replacing.propose if act == "proposer" else replacing.approve
        try:
            if login_id not in {one.login_id for one in asked}:
                raise NotFound
            do(login_id, reason=form.cleaned_data["reason"], by=request.actor, at=request.now)
        except (NotFound, DutyMissing):
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            done = (
                "Un autre agent doit maintenant approuver." if act == "proposer" else "L’administrateur est remplacé."
            )
            messages.success(request, f"C’est fait. {done}")
            return HttpResponseRedirect(reverse("file-replacement", args=[file.partner_id]))
    people = [f"{who.first_name} {who.last_name}" for who in administrators(file.partner_id, at=request.now)]
    context = {"file": file, "asked": asked, "form": form, "administrators": people, "oneself": request.actor.label}
    context["waits"] = value(ADMINISTRATOR_REPLACED_AFTER)
    return render(request, "backoffice/acts/replacement.html", context)
