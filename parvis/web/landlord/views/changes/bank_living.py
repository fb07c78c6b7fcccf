"""A bank change on its way: a colleague agrees or refuses, anybody with the right stops it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.changes.selectors.requests import bank_change_of
from parvis.changes.selectors.together import siblings_of
from parvis.changes.services.bank import agreeing, stopping
from parvis.kit.actors import Right
from parvis.kit.periods import moment
from parvis.kit.refusals import NotFound, Refusal
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest


@page(needing(Right.BANK_DETAILS), writes=True)
def stop(request: PageRequest, bank_change: UUID) -> HttpResponse:
    """« Arrêter ce changement »: what it does, then one click."""
    line = bank_change_of(request.actor, bank_change)
    if request.method == "POST":
        try:
            together = "ensemble" in request.POST
            stopping.stop_bank_change(bank_change, with_others=together, by=request.actor, at=request.now)
        except NotFound:
            raise
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, "Le changement est arrêté. Les aides vont au compte que votre caisse connaît.")
        return _to(request, "bank-details")
    others = [one for one in siblings_of(request.actor, line) if one.may_stop]
    return render(request, "landlord/changes/bank/stop.html", {"line": line, "others": others})


@page(needing(Right.BANK_DETAILS), writes=True)
def agreement(request: PageRequest, bank_change: UUID) -> HttpResponse:
    """The second agreement: yes or no."""
    line = bank_change_of(request.actor, bank_change)
    if request.method == "POST":
        try:
            _decided(request, bank_change)
        except NotFound:
            raise
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        return _to(request, "change", line.number)
    others = agreeing.awaiting_with(bank_change, by=request.actor, at=request.now) if not line.is_own else []
    return render(request, "landlord/changes/bank/agreement.html", {"line": line, "others": others})


def _decided(request: PageRequest, bank_change: UUID) -> None:
    agree, together = request.POST.get("accord"), "ensemble" in request.POST
    if agree == "oui":
        agreed = agreeing.agree_to_bank_change(bank_change, with_others=together, by=request.actor, at=request.now)
        until = moment(agreed.held_until or request.now)
        messages.success(request, f"Merci. Ce compte part à la caisse après le {until}, sauf si on l’arrête.")
    elif agree == "non":
        agreeing.decline_bank_change(bank_change, with_others=together, by=request.actor, at=request.now)
        messages.success(request, "C’est refusé. Les aides vont au compte que votre caisse connaît.")


def _to(request: PageRequest, name: str, *more: object) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=[request.standing.account_reference, *more]))
