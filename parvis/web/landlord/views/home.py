"""The landlord's home: the campaign, what is to do, the transfers received, the landlord as the office knows it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.urls import reverse

from parvis.declarations.paper.recap import MOST_RENTS, recap_pdf
from parvis.declarations.paper.recap_lines import declared_rents
from parvis.declarations.selectors import CampaignCard
from parvis.declarations.selectors.campaign import suspended_campaigns
from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import NotFound
from parvis.parameters.banners import banners_for
from parvis.tenancies.selectors.payments.coming import coming_payment
from parvis.tenancies.selectors.portfolio import portfolio_of as portfolio_with
from parvis.tenancies.selectors.portfolio import transfers_of
from parvis.web.frame.page import account_pages, needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, paper_answer
from parvis.web.landlord.home import tasks
from parvis.web.landlord.home.following import followed
from parvis.web.landlord.home.sources import SOURCES
from parvis.web.landlord.views.tenants import campaign_asked, campaign_of
from parvis.web.landlord.words import campaign_words, delay_words, transfers_sentence


@page(account_pages)
def landlord_home(request: PageRequest) -> HttpResponse:
    """The first page of the Espace bailleur."""
    actor = request.actor
    portfolio = portfolio_with(actor, user_number=request.standing.user_number)
    context = {
        **_campaign(request),
        **_tasks(request),
        "portfolio": portfolio,
        "delays": delay_words(portfolio.delays),
        "office_code": next((code for code, name in portfolio.offices if name == portfolio.office_name), ""),
        "banners": banners_for({code for code, _ in portfolio.offices}, on=day_in_paris(request.now)),
        **_payments(request),
        "followed": followed(request),
        "may_consult": actor.may(Right.CONSULT),
        "may_declare": actor.may(Right.DECLARE),
        "may_change_bank": actor.may(Right.BANK_DETAILS),
        "may_see_payments": actor.may(Right.PAYMENTS),
    }
    return render(request, "landlord/home/home.html", context)


def _tasks(request: PageRequest) -> dict[str, Any]:
    """« À faire »: the first ones, or with ``?tout=1`` all of them, page by page; ``all_tasks`` leads there, with their number."""
    whole, after = "tout" in request.GET, request.GET.get("apres", "")
    found = tasks.tasks_of(request, SOURCES, after=after if whole else "")
    here, count = reverse("landlord-home", args=[request.standing.account_reference]), len(found.tasks)
    more = f"plus de {count}" if found.following else str(count)
    return {
        "tasks": found.tasks if whole else found.tasks[: tasks.SHOWN],
        "all_tasks": None if whole or count <= tasks.SHOWN else (f"{here}?tout=1#a-faire", more),
        "tasks_before": f"{here}?tout=1#a-faire" if whole and after else None,
        "tasks_after": f"{here}?tout=1&apres={quote(found.following)}#a-faire" if whole and found.following else None,
    }


def _payments(request: PageRequest) -> dict[str, Any]:
    """What was paid and what should come next, for who may see payments."""
    if not request.actor.may(Right.PAYMENTS):
        return {"transfers": None, "transfers_sentence": transfers_sentence(None), "coming": None}
    today = day_in_paris(request.now)
    transfers = transfers_of(request.actor, today=today)
    return {
        "transfers": transfers,
        "transfers_sentence": transfers_sentence(transfers),
        "coming": coming_payment(request.actor, today=today),
    }


def _campaign(request: PageRequest) -> dict[str, Any]:
    """The campaign of the day, and the former ones whose missing rents suspend an aid, each with its own grid."""
    card = campaign_of(request)
    grid = reverse("july-rents", args=[request.standing.account_reference])
    year = card.year if card else None
    suspended = suspended_campaigns(request.actor, at=request.now)
    late = sum(line.remaining for line in suspended if line.year == year)
    return {
        "card": card,
        "campaign": campaign_words(card, day_in_paris(request.now), late) if card else None,
        "suspended": [(x.year, x.remaining, f"{grid}?annee={x.year}") for x in suspended if x.year != year],
    }


@page(needing(Right.CONSULT))
def july_recap(request: PageRequest) -> HttpResponse:
    """« Télécharger le récapitulatif »: all the July rents of the campaign that are with the office, on paper."""
    card = campaign_asked(request)
    if card is None or not card.done:
        raise NotFound
    standing = request.standing
    rents = declared_rents(request.actor, card.year, limit=MOST_RENTS + 1)
    content = recap_pdf(
        _whole(card), rents, landlord=standing.landlord_name, user_number=standing.user_number, at=request.now
    )
    taken = Taken("july-recap", f"loyers-de-juillet-{card.year}", card.year)
    return paper_answer(request, taken, content, rows=card.done)


def _whole(card: CampaignCard) -> tuple[int, int, int]:
    """Year, rents with the office, rents of the campaign."""
    return card.year, card.done, card.total
