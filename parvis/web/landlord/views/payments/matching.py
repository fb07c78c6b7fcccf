"""« Rapprocher avec ma banque »: a transfer found again, a bank statement held against the transfers. Nothing is kept."""

from __future__ import annotations

from django.http import HttpResponse

from parvis.kit.actors import Right
from parvis.kit.refusals import Refusal
from parvis.sheets import bank
from parvis.tenancies.selectors.payments.finding import transfers_between, transfers_found
from parvis.tenancies.selectors.payments.matching import match, period_of
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.payments import BankFileForm, FindForm

MOST_SHOWN = 200


@page(needing(Right.PAYMENTS), writes=True)
def bank_matching(request: PageRequest) -> HttpResponse:
    """The two questions; a file is read, answered and forgotten."""
    posted = request.method == "POST"
    form = BankFileForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        try:
            lines = bank.lines(form.cleaned_data["file"].read())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _answer(request, lines)
    asked = "q" in request.GET and not posted
    search = FindForm(request.GET if asked else None)
    found = transfers_found(request.actor, cents=search.cents, day=search.day) if asked and search.is_valid() else None
    shown = search if asked and search.errors else form
    context = {"form": shown, "file_form": form, "search": search, "found": found}
    return render(request, "landlord/payments/match.html", context)


def _answer(request: PageRequest, lines: list[bank.BankLine]) -> HttpResponse:
    transfers = transfers_between(request.actor, *period_of(lines))
    found = match(lines, transfers)
    context = {"found": found, "count": len(lines), "most": MOST_SHOWN}
    return render(request, "landlord/payments/matched.html", context)
