"""How it works, the table that comes down, the file that goes up, and which of its columns is what."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from parvis.declarations.bulk import intake, template
from parvis.declarations.bulk.models import FileState
from parvis.declarations.bulk.refusals import OtherAccount, OtherYear, SeveralAccounts
from parvis.declarations.bulk.report import file_of, recent_files
from parvis.declarations.selectors import CampaignCard, campaign_card
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import Refusal
from parvis.sheets.limits import LARGEST_FILE
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, table_answer, unnoted_table
from parvis.web.landlord.forms.files import ColumnsForm, RentFileForm
from parvis.web.landlord.views.tenants import campaign_asked, year_query

AT_ONCE = 50_000
"""Lines above which a workbook takes more than some seconds to write: the page says that the CSV does not."""


@page(needing(Right.DECLARE), writes=True)
def files(request: PageRequest) -> HttpResponse:
    """« Déclarer par fichier »: prepare, then send; the files sent before."""
    card = campaign_asked(request)
    today = day_in_paris(request.now)
    if card is None or today < card.opens_on or not card.total:
        return render(request, "landlord/july/nothing.html", {"card": card, "today": today})
    posted = request.method == "POST"
    form = RentFileForm(request.POST, request.FILES) if posted else RentFileForm(initial={"key": uuid4()})
    if form.is_valid():
        answer = _received(request, card, form)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "card": card,
        "recent": recent_files(request.actor),
        "key": uuid4(),
        "at_once": AT_ONCE,
        "largest": LARGEST_FILE // 1_000_000,
        "year_query": year_query(request, card),
        "other_year": _other_year(request, form),
    }
    return render(request, "landlord/files/start.html", context)


def _received(request: PageRequest, card: CampaignCard, form: RentFileForm) -> HttpResponse | None:
    """Where the file's own page is; None when the form says why it was refused."""
    sent, key = form.cleaned_data["file"], form.cleaned_data["key"]
    try:
        file = intake.receive(request.actor, card.year, name=sent.name, content=sent.read(), key=key, at=request.now)
    except Refusal as refusal:
        form.refuse(refusal)
        form.is_of_other_year = isinstance(refusal, OtherYear)
        form.other_year = refusal.theirs if isinstance(refusal, OtherYear) else 0
        form.is_of_several = isinstance(refusal, SeveralAccounts)
        form.other_account = refusal.account if isinstance(refusal, OtherAccount) else ""
        return None
    name = "rent-file-columns" if file.state == FileState.COLUMNS else "rent-file"
    return HttpResponseRedirect(reverse(name, args=[request.standing.account_reference, file.reference]))


def _other_year(request: PageRequest, form: RentFileForm) -> int:
    """The campaign a refused file was made for, where this landlord has rents in it; else 0."""
    asked = campaign_card(request.actor, at=request.now, year=form.other_year) if form.other_year else None
    return asked.year if asked is not None and asked.total else 0


@page(needing(Right.DECLARE))
def expected_format(request: PageRequest) -> HttpResponse:
    """« Format attendu »: what a table made by one's own software must have."""
    card = _open_campaign(request)
    if card is None:
        return _says_why(request)
    context = {"card": card, "columns": template.short_header(card.year), "year_query": year_query(request, card)}
    return render(request, "landlord/files/format.html", context)


@page(needing(Right.DECLARE))
def table(request: PageRequest, kind: str) -> HttpResponseBase:
    """The table of the rents to declare, pre-filled."""
    card = _open_campaign(request)
    if card is None:
        return _says_why(request)
    year, rows = card.year, template.lines(request.actor, card.year)
    open_columns = (template.PREVIOUS_COLUMN, template.RENT_COLUMN)
    taken = Taken("rents-to-declare", f"loyers-juillet-{year}", year)
    return table_answer(request, taken, kind, template.header(year), rows, sheet="Loyers", open_columns=open_columns)


@page(needing(Right.DECLARE))
def empty_table(request: PageRequest, kind: str) -> HttpResponseBase:
    """The same with nothing in it but its head."""
    card = _open_campaign(request)
    if card is None:
        return _says_why(request)
    return unnoted_table(kind, template.short_header(card.year), name=f"modele-juillet-{card.year}", sheet="Loyers")


def _open_campaign(request: PageRequest) -> CampaignCard | None:
    card = campaign_asked(request)
    return None if card is None or day_in_paris(request.now) < card.opens_on else card


def _says_why(request: PageRequest) -> HttpResponse:
    """No campaign is open: the page of the files says so, and when one will be."""
    return HttpResponseRedirect(reverse("rent-files", args=[request.standing.account_reference]))


@page(needing(Right.DECLARE), writes=True)
def columns(request: PageRequest, file: UUID) -> HttpResponse:
    """« Choisir la colonne »."""
    account, found = request.standing.account_reference, file_of(request.actor, file)
    if found.state != FileState.COLUMNS:
        return HttpResponseRedirect(reverse("rent-file", args=[account, file]))
    form = ColumnsForm(request.POST if request.method == "POST" else None, file=found)
    if form.is_valid():
        try:
            intake.choose_columns(request.actor, file, form.places, at=request.now)
            return HttpResponseRedirect(reverse("rent-file", args=[account, file]))
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "landlord/files/columns.html", {"form": form, "file": found})
