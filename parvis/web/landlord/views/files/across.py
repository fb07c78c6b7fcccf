"""The rents of several accounts by one file: the table that comes down, the file that goes up, which of its columns is what."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from parvis.declarations.bulk import template
from parvis.declarations.bulk.intake import several
from parvis.declarations.bulk.intake.overview import recent_uploads
from parvis.declarations.bulk.models import UploadState
from parvis.declarations.selectors import accounts_owing
from parvis.declarations.selectors.across import accounts_declaring
from parvis.kit.refusals import Refusal
from parvis.sheets.limits import LARGEST_FILE
from parvis.web.frame import way
from parvis.web.frame.context import across_accounts
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, table_of_accounts
from parvis.web.landlord.forms.across import AcrossAddress
from parvis.web.landlord.forms.files import ColumnsForm, RentFileForm
from parvis.web.landlord.views.files.start import AT_ONCE
from parvis.web.landlord.views.july.across import credential_of


@page(public, writes=True)
def files(request: PageRequest) -> HttpResponse:
    """« Déclarer par fichier », for all accounts: prepare, then send; the files sent before."""
    elsewhere = way.not_in_yet(request)
    if elsewhere is not None:
        return elsewhere
    credential, asked = credential_of(request), AcrossAddress.read(request.GET)
    accounts = accounts_declaring(credential, at=request.now)
    if not accounts:
        return HttpResponseRedirect(reverse("rents-across"))
    posted = request.method == "POST"
    form = RentFileForm(request.POST, request.FILES) if posted else RentFileForm(initial={"key": uuid4()})
    if form.is_valid():
        answer = _received(request, form)
        if answer is not None:
            return answer
    across_accounts(request, accounts[0].reference)
    context = {
        "form": form,
        "asked": asked,
        "whole": template.table_of(accounts_owing(credential, asked.among, at=request.now), several.year_of(accounts)),
        "recent": recent_uploads(credential),
        "key": uuid4(),
        "at_once": AT_ONCE,
        "most": template.MOST_LINES,
        "largest": LARGEST_FILE // 1_000_000,
    }
    return render(request, "landlord/across/files/start.html", context)


def _received(request: PageRequest, form: RentFileForm) -> HttpResponse | None:
    """Where the file's own page is; None when the form says why it was refused."""
    sent, key = form.cleaned_data["file"], form.cleaned_data["key"]
    try:
        upload = several.receive(credential_of(request), name=sent.name, content=sent.read(), key=key, at=request.now)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    name = "rents-across-file-columns" if upload.state == UploadState.COLUMNS else "rents-across-file"
    return HttpResponseRedirect(reverse(name, args=[upload.reference]))


@page(public)
def table(request: PageRequest, kind: str) -> HttpResponseBase:
    """The table of the rents to declare in all accounts, pre-filled; taken is noted in each of them."""
    elsewhere = way.not_in_yet(request)
    if elsewhere is not None:
        return elsewhere
    credential, asked = credential_of(request), AcrossAddress.read(request.GET)
    accounts = accounts_declaring(credential, at=request.now)
    whole = template.table_of(accounts_owing(credential, asked.among, at=request.now), several.year_of(accounts))
    if not whole.count:
        return HttpResponseRedirect(reverse("rents-across-files") + asked.query())
    actors = {account.id: account.actor for account in accounts}
    portions = [
        (actors[account.id], template.lines_across(account.title, actors[account.id], whole.year))
        for account in whole.accounts
        if account.id in actors
    ]
    taken = Taken("rents-to-declare", f"loyers-juillet-{whole.year}-tous-comptes", whole.year)
    open_columns = (template.PREVIOUS_COLUMN + 1, template.RENT_COLUMN + 1)
    header = template.header_across(whole.year)
    return table_of_accounts(request, taken, kind, header, portions, sheet="Loyers", open_columns=open_columns)


@page(public, writes=True)
def columns(request: PageRequest, upload: UUID) -> HttpResponse:
    """« Choisir la colonne »."""
    elsewhere = way.not_in_yet(request)
    if elsewhere is not None:
        return elsewhere
    found, place = several.upload_of(credential_of(request), upload), reverse("rents-across-file", args=[upload])
    if found.state != UploadState.COLUMNS:
        return HttpResponseRedirect(place)
    form = ColumnsForm(request.POST if request.method == "POST" else None, file=found)
    if form.is_valid():
        try:
            several.choose_columns(credential_of(request), upload, form.places, at=request.now)
            return HttpResponseRedirect(place)
        except Refusal as refusal:
            form.refuse(refusal)
    across_accounts(request)
    return render(request, "landlord/across/files/columns.html", {"form": form, "upload": found})
