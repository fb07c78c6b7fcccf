"""« Loyers à déclarer, tous comptes confondus »: what remains in each account of a credential, and where to declare it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from parvis.declarations.selectors import Edge, OwingAccount, RentRow, accounts_owing, rents_owed
from parvis.identity.selectors.visits import Visit
from parvis.web.account.views.accounts import code_page, owes_code, rents
from parvis.web.frame.context import across_accounts
from parvis.web.frame.page import page, public
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest

KINDS = {"to_declare": "warm", "drafted": "info", "to_confirm": "warm", "to_correct": "bad", "rejected": "bad"}


@dataclass(frozen=True, slots=True)
class AcrossAddress:
    """The question of the page, as its address asks it. What cannot be read is left out."""

    account: str = ""
    office: str = ""
    after: Edge | None = None
    before: Edge | None = None

    @classmethod
    def read(cls, request: PageRequest) -> AcrossAddress:
        """Read ``?compte=…&caisse=441&apres=compte.bail&avant=compte.bail``."""
        return cls(
            request.GET.get("compte", "").strip(),
            request.GET.get("caisse", "").strip(),
            _edge(request.GET.get("apres", "")),
            _edge(request.GET.get("avant", "")),
        )

    def of(self, owing: Sequence[OwingAccount]) -> list[OwingAccount]:
        """The accounts asked for."""
        return [x for x in owing if self.account in ("", x.reference) and self.office in ("", x.caf_code)]

    def query(self, **place: Edge) -> str:
        """The address of the same question at another place."""
        pairs = {"compte": self.account, "caisse": self.office, **place}
        return "?" + urlencode({name: str(value) for name, value in pairs.items() if value})


@dataclass(frozen=True, slots=True)
class Group:
    """The rents of one account on this page; ``label`` says how many it has in all.

    ``title`` is its name, with the office where several accounts bear that name.
    """

    account: OwingAccount
    title: str
    label: str
    grid: str
    rows: list[RentRow]


@page(public)
def rents_across(request: PageRequest) -> HttpResponse:
    """The rents to declare in all accounts, by account; they are declared in the grid of each."""
    visit = request.visit
    if visit is None or visit.credential_id is None:
        return HttpResponseRedirect(reverse("sign-in"))
    if owes_code(visit):
        return HttpResponseRedirect(code_page(visit.credential_id))
    if _owes_a_step(visit):
        return HttpResponseRedirect(reverse("accounts"))
    owing = accounts_owing(visit.credential_id, at=request.now)
    asked = AcrossAddress.read(request)
    chosen = asked.of(owing)
    found = rents_owed(chosen, after=asked.after, before=asked.before)
    across_accounts(request, next((x.reference for x in chosen), ""))
    titles = _titles(owing)
    context = {
        "asked": asked,
        "groups": [
            _group(account, titles[account.id], list(rows))
            for account, rows in groupby(found.rows, key=lambda row: row.account)
        ],
        "found": found,
        "total": sum(account.remaining for account in owing),
        "chosen": sum(account.remaining for account in chosen),
        "accounts": [("", "Tous les comptes"), *((x.reference, f"{titles[x.id]} ({x.remaining})") for x in owing)],
        "offices": [("", "Toutes les caisses"), *sorted({(x.caf_code, x.office) for x in owing if x.caf_code})],
        "kinds": KINDS,
        "shown": len(found.rows),
        "previous": asked.query(avant=found.previous) if found.previous else None,
        "following": asked.query(apres=found.next) if found.next else None,
    }
    return render(request, "account/accounts/across.html", context)


def _titles(owing: Sequence[OwingAccount]) -> dict[int, str]:
    """One person may be known to several offices under the same name."""
    shared = {name for name, held in Counter(account.name for account in owing).items() if held > 1}
    return {x.id: f"{x.name}, {x.office}" if x.name in shared and x.office else x.name for x in owing}


def _group(account: OwingAccount, title: str, rows: list[RentRow]) -> Group:
    return Group(account, title, rents(account.remaining), reverse("july-rents", args=[account.reference]), rows)


def _owes_a_step(visit: Visit) -> bool:
    """Whether the credential itself is not ready: no mailbox yet, a provisional password, accounts waiting to be linked."""
    credential = visit.session.credential
    if credential is None or credential.email is None or credential.provisional_until is not None:
        return True
    return "link" in visit.session.notes


def _edge(text: str) -> Edge | None:
    """Read ``compte.bail``; None if it is no such thing."""
    account, _, tenancy = text.partition(".")
    try:
        return Edge(account, UUID(tenancy)) if account.isalnum() else None
    except ValueError:
        return None
