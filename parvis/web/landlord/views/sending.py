"""The last look before sending, the sending, and the correction of what was sent."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.models import Receipt
from parvis.declarations.refusals import JustSent
from parvis.declarations.selectors import ready_to_submit
from parvis.declarations.services import correction, submission
from parvis.kit.actors import Right
from parvis.kit.money import decimal
from parvis.kit.refusals import ActNotPossible, NotFound, Refusal
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.july import CorrectionForm, GridAddress, reference
from parvis.web.landlord.lines import line_of
from parvis.web.landlord.views.tenants import campaign_of

_FINGERPRINT = re.compile(r"[0-9a-f]{32}")


@page(needing(Right.DECLARE))
def check(request: PageRequest) -> HttpResponse:
    """« Vérifiez avant de transmettre »: all that leaves, its sum, whom it goes to."""
    account, card = request.standing.account_reference, campaign_of(request)
    asked = GridAddress.read(request.GET)
    ready = ready_to_submit(request.actor, card.year, after=asked.after, before=asked.before) if card else None
    if card is None or ready is None or not ready.count:
        messages.info(request, "Aucun loyer n’est prêt à être transmis.")
        return HttpResponseRedirect(reverse("july-rents", args=[account]))
    context = {
        "card": card,
        "ready": ready,
        "lines": [line_of(row, account) for row in ready.page.rows],
        "key": uuid4(),
        "previous": asked.query(before=ready.page.previous) if ready.page.previous else None,
        "following": asked.query(after=ready.page.next) if ready.page.next else None,
    }
    return render(request, "landlord/july/check.html", context)


@page(needing(Right.DECLARE), writes=True)
def submit(request: PageRequest) -> HttpResponse:
    """Send what the check page showed, nothing else; lead to the receipt."""
    account, card = request.standing.account_reference, campaign_of(request)
    key = reference(request.POST.get("cle", "")) if request.method == "POST" else None
    year = request.POST.get("annee", "")
    if key is None or card is None or year != str(card.year):
        return HttpResponseRedirect(reverse("july-rents-check", args=[account]))
    return _sent(request, key, card.year)


def _sent(request: PageRequest, key: UUID, year: int) -> HttpResponse:
    account, shown = request.standing.account_reference, request.POST.get("vu", "")
    shown = shown if _FINGERPRINT.fullmatch(shown) else ""
    try:
        receipts = submission.submit_ready(request.actor, year, submission_key=key, expected=shown, at=request.now)
    except JustSent as refusal:
        messages.info(request, refusal.sentence)
        return HttpResponseRedirect(reverse("receipt", args=[account, refusal.number]))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return HttpResponseRedirect(reverse("july-rents-check", args=[account]))
    if len(receipts) > 1:
        messages.success(request, "Vos loyers sont transmis. Chaque caisse vous donne son accusé.")
        return HttpResponseRedirect(reverse("receipts", args=[account]))
    return HttpResponseRedirect(reverse("receipt", args=[account, receipts[0].number]))


@page(needing(Right.DECLARE), writes=True)
def correct(request: PageRequest, tenancy: UUID) -> HttpResponse:
    """Another rent in place of the one sent, while the office has not decided."""
    card, account = campaign_of(request), request.standing.account_reference
    if card is None:
        raise NotFound
    try:
        row = correction.correctable(request.actor, tenancy, year=card.year, at=request.now)
    except ActNotPossible as refusal:
        messages.error(request, refusal.sentence)
        return HttpResponseRedirect(f"{reverse('july-rents', args=[account])}?etat=tous")
    first = {"rent": decimal(row.rent_cents or 0), "key": uuid4()}
    form = CorrectionForm(request.POST) if request.method == "POST" else CorrectionForm(initial=first)
    receipt = _corrected(request, tenancy, card.year, form) if request.method == "POST" and form.is_valid() else None
    if receipt is not None:
        return HttpResponseRedirect(reverse("receipt", args=[account, receipt.number]))
    return render(request, "landlord/july/correct.html", {"form": form, "row": row, "card": card})


def _corrected(request: PageRequest, tenancy: UUID, year: int, form: CorrectionForm) -> Receipt | None:
    """The receipt of the correction; None when the form says why not."""
    asked = form.cleaned_data
    try:
        return correction.correct(
            request.actor,
            tenancy,
            year=year,
            typed=asked["rent"],
            confirmed_cents=asked["sure_cents"] if asked["sure"] else None,
            submission_key=asked["key"],
            at=request.now,
        )
    except correction.ToConfirm as refusal:
        form.confirm_words, form.confirm_cents = refusal.warning.confirm, refusal.cents
        form.refuse(refusal)
    except Refusal as refusal:
        form.refuse(refusal)
    return None
