"""The reports of one file of several accounts, together: their progress, « Confirmer » for all, « Abandonner »."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from parvis.declarations.bulk.confirming.several import confirm_all
from parvis.declarations.bulk.intake import several
from parvis.declarations.bulk.intake.annotating import annotated_together
from parvis.declarations.bulk.intake.overview import overview
from parvis.declarations.bulk.intake.parting import Stray
from parvis.declarations.bulk.models import UploadState
from parvis.kit.refusals import NotFound, Refusal
from parvis.web.frame import way
from parvis.web.frame.context import across_accounts
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, table_of_accounts
from parvis.web.landlord.file_lines import counts_in_words
from parvis.web.landlord.forms.files import ConfirmForm
from parvis.web.landlord.views.july.across import credential_of


@page(public)
def report(request: PageRequest, upload: UUID) -> HttpResponse:
    """Each account with what was found in its lines, and the lines that are nobody's."""
    elsewhere = way.not_in_yet(request)
    if elsewhere is not None:
        return elsewhere
    found = several.upload_of(credential_of(request), upload)
    if found.state == UploadState.COLUMNS:
        return HttpResponseRedirect(reverse("rents-across-file-columns", args=[upload]))
    if found.state == UploadState.ABANDONED:
        raise NotFound
    whole = overview(found, at=request.now)
    across_accounts(request, next((part.account for part in whole.parts), ""))
    context = {
        "upload": found,
        "whole": whole,
        "words": {part.account: counts_in_words(part.file) for part in whole.parts},
        "strays": [Stray(*stray) for stray in found.strays],
        "form": ConfirmForm(initial={"wish": "send", "unsure": True}),
    }
    return render(request, "landlord/across/files/report.html", context)


@page(public)
def annotated(request: PageRequest, upload: UUID, kind: str) -> HttpResponseBase:
    """The lines of all accounts that wait to be confirmed, as they were sent, with « Résultat » and « Que corriger »."""
    elsewhere = way.not_in_yet(request)
    if elsewhere is not None:
        return elsewhere
    found = several.upload_of(credential_of(request), upload)
    seen = overview(found, at=request.now).parts
    parts = [(part.actor, part.file, part.title) for part in seen if part.is_open and part.actor]
    if not parts:
        raise NotFound
    whole = annotated_together([Stray(*stray) for stray in found.strays], parts)
    taken = Taken("annotated-rents", f"loyers-annotes-{upload}", found.year)
    return table_of_accounts(request, taken, kind, whole.head, whole.portions, sheet="Loyers", last=whole.strays)


@page(public)
def progress(request: PageRequest, upload: UUID) -> HttpResponse:
    """How far the work is, asked again and again by the page; whoever comes here otherwise is led to the report."""
    elsewhere = way.not_in_yet(request)
    if elsewhere is not None:
        return elsewhere
    found, place = several.upload_of(credential_of(request), upload), reverse("rents-across-file", args=[upload])
    if request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(place)
    whole = overview(found, at=request.now)
    if not whole.is_at_work:
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = place
        return answer
    return render(request, "landlord/across/files/progress.html", {"upload": found, "whole": whole})


@page(public, writes=True)
def confirm(request: PageRequest, upload: UUID) -> HttpResponse:
    """Keep what is ready in each account, and send it if asked; the page says what became of each."""
    elsewhere = way.not_in_yet(request)
    if elsewhere is not None:
        return elsewhere
    here, credential = reverse("rents-across-file", args=[upload]), credential_of(request)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        several.upload_of(credential, upload)
        return HttpResponseRedirect(here)
    asked = form.cleaned_data
    try:
        done = confirm_all(credential, upload, wish=asked["wish"], wants_unsure=asked["unsure"], at=request.now)
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        for sentence in done.refused:
            messages.error(request, sentence)
    return HttpResponseRedirect(here)


@page(public, writes=True)
def abandon(request: PageRequest, upload: UUID) -> HttpResponse:
    """« Abandonner ce fichier ? », in all accounts."""
    elsewhere = way.not_in_yet(request)
    if elsewhere is not None:
        return elsewhere
    found, start = several.upload_of(credential_of(request), upload), reverse("rents-across-files")
    if found.state == UploadState.ABANDONED:
        return HttpResponseRedirect(start)
    if request.method != "POST":
        across_accounts(request)
        context = {"upload": found, "whole": overview(found, at=request.now)}
        return render(request, "landlord/across/files/abandon.html", context)
    try:
        confirmed = several.abandon(credential_of(request), upload, at=request.now)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return HttpResponseRedirect(start)
    if confirmed:
        messages.success(request, "Les comptes qui restaient sont abandonnés. Ceux déjà confirmés ne changent pas.")
        return HttpResponseRedirect(reverse("rents-across-file", args=[upload]))
    messages.success(request, "Ce fichier est abandonné. Rien n’en est gardé.")
    return HttpResponseRedirect(start)
