"""The landlord's home: the campaign, what is to do, the transfers received, the landlord as the office knows it."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponse
from django.urls import reverse

from parvis.declarations.selectors import CampaignCard, receipts_of
from parvis.declarations.selectors.history import unfinished
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.kit.periods import day_and_month
from parvis.tenancies.selectors.portfolio import portfolio_of as portfolio_with
from parvis.tenancies.selectors.portfolio import transfers_of
from parvis.web.frame.page import account_pages, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.views.tenants import campaign_of
from parvis.web.landlord.words import campaign_words, delay_words, transfers_sentence

RECEIPTS_SHOWN = 3


class Task(NamedTuple):
    """One line of « À faire », as the component wants it."""

    label: str
    url: str
    text: str
    icon: str
    kind: str


@page(account_pages)
def landlord_home(request: PageRequest) -> HttpResponse:
    """The first page of the Espace bailleur."""
    card, actor = campaign_of(request), request.actor
    portfolio = portfolio_with(actor, user_number=request.standing.user_number)
    transfers = transfers_of(actor, portfolio) if actor.may(Right.PAYMENTS) else None
    context = {
        "card": card,
        "campaign": campaign_words(card, day_in_paris(request.now)) if card else None,
        "tasks": _tasks(request, card),
        "portfolio": portfolio,
        "delays": delay_words(portfolio.delays),
        "transfers": transfers,
        "transfers_sentence": transfers_sentence(transfers),
        "receipts": receipts_of(actor, limit=RECEIPTS_SHOWN) if actor.may(Right.CONSULT) else [],
        "may_consult": actor.may(Right.CONSULT),
        "may_declare": actor.may(Right.DECLARE),
        "may_change_bank": actor.may(Right.BANK_DETAILS),
        "may_see_payments": actor.may(Right.PAYMENTS),
    }
    return render(request, "landlord/home/home.html", context)


def _tasks(request: PageRequest, card: CampaignCard | None) -> list[Task]:
    """What the facts ask of this person: nothing is invented, and nothing is asked of those who may not declare."""
    if not request.actor.may(Right.DECLARE):
        return []
    if card is None or day_in_paris(request.now) < card.opens_on:
        return _begun(request)
    account = request.standing.account_reference
    grid, check = reverse("july-rents", args=[account]), reverse("july-rents-check", args=[account])
    to_type, typed = f"{grid}?etat=a-saisir", f"{grid}?etat=saisis"
    until = f"À faire avant le {day_and_month(card.deadline_on)}."
    unusual = f"Écart avec juillet {card.year - 1}. Confirmez ou corrigez."
    asked = [
        (card.rejected, "Corriger", "refusé", "Votre caisse dit pourquoi sur chaque ligne.", "alert", "bad", to_type),
        (card.to_correct, "Corriger", "à corriger", "Le montant saisi n’a pas été compris.", "edit", "bad", typed),
        (card.to_confirm, "Vérifier", "inhabituel", unusual, "alert", "warm", typed),
        (card.drafted, "Transmettre", "saisi", "Saisis, mais votre caisse ne les a pas encore.", "send", "info", check),
        (card.to_declare, "Saisir", "à déclarer", until, "euro", "warm", to_type),
    ]
    return _begun(request) + [
        Task(f"{verb} {_rents(count, words)}", url, text, icon, kind)
        for count, verb, words, text, icon, kind, url in asked
        if count
    ]


def _begun(request: PageRequest) -> list[Task]:
    """The declarations begun and not sent: nothing leaves by itself."""
    account = request.standing.account_reference
    return [
        Task(
            f"Transmettre\u00a0: {line.name}",
            reverse("declare", args=[account, line.tenancy]),
            "Vos réponses sont gardées, votre caisse ne les a pas encore.",
            "send",
            "info",
        )
        for line in unfinished(request.actor)
    ]


def _rents(count: int, words: str) -> str:
    """``2 loyers refusés``: « à déclarer » and the like keep their writing in the plural."""
    many = count > 1
    return f"{count}\u00a0loyer{'s' if many else ''} {words}{'s' if many and not words.startswith('à ') else ''}"
