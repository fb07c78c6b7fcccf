"""« Mon accès » : an agent's own password, recovery codes and sessions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.agents.selectors.people import agent_of, sessions_of
from parvis.agents.services import own as services
from parvis.agents.services import sessions
from parvis.kit.refusals import NotFound, Refusal
from parvis.parameters.catalogue import AGENT_PASSWORD_SHORTEST
from parvis.parameters.selectors import value
from parvis.web.backoffice.forms.door import ChangePasswordForm, PresentPasswordForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.words import posts_in_words
from parvis.web.frame.render import render


@agent_page()
def own(request: AgentRequest) -> HttpResponse:
    """Who one is here, at which posts, from which devices."""
    line = agent_of(request.agent.reference)
    context = {
        "agent": line,
        "posts": posts_in_words(line.posts),
        "sessions": sessions_of(line.id, at=request.now),
        "here": request.agent.session_id,
        "shortest": value(AGENT_PASSWORD_SHORTEST),
    }
    return render(request, "backoffice/own/own.html", context)


@agent_page(writes=True)
def password(request: AgentRequest) -> HttpResponse:
    """Another password, after the present one."""
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.change_password(
                request.agent.agent_id,
                request.agent.session_id,
                present=typed["present"],
                chosen=typed["password"],
                by=request.actor,
                at=request.now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "C’est fait. Votre mot de passe est changé, vos autres sessions sont fermées.")
            return HttpResponseRedirect(reverse("agent-own"))
    return render(request, "backoffice/own/password.html", {"form": form, "shortest": value(AGENT_PASSWORD_SHORTEST)})


@agent_page(writes=True)
def recovery(request: AgentRequest) -> HttpResponse:
    """Ten new recovery codes, shown this once."""
    form = PresentPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            codes = services.renew_recovery_codes(
                request.agent.agent_id, present=form.cleaned_data["present"], by=request.actor, at=request.now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return render(
                request, "backoffice/door/recovery_codes.html", {"codes": codes, "login": request.agent.login}
            )
    return render(request, "backoffice/own/recovery.html", {"form": form})


@agent_page(writes=True)
def close_session(request: AgentRequest, agent_session: int) -> HttpResponse:
    """Close one's session on another device."""
    known = {session.pk for session in sessions_of(request.agent.agent_id, at=request.now)}
    if agent_session not in known:
        raise NotFound
    if request.method == "POST" and agent_session != request.agent.session_id:
        sessions.end(agent_session)
        messages.success(request, "C’est fait. Cette session est fermée.")
    return HttpResponseRedirect(reverse("agent-own"))
