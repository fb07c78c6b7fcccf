"""Correcting a July rent that was sent: another amount, a last look at old and new, then the sending."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.selectors import CampaignCard
from parvis.declarations.services import correction
from parvis.kit.actors import Right
from parvis.kit.money import decimal
from parvis.kit.refusals import ActNotPossible, NotFound, Refusal
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.july import CorrectionForm
from parvis.web.landlord.lines import ASK_REASON, REASONS_TO_CONFIRM
from parvis.web.landlord.views.tenants import campaign_asked, year_query


@page(needing(Right.DECLARE), writes=True)
def correct(request: PageRequest, tenancy: UUID) -> HttpResponse:
    """Another rent in place of the one sent, while the office has not decided; asked of it, once it took one in."""
    card, account = campaign_asked(request), request.standing.account_reference
    if card is None:
        raise NotFound
    try:
        asked = correction.correctable(request.actor, tenancy, year=card.year, at=request.now)
    except ActNotPossible as refusal:
        messages.error(request, refusal.sentence)
        return HttpResponseRedirect(reverse("july-rents", args=[account]) + (year_query(request, card) or "?etat=tous"))
    if request.method != "POST":
        form = CorrectionForm(initial={"rent": decimal(asked.row.rent_cents or 0), "key": uuid4()})
    else:
        form = CorrectionForm(request.POST)
        answer = _posted(request, tenancy, card, form) if form.is_valid() else None
        if answer is not None:
            return answer
    context = {"form": form, "asked": asked, "row": asked.row, "card": card, "year_query": year_query(request, card)}
    return render(request, "landlord/july/correct.html", context)


def _posted(request: PageRequest, tenancy: UUID, card: CampaignCard, form: CorrectionForm) -> HttpResponse | None:
    """The check page, or the receipt once it was looked at; None when the form says why not, or is asked for again."""
    if request.POST.get("suite") == "modifier":
        return None
    try:
        return _answered(request, tenancy, card, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _answered(request: PageRequest, tenancy: UUID, card: CampaignCard, form: CorrectionForm) -> HttpResponse:
    """The receipt, if the amount is the one that was looked at and is confirmed where it must be; else the check page."""
    shown = form.cleaned_data["shown_cents"]
    if shown is not None and form.cleaned_data["rent"] == decimal(shown):
        try:
            return _sent(request, tenancy, card.year, form)
        except correction.ToConfirm:
            form.add_error("sure", "Confirmez ce montant, ou modifiez-le.")
    return _look(request, tenancy, card, form)


def _look(request: PageRequest, tenancy: UUID, card: CampaignCard, form: CorrectionForm) -> HttpResponse:
    """« Vérifiez avant de transmettre »: the rent sent, the one that takes its place."""
    typed, reason, seen = form.cleaned_data["rent"], form.cleaned_data["reason"], form.cleaned_data["seen"] or None
    found = correction.preview(
        request.actor, tenancy, year=card.year, typed=typed, reason=reason, seen=seen, at=request.now
    )
    context = {
        "form": form,
        "row": found.row,
        "found": found,
        "card": card,
        "year_query": year_query(request, card),
        "why": reason if found.revises else "",
        "asks_reason": not found.revises and found.warning is not None and found.warning.code in ASK_REASON,
        "reasons": [("", "Sans motif"), *((reason, reason) for reason in REASONS_TO_CONFIRM)],
    }
    return render(request, "landlord/july/correct_check.html", context)


def _sent(request: PageRequest, tenancy: UUID, year: int, form: CorrectionForm) -> HttpResponse:
    asked = form.cleaned_data
    receipt = correction.correct(
        request.actor,
        tenancy,
        year=year,
        typed=asked["rent"],
        confirmed_cents=asked["shown_cents"] if asked["sure"] else None,
        reason=asked["reason"],
        seen=asked["seen"] or None,
        submission_key=asked["key"],
        at=request.now,
    )
    return HttpResponseRedirect(reverse("receipt", args=[request.standing.account_reference, receipt.number]))
