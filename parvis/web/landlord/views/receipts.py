"""Receipts: the list, the page of one, its PDF."""

from __future__ import annotations

from datetime import date

import segno
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from parvis.declarations.paper.whole import check_url, table_file, whole_paper
from parvis.declarations.refusals import ReceiptAltered
from parvis.declarations.selectors import CampaignCard, ReceiptSheet, campaign_card, receipt_of, receipts_of
from parvis.declarations.selectors.history import SentDeclaration, others_of
from parvis.declarations.selectors.receipts import LINES, NUMBER, PAGE, rents_of
from parvis.declarations.selectors.receipts.facts import facts_of
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import day, day_and_month
from parvis.kit.refusals import NotAllowed, NotFound
from parvis.web.frame.page import account_pages, needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, file_answer, paper_answer
from parvis.web.landlord.forms.july import GridAddress
from parvis.web.landlord.views.tenants import campaign_of, year_query
from parvis.web.landlord.words import DECLARATION_PILLS


@page(account_pages)
def receipts(request: PageRequest) -> HttpResponse:
    """All that was sent, newest first. Tells nothing of tenants: every account of the landlord may see it."""
    after, before = (_number_in(request, name) for name in ("apres", "avant"))
    found = receipts_of(request.actor, limit=PAGE + 1, after=after, before=before)
    more = len(found) > PAGE
    rows = found[-PAGE:] if before else found[:PAGE]
    previous = rows and (more if before else after)
    following = rows and (more if not before else True)
    context = {
        "receipts": rows,
        "previous": f"?{urlencode({'avant': rows[0].number})}" if previous else None,
        "following": f"?{urlencode({'apres': rows[-1].number})}" if following else None,
    }
    return render(request, "landlord/receipts/list.html", context)


@page(account_pages)
def receipt(request: PageRequest, number: str) -> HttpResponse:
    """One receipt, with its rents page by page."""
    try:
        sheet, asked = _readable(request, number), GridAddress.read(request.GET)
    except ReceiptAltered as refusal:
        return _not_shown(request, refusal)
    found = rents_of(sheet, after=asked.after, before=asked.before, limit=LINES + 1)
    more = len(found) > LINES
    rents = found[-LINES:] if asked.before else found[:LINES]
    previous = rents and (more if asked.before else asked.after)
    following = rents and (more if not asked.before else True)
    card = _own_campaign(request, sheet)
    others = [] if sheet.is_of_rents else others_of(sheet.id)
    context = {
        "sheet": sheet,
        "rents": rents,
        "others": others,
        "pills": DECLARATION_PILLS,
        "may_declare": request.actor.may(Right.DECLARE),
        "facts": facts_of(sheet),
        "steps": _steps(sheet, others, day_in_paris(request.now)),
        "remaining": card.remaining if card else 0,
        "year_query": year_query(request, card) if card else "",
        "check_url": check_url(sheet),
        "qr": segno.make(check_url(sheet), error="m").svg_data_uri(scale=4, border=2, light="#fff"),
        "previous": asked.query(before=rents[0].tenancy) if previous else None,
        "following": asked.query(after=rents[-1].tenancy) if following else None,
    }
    return render(request, "landlord/receipts/receipt.html", context)


@page(account_pages)
def receipt_pdf(request: PageRequest, number: str) -> HttpResponse:
    """The same on paper, with all its rents."""
    try:
        sheet = _readable(request, number, whole=True)
    except ReceiptAltered as refusal:
        return _not_shown(request, refusal)
    return paper_answer(request, Taken("receipt", sheet.number, sheet.at.year), whole_paper(sheet), rows=sheet.count)


@page(needing(Right.CONSULT))
def receipt_table(request: PageRequest, number: str) -> HttpResponseBase:
    """Its rents as a table to open in a spreadsheet: the one whose digest a long receipt prints."""
    try:
        sheet = receipt_of(request.actor, number, whole=True)
    except ReceiptAltered as refusal:
        return _not_shown(request, refusal)
    if not sheet.is_of_rents:
        raise NotFound
    return file_answer(
        request, Taken("receipt", sheet.number, sheet.at.year), "csv", table_file(sheet), rows=sheet.count
    )


def _readable(request: PageRequest, number: str, *, whole: bool = False) -> ReceiptSheet:
    """The receipt, for those who may consult, and for whoever sent it: an acknowledgement is theirs (CRPA L.112-11)."""
    sheet = receipt_of(request.actor, number, whole=whole)
    if not request.actor.may(Right.CONSULT) and sheet.login_id != request.actor.label:
        raise NotAllowed(Right.CONSULT.label)
    return sheet


def _own_campaign(request: PageRequest, sheet: ReceiptSheet) -> CampaignCard | None:
    """The campaign of the receipt's own rents, which may be a former one; None for other declarations."""
    card = campaign_of(request)
    if sheet.year is None or (card is not None and card.year == sheet.year):
        return card if sheet.year else None
    return campaign_card(request.actor, at=request.now, year=sheet.year)


def _number_in(request: PageRequest, name: str) -> str | None:
    """The receipt number a page of the list starts from; what is not written as one is as if not said."""
    asked = request.GET.get(name, "")
    return asked if NUMBER.fullmatch(asked) else None


def _not_shown(request: PageRequest, refusal: ReceiptAltered) -> HttpResponse:
    """A receipt that proves nothing any more is not shown: the list says why."""
    messages.error(request, refusal.sentence)
    return HttpResponseRedirect(reverse("receipts", args=[request.standing.account_reference]))


def _steps(sheet: ReceiptSheet, others: list[SentDeclaration], today: date) -> list[str]:
    """What happens now; nothing is promised any more once the office has decided."""
    if sheet.is_decided:
        return [
            "Votre caisse a décidé\u00a0: l’état de chaque ligne le dit.",
            *([sheet.effect] if sheet.is_of_rents else []),
        ]
    if not sheet.is_of_rents:
        return _steps_of_others(others, today)
    steps = [
        f"Votre caisse intègre les loyers{_delay(sheet)}. Vous verrez «\u00a0Pris en compte\u00a0» sur chaque fiche.",
        sheet.effect,
    ]
    deadline = sheet.deadline_on
    if deadline is not None and today <= deadline:
        steps.append(f"Vous pouvez corriger jusqu’au {day_and_month(deadline)}, tant que la caisse n’a pas décidé.")
    elif deadline is not None and day_in_paris(sheet.at) > deadline:
        steps.append("Vous pouvez corriger jusqu’à la décision de la caisse.")
    return steps


def _delay(sheet: ReceiptSheet) -> str:
    if sheet.weeks is None:
        return ""
    low, high = sheet.weeks
    return f" sous {low}\u00a0semaines" if low == high else f" sous {low} à {high}\u00a0semaines"


def _steps_of_others(others: list[SentDeclaration], today: date) -> list[str]:
    """What follows, and by when at the pace of the office: the slowest of those it has not answered yet."""
    expected = [sent.expected_on for sent in others if sent.expected_on is not None]
    steps = ["Votre caisse les contrôle. Vous suivez leur état dans «\u00a0Mes déclarations\u00a0»."]
    if expected and max(expected) >= today:
        steps.append(f"Réponse attendue vers le {day(max(expected))}, selon les délais actuels de votre caisse.")
    return [*steps, "Vous pouvez corriger jusqu’à la décision de la caisse."]
