"""One's devices: who is signed in with one's password, and closing it from here."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.identity.selectors.profile import browsers_of, sessions_of
from parvis.identity.selectors.visits import session_of
from parvis.identity.services.access import freezing
from parvis.identity.services.access import profile as services
from parvis.kit.refusals import NotFound
from parvis.web.frame import cookies
from parvis.web.frame.codes import hand_over
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest


def _back(request: PageRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("profile", args=[request.standing.account_reference]) + "#appareils")


@page(account_pages, writes=True)
def close(request: PageRequest, session: int) -> HttpResponse:
    """« Déconnecter » one device; one that has gone already is gone."""
    own = session_of(request.standing.session_id)
    if request.method != "POST" and session not in {device.pk for device in sessions_of(own, at=request.now)}:
        raise NotFound
    if request.method == "POST":
        if services.close_session(session, own, by=request.actor, at=request.now):
            messages.success(request, "C’est fait. Cet appareil est déconnecté.")
        else:
            messages.info(request, "Cet appareil était déjà déconnecté.")
    return _back(request)


@page(account_pages, writes=True)
def close_others(request: PageRequest) -> HttpResponse:
    """« Déconnecter tous les autres »."""
    response = _back(request)
    if request.method == "POST":
        own = session_of(request.standing.session_id)
        token = services.close_all_others(own, by=request.actor, at=request.now)
        messages.success(request, "C’est fait. Tous les autres appareils sont déconnectés.")
        hand_over(request, response, token)
    return response


@page(account_pages, writes=True)
def forget(request: PageRequest, browser: int) -> HttpResponse:
    """Forget a remembered browser."""
    own = session_of(request.standing.session_id)
    if request.method != "POST" and browser not in {device.pk for device in browsers_of(own)}:
        raise NotFound
    if request.method == "POST":
        if services.forget_browser(browser, own, by=request.actor, at=request.now):
            messages.success(request, "C’est fait. Un code sera demandé à la prochaine connexion sur cet appareil.")
        else:
            messages.info(request, "Ce navigateur était déjà oublié.")
    return _back(request)


@page(account_pages, writes=True)
def freeze(request: PageRequest) -> HttpResponse:
    """« Ce n’était pas moi » : a page that says what it does, then everything is closed."""
    if request.method != "POST":
        return render(request, "account/profile/freeze.html")
    freezing.freeze_own(request.standing.credential_id, by=request.actor, at=request.now)
    response = HttpResponseRedirect(reverse("frozen"))
    cookies.drop_session(response, leaves=True)
    return response
