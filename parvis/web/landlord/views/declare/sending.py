"""The last look before sending, and the sending: one page, one click, one receipt."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.kinds import kind_of
from parvis.declarations.refusals import JustSent
from parvis.declarations.selectors.bundles import with_the_office
from parvis.declarations.services import bundles
from parvis.kit.actors import Right
from parvis.kit.refusals import Refusal
from parvis.landlords.selectors.offices import office_named
from parvis.opinions.rules import Journey
from parvis.web.frame.page import needing, page
from parvis.web.frame.page.asking import ended
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.july import reference as key_in
from parvis.web.landlord.views.declare.choosing import sheet_of, step_url, year_of
from parvis.web.landlord.views.declare.words import rent_lines

_FINGERPRINT = re.compile(r"[0-9a-f]{32}")


@page(needing(Right.DECLARE))
def check(request: PageRequest, reference: UUID) -> HttpResponse:
    """« Vérifiez avant de transmettre »: every answer, what will follow, whom it goes to."""
    sheet = sheet_of(request, reference)
    if not sheet.steps:
        return HttpResponseRedirect(reverse("declare", args=[request.standing.account_reference, reference]))
    unready = next((step for step in sheet.steps if not step.is_ready), None)
    if unready is not None:
        return HttpResponseRedirect(step_url(request, reference, unready.kind.code))
    sent = with_the_office(request.actor, sheet.tenancy.id) if sheet.also else {}
    context = {
        "sheet": sheet,
        "also": [kind_of(code) for code in sheet.also if code not in sent],
        "key": uuid4(),
        "rent_lines": rent_lines,
        "title_of": lambda code: kind_of(code).title,
        "office": office_named(sheet.tenancy.caf_code),
    }
    return render(request, "landlord/declare/check.html", context)


@page(needing(Right.DECLARE), writes=True)
def send(request: PageRequest, reference: UUID) -> HttpResponse:
    """Send what the check page showed, nothing else; lead to the receipt."""
    account = request.standing.account_reference
    sheet_of(request, reference)
    key = key_in(request.POST.get("cle", "")) if request.method == "POST" else None
    shown = request.POST.get("vu", "")
    if key is None or not _FINGERPRINT.fullmatch(shown):
        return HttpResponseRedirect(reverse("declare-check", args=[account, reference]))
    try:
        receipt = bundles.send(
            request.actor, reference, submission_key=key, expected=shown, year=year_of(request), at=request.now
        )
    except JustSent as refusal:
        messages.info(request, refusal.sentence)
        return HttpResponseRedirect(reverse("receipt", args=[account, refusal.number]))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return HttpResponseRedirect(reverse("declare-check", args=[account, reference]))
    return ended(request, Journey.DECLARATION, reverse("receipt", args=[account, receipt.number]))
