"""An access closed, and opened again, each after a page that says what it does."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.kit.actors import Right
from parvis.kit.refusals import NotAllowed, NotFound, Refusal
from parvis.landlords.selectors.users import UserLine, UserState, offices_of_landlord, user_of
from parvis.landlords.services.users import closing as services
from parvis.landlords.services.users import inviting
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.organisation.forms.users import SeenForm
from parvis.web.organisation.gate import organisation_only
from parvis.web.organisation.words import offices_in_words, rights_in_words

CLOSED = "C’est fait. {} n’a plus accès."
REOPENED = "C’est fait. {} a de nouveau accès."
ALREADY = "C’était déjà fait. Rien n’a été changé."


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def close(request: PageRequest, user: str) -> HttpResponse:
    """« Fermer l’accès de … ? », or cancel the invitation of who has not come yet."""
    found = user_of(request.actor, user, at=request.now)
    if found.state is UserState.CLOSED and request.method != "POST":
        return _to_sheet(request, found)
    return _confirm(request, found, services.close_access, "organisation/users/close.html", CLOSED)


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def reopen(request: PageRequest, user: str) -> HttpResponse:
    """« Rouvrir l’accès de … ? », with the rights that come back."""
    found = user_of(request.actor, user, at=request.now)
    if found.state is not UserState.CLOSED and request.method != "POST":
        return _to_sheet(request, found)
    return _confirm(request, found, services.reopen_access, "organisation/users/reopen.html", REOPENED)


def _confirm(
    request: PageRequest, user: UserLine, act: Callable[..., bool], template: str, sentence: str
) -> HttpResponse:
    form = SeenForm(request.POST if request.method == "POST" else None, initial={"seen": user.as_seen})
    if form.is_valid():
        try:
            done = act(user.reference, seen=form.cleaned_data["seen"], by=request.actor, at=request.now)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, sentence.format(user.name) if done else ALREADY)
        return _to_sheet(request, user)
    context = {
        "user": user,
        "is_oneself": user.id == request.standing.account_id,
        "rights": rights_in_words(user),
        "offices": offices_in_words(user.offices, offices_of_landlord(request.actor)),
    }
    return render(request, template, context)


@page(needing(Right.ADMINISTER), writes=True)
@organisation_only
def invite_again(request: PageRequest, user: str) -> HttpResponse:
    """« Envoyer à nouveau » : the last invitation is replaced by another one."""
    found = user_of(request.actor, user, at=request.now)
    if request.method == "POST":
        try:
            inviting.send_again(user, by=request.actor, at=request.now)
        except (NotFound, NotAllowed):
            raise
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
        else:
            messages.success(request, f"C’est fait. Une nouvelle invitation part vers {found.email}.")
    return _to_sheet(request, found)


def _to_sheet(request: PageRequest, user: UserLine) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("user", args=[request.standing.account_reference, user.reference]))
