"""The choice of the account to work on: searched, filtered, page by page; and the stars of the favourites."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from parvis.declarations.selectors import remaining_by_account
from parvis.identity.services.own import choice
from parvis.kit.refusals import NotFound
from parvis.landlords.selectors import AccountLine, AccountsPage, Choice, Which, choice_of
from parvis.web.account.security import security_of
from parvis.web.frame.context import across_accounts, initials
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.frame.templating import address
from parvis.web.frame.way import first_code_page, owes_code

LONGEST_SEARCH = 100
FROM_THE_CHOICE = "choix"
"""Where one comes from, when no account was open before: the page of arrival then says where one is."""


@dataclass(frozen=True, slots=True)
class ChoiceAddress:
    """The question of the page, as its address asks it; ``since`` is the account one was on. What cannot be read is left out."""

    choice: Choice
    since: str = ""

    @classmethod
    def read(cls, request: PageRequest) -> ChoiceAddress:
        """Read ``?q=…&caisse=441&filtre=favoris&apres=…&avant=…&depuis=…``."""
        words, office, which, after, before, since = (
            " ".join(request.GET.get(name, "").replace("\0", "").split())[:LONGEST_SEARCH]
            for name in ("q", "caisse", "filtre", "apres", "avant", "depuis")
        )
        known = Which(which) if which in list(Which) else Which.ALL
        return cls(Choice(words, office[:3], known, after, before), since if since.isalnum() else "")

    def query(self, **changes: str) -> str:
        """The address of the page with ``changes``, from its beginning unless a place is given."""
        asked = replace(self.choice, **{"after": "", "before": "", **changes})  # type: ignore[arg-type]
        pairs = {
            "q": asked.words,
            "caisse": asked.office,
            "filtre": asked.which.value,
            "apres": asked.after,
            "avant": asked.before,
            "depuis": self.since,
        }
        return "?" + urlencode({name: value for name, value in pairs.items() if value})


@dataclass(frozen=True, slots=True)
class Row:
    """One account as the list draws it."""

    url: str
    star_url: str
    name: str
    office: str
    identifier: str
    siret: str
    initials: str
    pill_kind: str
    pill_label: str
    starred: bool
    closed: str


@page(public)
def accounts(request: PageRequest) -> HttpResponse:
    """All accounts of the credential, by name. Nothing is shown before the code is right."""
    visit = request.visit
    if visit is None or visit.credential_id is None:
        return HttpResponseRedirect(reverse("sign-in"))
    if owes_code(visit):
        return HttpResponseRedirect(first_code_page(visit.credential_id))
    asked = ChoiceAddress.read(request)
    remaining, owing = remaining_by_account(visit.credential_id, at=request.now)
    found = choice_of(visit.credential_id, asked.choice, owing=owing, at=request.now)
    here = asked.query(after=asked.choice.after, before=asked.choice.before)
    across_accounts(request, _profile_of(found, asked.since))
    context = {
        "asked": asked,
        "found": found,
        "rows": [_row(line, asked.since, here) for line in found.lines],
        "recent": [_row(line, asked.since, here) for line in found.recent],
        "rents": remaining.rents,
        "security": security_of(request, visit.session),
        "offices": [("", "Toutes les caisses"), *found.offices],
        **_filters_and_places(asked, found, remaining.accounts),
    }
    return render(request, "account/accounts/accounts.html", context)


@page(public, writes=True)
def favourite(request: PageRequest, reference: str) -> HttpResponse:
    """The star of an account, pressed; back to the same place of the list."""
    visit = request.visit
    if visit is None or visit.credential_id is None or owes_code(visit):
        return HttpResponseRedirect(reverse("accounts"))
    if request.method == "POST":
        if not reference.isalnum():
            raise NotFound
        choice.favour(visit.credential_id, reference, liked=request.POST.get("starred") == "yes")
    asked = ChoiceAddress.read(request)
    here = asked.query(after=asked.choice.after, before=asked.choice.before)
    return HttpResponseRedirect(f"{reverse('accounts')}{here}#liste")


def _profile_of(found: AccountsPage, since: str) -> str:
    """The account whose profile the head opens: the one come from, or the last one worked on."""
    opened = [line.reference for line in (*found.recent, *found.lines) if not line.is_closed]
    return since if since in opened else next(iter(opened), "")


def rents(count: int) -> str:
    """« 16 loyers à déclarer »."""
    return f"{count}\u00a0loyer{'s' if count > 1 else ''} à déclarer"


def _row(line: AccountLine, since: str, here: str) -> Row:
    siret = f"{line.siret[:3]} {line.siret[3:6]} {line.siret[6:9]} {line.siret[9:]}".strip()
    kind, label = ("warm", rents(line.remaining)) if line.remaining else ("ok", "À jour") if line.is_ready else ("", "")
    return Row(
        url=f"{address('welcome', line.reference)}?depuis={since or FROM_THE_CHOICE}",
        star_url=f"{address('favourite', line.reference)}{here}",
        name=line.name,
        office=line.office,
        identifier=line.login_id,
        siret=siret.replace(" ", "\u00a0"),
        initials=initials(line.name),
        pill_kind=kind,
        pill_label=label,
        starred=line.is_favourite,
        closed=_closed(line),
    )


def _closed(line: AccountLine) -> str:
    if not line.is_closed:
        return ""
    return f"Accès fermé le {line.closed_at:%d/%m/%Y}" if line.closed_at else "Accès bloqué"


def _filters_and_places(asked: ChoiceAddress, found: AccountsPage, owing: int) -> dict[str, Any]:
    """The three filters with their counts; the pages before and after; which accounts are shown."""
    last = found.first + len(found.lines) - 1
    return {
        "filters": [("", f"Tous ({found.held})"), (Which.OWING.value, f"À déclarer ({owing})"),
                    (Which.FAVOURITE.value, f"Favoris ({found.favourites})")],
        "previous": asked.query(before=found.before) if found.before else None,
        "following": asked.query(after=found.after) if found.after else None,
        "status": f"Comptes {found.first} à {last} sur {found.found}" if last > found.first else
        f"Compte {found.first} sur {found.found}" if found.lines else "Aucun compte ne correspond",
    }  # fmt: skip
