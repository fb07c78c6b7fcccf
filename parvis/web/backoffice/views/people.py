"""Agents, as national administrators manage them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.agents.posts import Role
from parvis.agents.selectors.people import agent_of, agents, paused_until
from parvis.agents.services import enrolment
from parvis.agents.services import people as services
from parvis.kit.actors import Duty
from parvis.kit.refusals import NotFound, Refusal
from parvis.landlords.selectors.offices import offices
from parvis.web.backoffice.acting import acted
from parvis.web.backoffice.forms.people import HomeForm, InviteForm, PostForm
from parvis.web.backoffice.gate import AgentRequest, agent_page
from parvis.web.backoffice.words import posts_in_words
from parvis.web.frame.render import render


def _offices() -> list[tuple[str, str]]:
    return [(office.code, office.name) for office in offices()]


@agent_page(Duty.MANAGE_AGENTS)
def people(request: AgentRequest) -> HttpResponse:
    """Every agent; those whose access is closed apart."""
    closed = request.GET.get("acces") == "fermes"
    lines = [(line, posts_in_words(line.posts)) for line in agents(closed=closed)]
    return render(request, "backoffice/people/people.html", {"lines": lines, "closed": closed})


@agent_page(Duty.MANAGE_AGENTS, writes=True)
def invite(request: AgentRequest) -> HttpResponse:
    """Invite somebody: the link to enrol leaves by e-mail."""
    form = InviteForm(request.POST if request.method == "POST" else None, offices=_offices())
    if form.is_valid():
        try:
            agent = enrolment.invite(form.person, [form.post], by=request.actor, at=request.now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request,
                f"C’est fait. L’invitation part à {agent.email}. Donnez-lui son identifiant\u00a0: {agent.login}.",
            )
            return HttpResponseRedirect(reverse("agent-sheet", args=[agent.reference]))
    return render(request, "backoffice/people/invite.html", {"form": form})


@agent_page(Duty.MANAGE_AGENTS, writes=True)
def sheet(request: AgentRequest, agent: UUID) -> HttpResponse:
    """One agent: their posts, one added or taken away at a time."""
    line = agent_of(agent)
    taken = request.POST.get("retirer") if request.method == "POST" else None
    form = PostForm(request.POST if request.method == "POST" and taken is None else None, offices=_offices())
    if taken is not None or form.is_valid():
        left = [post for post in line.posts if post_code(post) != taken]
        wanted = left if taken is not None else [*left, form.post]
        acted(
            request,
            lambda: services.change_posts(agent, wanted, by=request.actor, at=request.now),
            "Ses rôles valent dès sa prochaine page.",
        )
        return HttpResponseRedirect(reverse("agent-sheet", args=[agent]))
    posts = [(post_code(post), words) for post, words in zip(line.posts, posts_in_words(line.posts), strict=True)]
    context = {
        "form": form,
        "agent": line,
        "posts": posts,
        "oneself": line.id == request.agent.agent_id,
        "paused": paused_until(line, at=request.now),
    }
    return render(request, "backoffice/people/sheet.html", context)


def post_code(post: tuple[Role, str]) -> str:
    """A post as the button that takes it away names it."""
    return f"{post[0]}:{post[1]}"


@agent_page(Duty.MANAGE_AGENTS, writes=True)
def close(request: AgentRequest, agent: UUID) -> HttpResponse:
    """Close an access, after a look at whose it is."""
    line = agent_of(agent)
    if request.method == "POST":
        acted(
            request,
            lambda: services.close(agent, by=request.actor, at=request.now),
            f"L’accès de {line.person} est fermé.",
        )
        return HttpResponseRedirect(reverse("agent-sheet", args=[agent]))
    return render(request, "backoffice/people/close.html", {"agent": line})


@agent_page(Duty.MANAGE_AGENTS, writes=True)
def start_anew(request: AgentRequest, agent: UUID) -> HttpResponse:
    """Have an agent enrol again: a lost telephone, a forgotten password, a reopened access."""
    line = agent_of(agent)
    if request.method == "POST":
        acted(
            request,
            lambda: services.start_anew(agent, by=request.actor, at=request.now),
            f"Un nouveau lien part à {line.email}.",
        )
        return HttpResponseRedirect(reverse("agent-sheet", args=[agent]))
    return render(request, "backoffice/people/anew.html", {"agent": line})


@agent_page(Duty.MANAGE_AGENTS, writes=True)
def unlock(request: AgentRequest, agent: UUID) -> HttpResponse:
    """End the pauses of an agent, from their sheet."""
    line = agent_of(agent)
    if request.method == "POST":
        acted(
            request,
            lambda: services.unlock(agent, by=request.actor, at=request.now),
            f"{line.person} peut se connecter tout de suite, avec son mot de passe et son code.",
        )
    return HttpResponseRedirect(reverse("agent-sheet", args=[agent]))


@agent_page(Duty.MANAGE_AGENTS, writes=True)
def home(request: AgentRequest, agent: UUID) -> HttpResponse:
    """Where an agent lives: compared with the files they open, shown to nobody."""
    line, form = agent_of(agent), HomeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            noted = services.note_home(agent, **form.cleaned_data, by=request.actor, at=request.now)
        except NotFound:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"C’est fait. L’adresse est {'notée' if noted else 'effacée'}.")
            return HttpResponseRedirect(reverse("agent-sheet", args=[agent]))
    return render(request, "backoffice/people/home.html", {"form": form, "agent": line})
