"""What is done around a declaration: its files, taking it back, confirming a departure, what follows a debt."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.changes.selectors.attachments import content_of
from parvis.declarations.selectors.history import declaration_of
from parvis.declarations.services import bundles, papers
from parvis.kit.actors import Right
from parvis.kit.refusals import NotFound, Refusal
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import as_saved
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.views.declare.choosing import step_url


@page(needing(Right.DECLARE), writes=True)
def paper(request: PageRequest, reference: UUID, kind: str, attachment: UUID) -> HttpResponse:
    """A file joined to what is being answered: saved again, or taken off."""
    subject = papers.subject_for(request.actor, reference, kind)
    if request.method != "POST":
        return as_saved(*content_of(request.actor, subject, attachment))
    papers.take_off(request.actor, reference, kind, attachment, at=request.now)
    messages.success(request, "La pièce est retirée.")
    return HttpResponseRedirect(step_url(request, reference, kind))


@page(needing(Right.CONSULT))
def sent_paper(request: PageRequest, declaration: UUID, attachment: UUID) -> HttpResponse:
    """A file that was sent with a declaration; always saved, never shown by the browser."""
    sent = declaration_of(request.actor, declaration)
    return as_saved(*content_of(request.actor, sent.reference, attachment))


@page(needing(Right.DECLARE), writes=True)
def withdraw(request: PageRequest, declaration: UUID) -> HttpResponse:
    """« C’était une erreur »: a correction that takes the declaration back, to be checked and sent like any other."""
    sent = declaration_of(request.actor, declaration)
    if request.method != "POST":
        return _back(request, declaration)
    try:
        alone = request.POST.get("portee") == "logement"
        bundles.ask_correction(request.actor, declaration, at=request.now, withdrawn=True, alone=alone)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return _back(request, declaration)
    return HttpResponseRedirect(reverse("declare-check", args=[request.standing.account_reference, sent.tenancy]))


@page(needing(Right.DECLARE), writes=True)
def confirm_departure(request: PageRequest, declaration: UUID) -> HttpResponse:
    """« Oui, ce jour-là »."""
    declaration_of(request.actor, declaration)
    if request.method == "POST":
        bundles.confirm_departure(request.actor, declaration, at=request.now)
        messages.success(request, "Merci. La date du départ est confirmée, vous n’avez rien d’autre à faire.")
    return _back(request, declaration)


@page(needing(Right.DECLARE), writes=True)
def follow_up(request: PageRequest, declaration: UUID, stage: str) -> HttpResponse:
    """What follows a debt the office has taken in: the plan, how it goes, that all is paid."""
    declaration_of(request.actor, declaration)
    if request.method != "POST":
        return _back(request, declaration)
    try:
        tenancy, kind = bundles.follow_up(request.actor, declaration, stage, at=request.now)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return _back(request, declaration)
    return HttpResponseRedirect(step_url(request, tenancy, kind))


def _back(request: PageRequest, declaration: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("declaration", args=[request.standing.account_reference, declaration]))
