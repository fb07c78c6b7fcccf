"""What helps with the rents of several accounts at once: those known taken over, a form to print; as each account does alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.paper.form import form_pdf
from parvis.declarations.paper.form_lines import MOST_TENANTS, OfficeForm, PaperForm, paper_form
from parvis.declarations.selectors import OwingAccount, accounts_owing, campaign_card
from parvis.declarations.services import july
from parvis.kit.actors import Actor, Right
from parvis.kit.clock import day_in_paris
from parvis.kit.refusals import Refusal
from parvis.web.frame import way
from parvis.web.frame.context import across_accounts
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, paper_of_accounts
from parvis.web.landlord.forms.across import AcrossAddress
from parvis.web.landlord.views.july.across import credential_of

AT_ONCE = 25
"""So many accounts are filled by one click; those left by the next."""


@page(public, writes=True)
def prefill(request: PageRequest) -> HttpResponse:
    """« Reprendre les loyers connus ? », in all the accounts asked for."""
    elsewhere = way.not_in_yet(request)
    if elsewhere is not None:
        return elsewhere
    asked = AcrossAddress.read(request.GET)
    accounts = accounts_owing(credential_of(request), asked.among, at=request.now)
    grid = reverse("rents-across") + asked.query()
    if not accounts:
        return HttpResponseRedirect(grid)
    if request.method == "POST":
        _fill(request, accounts)
        return HttpResponseRedirect(grid)
    across_accounts(request, accounts[0].reference)
    return render(request, "landlord/across/prefill.html", {"accounts": accounts, "asked": asked, "grid": grid})


def _fill(request: PageRequest, accounts: list[OwingAccount]) -> None:
    """Account by account: what one refuses does not hold the others back. What the database refuses holds all back."""
    filled: list[int] = []
    for account, actor in _declaring(request, accounts):
        if len(filled) == AT_ONCE:
            words = (
                f"Seuls {AT_ONCE}\u00a0comptes sont remplis en une fois. Pré-remplissez à nouveau pour les suivants."
            )
            messages.info(request, words)
            break
        try:
            count = july.prefill(actor, account.year, at=request.now)
        except Refusal as refusal:
            messages.error(request, f"{account.title}\u00a0: {refusal.sentence}")
            continue
        filled += [count] if count else []
    if not filled:
        messages.info(request, "Aucun loyer connu à reprendre sur les lignes vides.")
        return
    rents = "1\u00a0loyer repris" if sum(filled) == 1 else f"{sum(filled)}\u00a0loyers repris"
    where = f"dans {len(filled)}\u00a0compte{'s' if len(filled) > 1 else ''}"
    messages.success(request, f"{rents} {where}. Vérifiez chaque ligne\u00a0: rien n’est transmis.")


def _declaring(request: PageRequest, accounts: list[OwingAccount]) -> Iterator[tuple[OwingAccount, Actor]]:
    """These accounts with the rights their person has there, where they may declare."""
    for account in accounts:
        standing = way.standing_on(request, account.reference)
        if standing is not None and standing.actor.may(Right.DECLARE):
            yield account, standing.actor


@dataclass(frozen=True, slots=True)
class Share:
    """What the form has of one account."""

    account: OwingAccount
    actor: Actor
    offices: tuple[OfficeForm, ...]

    @property
    def count(self) -> int:
        """How many tenants."""
        return sum(len(office.rows) for office in self.offices)


@dataclass(frozen=True, slots=True)
class Whole:
    """The form of all accounts of one year. ``is_whole``: nobody is missing; ``others`` are accounts of a former campaign."""

    year: int
    shares: list[Share]
    is_whole: bool
    others: list[OwingAccount]

    @property
    def count(self) -> int:
        """How many tenants."""
        return sum(share.count for share in self.shares)


def _whole(request: PageRequest, asked: AcrossAddress) -> Whole:
    """The first ``MOST_TENANTS`` tenants of the accounts asked for, account by account."""
    owing = accounts_owing(credential_of(request), asked.among, at=request.now)
    year = max((account.year for account in owing), default=0)
    whole = Whole(year, [], True, [account for account in owing if account.year != year])
    for account, actor in _declaring(request, [account for account in owing if account.year == year]):
        room = MOST_TENANTS - whole.count
        if not room:
            return replace(whole, is_whole=False)
        card = campaign_card(actor, at=request.now, year=year)
        if card is None or day_in_paris(request.now) < card.opens_on:
            continue
        form = paper_form(actor, card, most=room)
        whole.shares.append(Share(account, actor, form.offices))
        whole = whole if form.is_whole else replace(whole, is_whole=False)
    return whole


@page(public)
def paper(request: PageRequest) -> HttpResponse:
    """What the form is, who is on it, where each part goes."""
    elsewhere = way.not_in_yet(request)
    if elsewhere is not None:
        return elsewhere
    asked = AcrossAddress.read(request.GET)
    whole = _whole(request, asked)
    if not whole.count:
        return HttpResponseRedirect(reverse("rents-across") + asked.query())
    across_accounts(request, whole.shares[0].account.reference)
    context = {"whole": whole, "asked": asked, "most": MOST_TENANTS, "today": day_in_paris(request.now)}
    return render(request, "landlord/across/paper.html", context)


@page(public)
def paper_pdf(request: PageRequest) -> HttpResponse:
    """The form itself, a part an account and office; taken is noted in each account."""
    elsewhere = way.not_in_yet(request)
    if elsewhere is not None:
        return elsewhere
    asked = AcrossAddress.read(request.GET)
    whole = _whole(request, asked)
    if not whole.count:
        return HttpResponseRedirect(reverse("rents-across-paper") + asked.query())
    form = PaperForm(whole.year, tuple(office for share in whole.shares for office in share.offices), whole.is_whole)
    taken = Taken("paper-form", f"loyers-de-juillet-{whole.year}-papier", whole.year)
    shares = [(share.actor, share.count) for share in whole.shares if share.count]
    return paper_of_accounts(request, taken, form_pdf(form, at=request.now), shares)
