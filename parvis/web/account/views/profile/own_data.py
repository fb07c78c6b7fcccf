"""« Données personnelles » : a copy of one's own data, and who looked at one's file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.agents.copied import looks_at
from parvis.identity.selectors.visits import session_of
from parvis.identity.services.own import copying
from parvis.kit.refusals import NotFound, Refusal
from parvis.parameters.catalogue import COPY_KEPT, COPY_WAITS
from parvis.parameters.selectors import value
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.render import as_saved, render
from parvis.web.frame.requests import PageRequest

FEW_LOOKS = 10


def _to(name: str, request: PageRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=[request.standing.account_reference]))


@page(account_pages)
def personal(request: PageRequest) -> HttpResponse:
    """What may be taken, where the copy that was asked stands, who looked."""
    session = session_of(request.standing.session_id)
    context = {
        "copy": copying.copy_of(session),
        "may_take": copying.may_take(session, by=request.actor, at=request.now),
        "looks": looks_at(request.actor, limit=FEW_LOOKS),
        "waits": value(COPY_WAITS),
        "kept": value(COPY_KEPT),
        "count": request.standing.account_count,
    }
    return render(request, "account/profile/data.html", context)


@page(account_pages, writes=True)
def ask(request: PageRequest) -> HttpResponse:
    """« Télécharger mes données » : a code first."""
    return _begin(request, copying.ASK)


@page(account_pages, writes=True)
def take(request: PageRequest) -> HttpResponse:
    """The copy is ready: another code before it leaves."""
    return _begin(request, copying.TAKE)


def _begin(request: PageRequest, act: str) -> HttpResponse:
    if request.method != "POST":
        return _to("profile-data", request)
    session = session_of(request.standing.session_id)
    try:
        copying.begin(session, act, by=request.actor, at=request.now)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
        return _to("profile-data", request)
    return _to("profile-code", request)


@page(account_pages, writes=True)
def give_up(request: PageRequest) -> HttpResponse:
    """« Annuler » : the copy will not be made, or is erased."""
    if request.method == "POST":
        session = session_of(request.standing.session_id)
        if copying.give_up(session, by=request.actor, at=request.now):
            messages.success(request, "C’est fait. La copie est annulée et effacée.")
        else:
            messages.info(request, "Il n’y avait plus de copie.")
    return _to("profile-data", request)


@page(account_pages, writes=True)
def file(request: PageRequest) -> HttpResponse:
    """The ZIP, to who has just typed the code in this session."""
    session = session_of(request.standing.session_id)
    taken = copying.take(session, by=request.actor, at=request.now)
    if taken is None:
        messages.info(request, "Aucune copie n’est à vous pour l’instant, ou son code est à entrer d’abord.")
        return _to("profile-data", request)
    name, content = taken
    return as_saved(name, "application/zip", content)
