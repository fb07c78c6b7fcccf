"""« Ce n’est pas moi » : a page before anything happens, for mail readers follow links by themselves."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.identity.services.access import freezing as services
from parvis.parameters.catalogue import BANK_HOLD_AFTER_RECOVERY
from parvis.parameters.selectors import value
from parvis.web.frame import cookies
from parvis.web.frame.codes import StopCodeForm
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest, address_of

UNKNOWN = "Ce code n’est pas reconnu, ou il a déjà servi. Vérifiez-le sur la lettre."
TOO_MANY = "Trop de codes essayés. Réessayez dans une heure, ou appelez votre caisse."


@page(public, writes=True)
def link(request: PageRequest, freeze: str) -> HttpResponse:
    """The link of a mail: what it will do, then one click."""
    live = services.live_link(freeze, at=request.now)
    if live is None:
        return render(request, "account/recovery/not_me/over.html", status=404)
    if request.method == "POST":
        services.freeze(freeze, at=request.now)
        return _frozen()
    return render(request, "account/recovery/not_me/link.html", {"because": live.because})


@page(public, writes=True)
def code(request: PageRequest) -> HttpResponse:
    """The code of a letter."""
    form = StopCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not services.may_type_stop_code(address_of(request), at=request.now):
            form.add_error("code", TOO_MANY)
        elif services.freeze(services.read_stop_code(form.cleaned_data["code"]), at=request.now):
            return _frozen()
        else:
            form.add_error("code", UNKNOWN)
    return render(request, "account/recovery/not_me/code.html", {"form": form})


def _frozen() -> HttpResponse:
    response = HttpResponseRedirect(reverse("frozen"))
    cookies.drop_session(response, leaves=True)
    return response


@page(public)
def frozen(request: PageRequest) -> HttpResponse:
    """« C’est fait » : what happens now, what one may already do, and whom to call."""
    context = {"hold": value(BANK_HOLD_AFTER_RECOVERY)}
    return render(request, "account/recovery/not_me/frozen.html", context)
