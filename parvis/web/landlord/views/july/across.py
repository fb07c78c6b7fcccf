"""« Loyers à déclarer, tous comptes confondus »: one grid over all accounts of a person; each row is saved in its own account,
with the rights that account has there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from parvis.declarations.selectors import OwingAccount, OwingPage, accounts_owing, owing_page, rents_owed
from parvis.declarations.selectors.across.rents import PAGE
from parvis.declarations.services import july
from parvis.kit.actors import Right
from parvis.kit.refusals import Refusal
from parvis.web.frame import way
from parvis.web.frame.context import across_accounts
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.across import AcrossAddress, by_account
from parvis.web.landlord.forms.july import act_of, written
from parvis.web.landlord.lines import REASONS_TO_CONFIRM, GridLine, line_of, ready_words
from parvis.web.landlord.views.july.grid import perform

NO_LONGER = "Vos loyers ne sont pas enregistrés pour un compte\u00a0: il est fermé, ou vous n’y avez plus le droit «\u00a0Déclarer\u00a0»."


@dataclass(frozen=True, slots=True)
class Group:
    """The rents of one account on this page; ``label`` says how many it has in all."""

    account: OwingAccount
    label: str
    grid: str
    lines: list[GridLine]


@page(public, writes=True)
def rents_across(request: PageRequest) -> HttpResponse:
    """The rents to declare in all accounts, by account; a POST keeps what was typed, each amount in its account."""
    elsewhere = way.not_in_yet(request)
    if elsewhere is not None:
        return elsewhere
    asked = AcrossAddress.read(request.GET)
    if request.method == "POST":
        return _keep(request, accounts_owing(credential_of(request), at=request.now), asked)
    owing = owing_page(credential_of(request), asked.among, **asked.edge, size=PAGE, at=request.now)
    found = rents_owed(owing.accounts, after=asked.after, before=asked.before, size=PAGE)
    across_accounts(request, next((x.reference for x in owing.accounts), ""))
    context = {
        "asked": asked,
        "groups": [
            _group(account, [line_of(x.row, account.reference, across=True) for x in rows])
            for account, rows in groupby(found.rows, key=lambda row: row.account)
        ],
        "found": found,
        "here": asked.query(apres=asked.after, avant=asked.before),
        "total": owing.told.rents,
        "chosen": owing.chosen,
        "ready": ready_words(owing.told),
        "reasons": REASONS_TO_CONFIRM,
        **_choices(owing),
        "shown": len(found.rows),
        "previous": asked.query(avant=found.previous) if found.previous else None,
        "following": asked.query(apres=found.next) if found.next else None,
    }
    return render(request, "landlord/across/grid.html", context)


def _choices(owing: OwingPage) -> dict[str, list[tuple[str, str]]]:
    """The accounts and the offices to choose from. Hundreds of accounts are not listed: their names are searched."""
    named = [(x.reference, f"{x.title} ({x.remaining})") for x in owing.all]
    return {
        "accounts": [("", "Tous les comptes"), *named] if named else [],
        "offices": [("", "Toutes les caisses"), *owing.offices],
    }


def credential_of(request: PageRequest) -> int:
    """Whose accounts they are, once they are all the way in."""
    assert request.visit is not None
    assert request.visit.credential_id is not None
    return request.visit.credential_id


def _group(account: OwingAccount, lines: list[GridLine]) -> Group:
    left = f"{account.remaining}\u00a0loyer{'s' if account.remaining > 1 else ''} à déclarer"
    return Group(account, left, reverse("july-rents", args=[account.reference]), lines)


def _keep(request: PageRequest, owing: Sequence[OwingAccount], asked: AcrossAddress) -> HttpResponse:
    """Keep what the whole form says, account by account, then go where its button leads."""
    here = reverse("rents-across") + asked.query(apres=asked.after, avant=asked.before)
    years = {account.reference: account.year for account in owing}
    place = ""
    for reference, writings in by_account(request.POST, written(request.POST), act_of(request.POST)).items():
        standing = way.standing_on(request, reference)
        if standing is None or not standing.actor.may(Right.DECLARE) or reference not in years:
            messages.error(request, NO_LONGER)
            continue
        try:
            outcomes = july.save_rents(standing.actor, years[reference], writings.rents, at=request.now)
        except Refusal as refusal:
            messages.error(request, f"{standing.landlord_name}\u00a0: {refusal.sentence}")
            continue
        for outcome in outcomes:
            if outcome.sentence:
                messages.error(request, f"{outcome.row.name}\u00a0: {outcome.sentence}")
        if writings.act is not None:
            place = perform(request, standing.actor, writings.act, years[reference])
    if place:
        return HttpResponseRedirect(f"{here}#{place}")
    if request.POST.get("suite") == "verifier":
        return HttpResponseRedirect(reverse("rents-across-check"))
    messages.success(request, "Votre saisie est enregistrée. Elle n’est pas encore transmise.")
    return HttpResponseRedirect(reverse("accounts") if request.POST.get("suite") == "plus-tard" else here)
