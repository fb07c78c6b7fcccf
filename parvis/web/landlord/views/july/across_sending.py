"""Sending the rents of several accounts at once: each account sends its own, and is given its own receipt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from parvis.declarations.selectors import OwingAccount, accounts_owing, remaining_by_account
from parvis.declarations.selectors.across import RentRow, receipts_of_sending, rents_ready
from parvis.declarations.selectors.ready import Ready, ready_sums
from parvis.declarations.services import submission
from parvis.kit.actors import Right
from parvis.kit.refusals import Refusal
from parvis.web.frame import way
from parvis.web.frame.context import across_accounts
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.forms.july import reference
from parvis.web.landlord.lines import GridLine, line_of
from parvis.web.landlord.views.july.across import NO_LONGER, credential_of
from parvis.web.landlord.views.july.aside import told_aside

AT_ONCE = 25
"""As many accounts send at once; those left are offered next."""
SHOWN = 100
_SHOWN_AS = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Share:
    """What one account would send; ``lines`` are the first of it, ``url`` shows all."""

    account: OwingAccount
    ready: Ready
    lines: list[GridLine]
    url: str


@page(public, writes=True)
def check(request: PageRequest) -> HttpResponse:
    """« Vérifiez avant de transmettre »: all that leaves, account by account; a POST sends what was shown."""
    elsewhere = way.not_in_yet(request)
    if elsewhere is not None:
        return elsewhere
    if request.method == "POST":
        return _send(request)
    having = [account for account in accounts_owing(credential_of(request), at=request.now) if account.drafted]
    shares = _shares(request, having[:AT_ONCE])
    if not shares:
        messages.info(request, "Aucun loyer n’est prêt à être transmis.")
        return HttpResponseRedirect(reverse("rents-across"))
    across_accounts(request, shares[0].account.reference)
    context = {
        "shares": shares,
        "count": sum(share.ready.count for share in shares),
        "cents": sum(share.ready.total_cents for share in shares),
        "left": len(having) - len(having[:AT_ONCE]),
        "key": uuid4(),
    }
    return render(request, "landlord/across/check.html", context)


def _shares(request: PageRequest, having: Sequence[OwingAccount]) -> list[Share]:
    shares, standings = [], []
    for account in having:
        standing = way.standing_on(request, account.reference)
        if standing is not None and standing.actor.may(Right.DECLARE):
            told_aside(request, standing.actor, account.year, of=standing.landlord_name)
            standings.append((account, standing))
    rows = rents_ready(having, size=SHOWN)
    for account, standing in standings:
        ready = ready_sums(standing.actor, account.year)
        if ready.count:
            url = reverse("july-rents-check", args=[account.reference])
            shares.append(Share(account, ready, _lines(rows, account), url))
    return shares


def _lines(rows: Sequence[RentRow], account: OwingAccount) -> list[GridLine]:
    return [line_of(found.row, account.reference) for found in rows if found.account.id == account.id]


def _send(request: PageRequest) -> HttpResponse:
    """Each account named by the form sends what was shown of it. The same form sent twice gives the same receipts."""
    key = reference(request.POST.get("cle", ""))
    names = [name for name in request.POST if name.startswith("vu-")][:AT_ONCE]
    if key is None or not names:
        return HttpResponseRedirect(reverse("rents-across-check"))
    for name in names:
        _send_one(request, name.removeprefix("vu-"), key, request.POST[name])
    return HttpResponseRedirect(f"{reverse('rents-across-sent')}?{urlencode({'cle': str(key)})}")


def _send_one(request: PageRequest, account: str, key: UUID, shown: str) -> None:
    """One account's share, for itself: what one refuses does not hold the others back. What the database refuses holds all back."""
    standing, year = way.standing_on(request, account), request.POST.get(f"annee-{account}", "")
    if standing is None or not standing.actor.may(Right.DECLARE) or not re.fullmatch(r"20\d\d", year, re.ASCII):
        messages.error(request, NO_LONGER)
        return
    expected = shown if _SHOWN_AS.fullmatch(shown) else ""
    try:
        submission.submit_ready(standing.actor, int(year), submission_key=key, expected=expected, at=request.now)
    except Refusal as refusal:
        messages.error(request, f"{standing.landlord_name}\u00a0: {refusal.sentence}")


@page(public)
def sent(request: PageRequest) -> HttpResponse:
    """The receipts of one sending, one an account and office."""
    elsewhere = way.not_in_yet(request)
    if elsewhere is not None:
        return elsewhere
    key = reference(request.GET.get("cle", ""))
    receipts = receipts_of_sending(credential_of(request), key) if key else []
    if not receipts:
        return HttpResponseRedirect(reverse("rents-across"))
    across_accounts(request, receipts[0].account.reference)
    remaining, _ = remaining_by_account(credential_of(request), at=request.now)
    context = {
        "receipts": receipts,
        "count": sum(receipt.count for receipt in receipts),
        "left": remaining.rents,
    }
    return render(request, "landlord/across/sent.html", context)
