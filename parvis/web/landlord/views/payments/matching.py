"""« Rapprocher avec ma banque »: a transfer found again, a bank statement held against the transfers. Nothing is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.http.response import HttpResponseBase

from parvis.changes.selectors.people import OwnAccount, accounts_of_credential
from parvis.kit.actors import Right
from parvis.kit.periods import day
from parvis.kit.refusals import Refusal
from parvis.sheets import bank
from parvis.sheets.writing import Cell
from parvis.tenancies.selectors.payments.finding import transfers_between, transfers_found
from parvis.tenancies.selectors.payments.matching import Matching, match, period_of
from parvis.tenancies.selectors.payments.transfers import TransferLine
from parvis.tenancies.services.exports import record_export
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, table_answer
from parvis.web.landlord.forms.payments import BankFileForm, FindForm
from parvis.web.landlord.views.payments.files import account_words, amount_cells

MOST_SHOWN = 200
COLUMNS = (
    "Résultat", "Bailleur", "Versement du", "Référence", "Compte crédité", "Montant annoncé", "Reçu le", "Montant reçu", "Libellé",
)  # fmt: skip


@page(needing(Right.PAYMENTS), writes=True)
def bank_matching(request: PageRequest) -> HttpResponseBase:
    """The two questions; a file is read, answered and forgotten."""
    posted = request.method == "POST"
    form = BankFileForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        try:
            lines = bank.lines(form.cleaned_data["file"].read())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _answer(request, form, lines)
    asked = "q" in request.GET and not posted
    search = FindForm(request.GET if asked else None)
    found = transfers_found(request.actor, cents=search.cents, day=search.day) if asked and search.is_valid() else None
    shown = search if asked and search.errors else form
    several = len(_accounts(request)) > 1
    context = {"form": shown, "file_form": form, "search": search, "found": found, "several": several}
    return render(request, "landlord/payments/match.html", context)


def _answer(request: PageRequest, form: BankFileForm, lines: list[bank.BankLine]) -> HttpResponseBase:
    """The result: a page, or the same as a table. The transfers of every account are one list, as one bank account has them."""
    everywhere = form.cleaned_data["accounts"] == "tous"
    accounts = _accounts(request) if everywhere else []
    transfers: list[TransferLine] = []
    owners: dict[UUID, OwnAccount] = {}
    for account in accounts:
        theirs = transfers_between(account.actor, *period_of(lines))
        transfers += theirs
        owners |= {line.reference: account for line in theirs}
    if not everywhere:
        transfers = transfers_between(request.actor, *period_of(lines))
    found = match(lines, transfers)
    if "csv" in request.POST:
        taken = Taken("bank_matching", f"rapprochement-{found.last:%Y-%m-%d}")
        _note_elsewhere(request, taken, owners)
        return table_answer(request, taken, "csv", COLUMNS, _rows(found, owners), sheet="Rapprochement")
    context = {"found": found, "count": len(lines), "most": MOST_SHOWN, "owners": owners, "everywhere": everywhere}
    return render(request, "landlord/payments/matched.html", context)


def _note_elsewhere(request: PageRequest, taken: Taken, owners: dict[UUID, OwnAccount]) -> None:
    """The other landlords whose transfers are in the table read in their own journals that it left: the page's has it already."""
    counts = Counter(account.reference for account in owners.values())
    others = {one.reference: one.actor for one in owners.values() if one.actor.partner_id != request.actor.partner_id}
    for reference, actor in others.items():
        record_export(taken.kind, f"{taken.name}.csv", rows=counts[reference], by=actor, at=request.now)


def _accounts(request: PageRequest) -> list[OwnAccount]:
    return accounts_of_credential(request.actor, Right.PAYMENTS, at=request.now)


def _rows(found: Matching, owners: dict[UUID, OwnAccount]) -> Iterator[list[Cell]]:
    """One line a transfer or line of the bank, what is to be looked at first."""
    for word, transfers in (("Introuvable", found.missing), ("Peut-être pas encore arrivé", found.expected_later)):
        for item in transfers:
            yield [word, *_transfer_cells(item, owners), None, None, ""]
    for word, pairs in (("Autre montant", found.different), ("Retrouvé", found.matched)):
        for item, line in pairs:
            yield [word, *_transfer_cells(item, owners), day(line.day), *amount_cells(line.cents), line.label]
    for line in found.excess:
        yield ["En plus", "", None, "", "", None, day(line.day), *amount_cells(line.cents), line.label]


def _transfer_cells(item: TransferLine, owners: dict[UUID, OwnAccount]) -> list[Cell]:
    name = owners[item.reference].name if item.reference in owners else ""
    return [
        name,
        day(item.paid_on),
        item.transfer_ref,
        account_words(item.account_last4),
        *amount_cells(item.total_cents),
    ]
