"""« Confirmer » and « Abandonner »."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.bulk import confirming as services
from parvis.declarations.bulk import intake
from parvis.declarations.bulk.models import FileState
from parvis.declarations.bulk.report import file_of
from parvis.kit.actors import Right
from parvis.kit.refusals import NotFound, Refusal
from parvis.opinions.rules import Journey
from parvis.web.frame.page import needing, page
from parvis.web.frame.page.asking import ended
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.files import ConfirmForm


@page(needing(Right.DECLARE), writes=True)
def confirm(request: PageRequest, file: UUID) -> HttpResponse:
    """Keep what is ready, and send it if asked; lead to the receipt, or to the grid."""
    account = request.standing.account_reference
    here = reverse("rent-file", args=[account, file])
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        file_of(request.actor, file)
        return HttpResponseRedirect(here)
    asked = form.cleaned_data
    try:
        found = services.confirm(request.actor, file, wish=asked["wish"], wants_unsure=asked["unsure"], at=request.now)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return HttpResponseRedirect(here)
    receipts = services.receipts_of_file(request.actor, found)
    if found.state == FileState.CONFIRMED and len(receipts) == 1 and not found.left_out:
        return ended(request, Journey.FILE, reverse("receipt", args=[account, receipts[0]]))
    return ended(request, Journey.FILE, here)


@page(needing(Right.DECLARE), writes=True)
def abandon(request: PageRequest, file: UUID) -> HttpResponse:
    """« Abandonner ce fichier ? »"""
    found, start = file_of(request.actor, file), reverse("rent-files", args=[request.standing.account_reference])
    if request.method != "POST":
        if found.state in (FileState.ABANDONED, FileState.CONFIRMED, FileState.CONFIRMING):
            return HttpResponseRedirect(start)
        return render(request, "landlord/files/abandon.html", {"file": found})
    try:
        intake.abandon(request.actor, file, at=request.now)
        messages.success(request, "Ce fichier est abandonné. Rien n’en est gardé.")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return HttpResponseRedirect(start)
