"""The landlord's own reference of a tenancy, changed on its own page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.kit.actors import Right
from parvis.kit.refusals import Refusal
from parvis.tenancies.selectors.sheet import tenancy_of
from parvis.tenancies.services.own_reference import change_own_reference
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.tenants import OwnReferenceForm


@page(needing(Right.CONSULT), writes=True)
def edit(request: PageRequest, reference: UUID) -> HttpResponse:
    """One field; kept, it leads back to the sheet."""
    sheet = tenancy_of(request.actor, reference)
    form = OwnReferenceForm(request.POST or None, initial={"own_reference": sheet.own_reference})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["own_reference"]
        try:
            if change_own_reference(reference, text, by=request.actor, at=request.now):
                messages.success(
                    request, "Votre référence est enregistrée." if text else "Votre référence est effacée."
                )
            return HttpResponseRedirect(reverse("tenant", args=[request.standing.account_reference, reference]))
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "landlord/tenants/own_reference.html", {"sheet": sheet, "form": form})
