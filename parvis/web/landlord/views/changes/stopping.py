"""Stopping a bank change without sign-in: the link of a mail, the code of a letter; a page before anything happens."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.changes.services.bank import stopping as services
from parvis.identity.services.access.freezing import may_type_stop_code, read_stop_code
from parvis.web.frame.codes import StopCodeForm
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest, address_of

UNKNOWN = "Ce code n’est pas reconnu, ou il n’arrête plus rien. Vérifiez-le sur la lettre, ou appelez votre caisse."
TOO_MANY = "Trop de codes essayés. Réessayez dans une heure, ou appelez votre caisse."


@page(public, writes=True)
def link(request: PageRequest, stop: str) -> HttpResponse:
    """The link of a mail: what it will do, then one click."""
    changes = services.live_changes(stop)
    if not changes:
        return render(request, "landlord/changes/stop/over.html", status=404)
    number = request.POST.get("demande", "")
    if request.method == "POST" and services.stop_by_link(stop, number=number, at=request.now):
        return HttpResponseRedirect(
            reverse("stop-change", args=[stop]) if len(changes) > 1 and number else reverse("change-stopped")
        )
    return render(request, "landlord/changes/stop/link.html", {"change": changes[0], "changes": changes})


@page(public, writes=True)
def code(request: PageRequest) -> HttpResponse:
    """The code of a letter."""
    form = StopCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not may_type_stop_code(address_of(request), at=request.now):
            form.add_error("code", TOO_MANY)
        elif services.stop_by_link(read_stop_code(form.cleaned_data["code"]), at=request.now):
            return HttpResponseRedirect(reverse("change-stopped"))
        else:
            form.add_error("code", UNKNOWN)
    return render(request, "landlord/changes/stop/code.html", {"form": form})


@page(public)
def stopped(request: PageRequest) -> HttpResponse:
    """« C’est arrêté »."""
    return render(request, "landlord/changes/stop/done.html")
