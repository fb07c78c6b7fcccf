"""The choice of the account to work on."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from parvis.identity.selectors.visits import Visit
from parvis.landlords.selectors import AccountLine, accounts_of
from parvis.web.account import way
from parvis.web.frame.context import initials
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One account as the list draws it."""

    url: str
    name: str
    office: str
    identifier: str
    siret: str
    initials: str
    pill_kind: str = ""
    pill_label: str = ""
    starred: bool = False


@page(public)
def accounts(request: PageRequest) -> HttpResponse:
    """All accounts of the credential, by name. Nothing is shown before the code is right."""
    visit = request.visit
    if visit is None or visit.credential_id is None:
        return HttpResponseRedirect(reverse("sign-in"))
    words, after, before = (_asked(request, name) for name in ("q", "apres", "avant"))
    if _owes_code(visit):
        first = accounts_of(visit.credential_id, size=1).lines
        return HttpResponseRedirect(way.code_page(first[0].reference, "") if first else reverse("sign-in"))
    found = accounts_of(visit.credential_id, words=words, after=after, before=before)
    context = {
        "rows": [_row(line) for line in found.lines],
        "words": words,
        "previous": _address(words, avant=found.before) if found.before else None,
        "following": _address(words, apres=found.after) if found.after else None,
    }
    return render(request, "account/sign_in/accounts.html", context)


def _asked(request: PageRequest, name: str) -> str:
    return request.GET.get(name, "")[:LONGEST_SEARCH].replace("\0", "")


def _owes_code(visit: Visit) -> bool:
    credential = visit.session.credential
    return visit.session.code_satisfied_at is None and credential is not None and credential.email is not None


def _row(line: AccountLine) -> Row:
    siret = f"{line.siret[:3]} {line.siret[3:6]} {line.siret[6:9]} {line.siret[9:]}".strip()
    address = reverse("welcome", args=[line.reference])
    return Row(address, line.name, line.office, line.login_id, siret.replace(" ", "\u00a0"), initials(line.name))


def _address(words: str, **edge: str) -> str:
    return f"{reverse('accounts')}?{urlencode({'q': words, **edge} if words else edge)}"
