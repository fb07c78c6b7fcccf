"""« La déclaration sur papier reste possible »: a form with the tenants on it, to print and post."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.paper.form import form_pdf
from parvis.declarations.paper.form_lines import MOST_TENANTS, paper_form
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.tenancies.rules import read_search
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, paper_answer
from parvis.web.landlord.forms.july import GridAddress
from parvis.web.landlord.views.tenants import campaign_asked, year_query


@page(needing(Right.DECLARE))
def paper_form_pdf(request: PageRequest) -> HttpResponse:
    """The form itself, of all that is left, or of what a search finds."""
    card, asked = campaign_asked(request), GridAddress.read(request.GET)
    if card is None or day_in_paris(request.now) < card.opens_on:
        return HttpResponseRedirect(reverse("july-rents", args=[request.standing.account_reference]))
    form = paper_form(request.actor, card, search=read_search(asked.search), everywhere=bool(asked.search))
    if not form.offices:
        page_of = reverse("july-rents-paper", args=[request.standing.account_reference])
        return HttpResponseRedirect(page_of + asked.query())
    content = form_pdf(form, at=request.now)
    taken = Taken("paper-form", f"loyers-de-juillet-{card.year}-papier", card.year)
    return paper_answer(request, taken, content, rows=sum(len(office.rows) for office in form.offices))


@page(needing(Right.DECLARE))
def paper_form_page(request: PageRequest) -> HttpResponse:
    """What the form is, who is on it, where it goes."""
    card, asked = campaign_asked(request), GridAddress.read(request.GET)
    if card is None or day_in_paris(request.now) < card.opens_on or not card.remaining:
        return HttpResponseRedirect(reverse("july-rents", args=[request.standing.account_reference]))
    form = paper_form(request.actor, card, search=read_search(asked.search), everywhere=bool(asked.search))
    context = {
        "card": card,
        "asked": asked,
        "form_offices": form.offices,
        "count": sum(len(office.rows) for office in form.offices),
        "is_whole": form.is_whole,
        "most": MOST_TENANTS,
        "today": day_in_paris(request.now),
        "year_query": year_query(request, card),
    }
    return render(request, "landlord/july/paper.html", context)
