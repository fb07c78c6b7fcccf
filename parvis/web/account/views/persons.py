"""A person's accounts at several offices, under one mailbox and one password."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.identity.kinds import Purpose
from parvis.identity.rules import masked
from parvis.identity.selectors.codes import waiting_for
from parvis.identity.selectors.visits import session_of
from parvis.identity.services.access import persons as services
from parvis.identity.services.codes import Verdict
from parvis.identity.steps import Step
from parvis.kit.refusals import Refusal
from parvis.web.frame import way
from parvis.web.frame.codes import CodeForm, hand_over, sentence_of
from parvis.web.frame.page import page, steps
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest


@page(steps, writes=True)
def person(request: PageRequest) -> HttpResponse:
    """« Vous avez déjà un compte » : join it with a code sent to the mailbox already known, or stay apart."""
    elsewhere = way.elsewhere(request, Step.PERSON)
    if elsewhere is not None:
        return elsewhere
    if request.method == "POST":
        try:
            services.ask_code(session_of(request.standing.session_id), by=request.actor, at=request.now)
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        return HttpResponseRedirect(reverse("person-code", args=[request.standing.account_reference]))
    known = services.known_credential(request.actor)
    address = masked(known.email) if known and known.email else ""
    return render(request, "account/linking/person.html", {"masked": address, "standing": request.standing})


@page(steps, writes=True)
def person_code(request: PageRequest) -> HttpResponse:
    """Type the code: the account joins the person's others."""
    elsewhere = way.elsewhere(request, Step.PERSON)
    if elsewhere is not None:
        return elsewhere
    form, session = CodeForm(request.POST or None), session_of(request.standing.session_id)
    if form.is_valid():
        try:
            joined = services.enter_code(session, form.cleaned_data["code"], by=request.actor, at=request.now)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return way.onward(request)
        if joined.outcome.verdict in (Verdict.RIGHT, Verdict.USED):
            messages.success(request, "C’est fait. Ce compte a la même adresse et le même mot de passe que les autres.")
            response = way.onward(request)
            hand_over(request, response, joined.token)
            return response
        form.add_error("code", sentence_of(joined.outcome))
    waiting = waiting_for(session.pk, Purpose.JOIN_PERSON, at=request.now)
    if waiting is None:
        return HttpResponseRedirect(reverse("person", args=[request.standing.account_reference]))
    context = {"form": form, "waiting": waiting, "masked": masked(waiting.email)}
    return render(request, "account/linking/person_code.html", context)


@page(steps, writes=True)
def person_apart(request: PageRequest) -> HttpResponse:
    """« Je n’ai plus cette adresse » : this account takes a mailbox of its own."""
    elsewhere = way.elsewhere(request, Step.PERSON)
    if elsewhere is None and request.method == "POST":
        services.stay_apart(session_of(request.standing.session_id))
    return elsewhere or way.onward(request)
