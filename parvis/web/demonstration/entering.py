"""Signing in as someone of the demonstration in one click, beside the ordinary way."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.urls import reverse

from parvis.agents.services import demonstration as agents
from parvis.demo import cast, office
from parvis.identity.services import demonstration as services
from parvis.kit.refusals import NotFound, Refusal
from parvis.web.frame import cookies, visitor, way
from parvis.web.frame.page import demonstration, page
from parvis.web.frame.requests import PageRequest


@page(demonstration, writes=True)
def enter(request: PageRequest, reference: str) -> HttpResponse:
    """Be this person: all the way in, or at the first step that they still owe."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("demonstration"))
    person = next((person for person in cast.people() if person.reference == reference), None)
    if person is None:
        raise NotFound
    former = request.visit.session if request.visit else None
    try:
        entered = services.enter(reference, former, browser=visitor.browser_of(request), at=request.now)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
        return HttpResponseRedirect(reverse("demonstration"))
    response = HttpResponseRedirect(way.inside(entered.reference, entered.account_count, ""))
    rotate_token(request)
    cookies.set_session(response, entered.token)
    return response


@page(demonstration, writes=True)
def enter_as_agent(request: PageRequest, login: str) -> HttpResponse:
    """Be this agent, both proofs given."""
    if request.method != "POST" or login not in {played.login for played in office.AGENTS}:
        return HttpResponseRedirect(reverse("demonstration"))
    token = agents.enter(login, browser=visitor.browser_of(request), at=request.now)
    response = HttpResponseRedirect(reverse("agent-home"))
    rotate_token(request)
    cookies.set_agent(response, token)
    return response
