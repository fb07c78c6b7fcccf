"""The last look before sending, and the sending."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.refusals import JustSent, NothingToSend
from parvis.declarations.selectors import CampaignCard, ready_to_submit
from parvis.declarations.services import submission
from parvis.kit.actors import Right
from parvis.kit.refusals import Refusal
from parvis.opinions.rules import Journey
from parvis.web.frame.page import needing, page
from parvis.web.frame.page.asking import ended
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.july import GridAddress, reference
from parvis.web.landlord.lines import line_of
from parvis.web.landlord.views.july.aside import told_aside
from parvis.web.landlord.views.tenants import campaign_asked, year_query

_FINGERPRINT = re.compile(r"[0-9a-f]{32}")


@page(needing(Right.DECLARE))
def check(request: PageRequest) -> HttpResponse:
    """« Vérifiez avant de transmettre »: all that leaves, its sum, whom it goes to."""
    account, card = request.standing.account_reference, campaign_asked(request)
    asked = GridAddress.read(request.GET)
    if card is not None:
        told_aside(request, request.actor, card.year)
    ready = ready_to_submit(request.actor, card.year, after=asked.after, before=asked.before) if card else None
    if card is None or ready is None or not ready.count:
        messages.info(request, "Aucun loyer n’est prêt à être transmis.")
        return HttpResponseRedirect(reverse("july-rents", args=[account]) + asked.query(state=""))
    context = {
        "card": card,
        "ready": ready,
        "lines": [line_of(row, account) for row in ready.page.rows],
        "key": uuid4(),
        "year_query": year_query(request, card),
        "previous": asked.query(before=ready.page.previous) if ready.page.previous else None,
        "following": asked.query(after=ready.page.next) if ready.page.next else None,
    }
    return render(request, "landlord/july/check.html", context)


@page(needing(Right.DECLARE), writes=True)
def submit(request: PageRequest) -> HttpResponse:
    """Send what the check page showed, nothing else; lead to the receipt."""
    account, card = request.standing.account_reference, campaign_asked(request)
    key = reference(request.POST.get("cle", "")) if request.method == "POST" else None
    year = request.POST.get("annee", "")
    if key is None or card is None or year != str(card.year):
        return HttpResponseRedirect(reverse("july-rents-check", args=[account]))
    return _sent(request, key, card)


def _sent(request: PageRequest, key: UUID, card: CampaignCard) -> HttpResponse:
    account, shown = request.standing.account_reference, request.POST.get("vu", "")
    shown = shown if _FINGERPRINT.fullmatch(shown) else ""
    try:
        receipts = submission.submit_ready(request.actor, card.year, submission_key=key, expected=shown, at=request.now)
    except JustSent as refusal:
        messages.info(request, refusal.sentence)
        return HttpResponseRedirect(reverse("receipt", args=[account, refusal.number]))
    except NothingToSend as refusal:
        messages.info(request, refusal.sentence)
        return HttpResponseRedirect(f"{reverse('july-rents', args=[account])}{year_query(request, card)}")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return HttpResponseRedirect(f"{reverse('july-rents-check', args=[account])}{year_query(request, card)}")
    if len(receipts) > 1:
        messages.success(request, "Vos loyers sont transmis. Chaque caisse vous donne son accusé.")
        return ended(request, Journey.JULY, reverse("receipts", args=[account]))
    return ended(request, Journey.JULY, reverse("receipt", args=[account, receipts[0].number]))
