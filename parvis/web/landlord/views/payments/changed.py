"""« Seulement ce qui a changé »: what differs from the month before, tenant by tenant, for a transfer of any length."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from parvis.kit.actors import Right
from parvis.kit.money import NBSP
from parvis.sheets.writing import Cell
from parvis.tenancies.selectors.payments.changes import (
    Change,
    Changes,
    change_page,
    changes_of,
    every_change,
)
from parvis.tenancies.selectors.payments.statement import statement_of
from parvis.tenancies.selectors.payments.transfers import TransferLine
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, table_answer
from parvis.web.landlord.forms.payments import place_in
from parvis.web.landlord.views.payments import files
from parvis.web.landlord.views.payments.papers import BEING_COMPARED, NOTHING_CHANGES
from parvis.web.landlord.views.payments.reasons import Why, telling
from parvis.web.landlord.views.payments.words import KINDS, NAMED, change_words, file_name

COLUMNS = (
    "Locataire", "N° allocataire", "Changement", "Avant", "Maintenant", "Écart", "Pourquoi", "À faire", "Versé le",
    "Référence du virement",
)  # fmt: skip
FEW_WORDS = {"new": "Première aide versée pour ce locataire.", "resumed": "Le versement reprend."}


@page(needing(Right.PAYMENTS))
def changed(request: PageRequest, transfer: UUID) -> HttpResponse:
    """A page of what changed, of one kind or of all."""
    found = statement_of(request.actor, transfer)
    changes = changes_of(request.actor, found)
    if changes is None:
        return _back(request, found)
    asked = _kind_asked(request, changes)
    shown = change_page(request.actor, found, changes, kind=asked, start=place_in(request.GET))
    told = telling(request.actor, request.standing.account_reference, shown.shown)
    context = {
        "transfer": found,
        "changes": changes,
        "changed": [(item, told.of_change(item, found)) for item in shown.shown],
        "kinds": KINDS,
        "by_kind": _by_kind(changes, asked),
        "shown_words": _shown_words(changes, asked),
        "places": _places(changes, asked, shown.shown),
        "only": _query(asked),
        "in_a_workbook": _count(changes, asked) <= files.MOST["xlsx"],
        "previous": _query(asked, shown.previous) if shown.previous else None,
        "following": _query(asked, shown.following) if shown.following else None,
        "being_compared": BEING_COMPARED,
        "nothing_changes": NOTHING_CHANGES,
        "change_sentences": [change_words(item) for item in changes.counts],
    }
    return render(request, "landlord/payments/changed.html", context)


@page(needing(Right.PAYMENTS))
def changed_file(request: PageRequest, transfer: UUID, kind: str) -> HttpResponseBase:
    """The same as a file, whole."""
    found = statement_of(request.actor, transfer)
    changes = changes_of(request.actor, found)
    if changes is None:
        return _back(request, found)
    asked = _kind_asked(request, changes)
    too_long = _count(changes, asked) > files.MOST.get(kind, changes.total or 0)
    if changes.total is None or too_long:
        messages.info(request, BEING_COMPARED if changes.total is None else files.TOO_LONG)
        return HttpResponseRedirect(_address(request, found) + _query(asked))
    taken = Taken(
        "changes", file_name("changements", found.paid_on.isoformat(), found.transfer_ref), found.paid_on.year
    )
    rows = _rows(request, found, changes, asked)
    return table_answer(request, taken, kind, COLUMNS, rows, sheet="Changements")


def _rows(request: PageRequest, found: TransferLine, changes: Changes, kind: str) -> Iterator[tuple[Cell, ...]]:
    for block in every_change(request.actor, found, changes, kind=kind):
        told = telling(request.actor, request.standing.account_reference, block)
        for item in block:
            yield _row(item, told.of_change(item, found), found)


def _row(item: Change, reasons: list[Why], found: TransferLine) -> tuple[Cell, ...]:
    return (
        item.name, item.claimant_number, KINDS[item.kind][0].capitalize(), item.before_cents / 100, item.now_cents / 100,
        (item.now_cents - item.before_cents) / 100,
        " ".join(one.sentence for one in reasons) or FEW_WORDS.get(item.kind, ""),
        " ".join(one.action for one in reasons if one.action), f"{found.paid_on:%d/%m/%Y}", found.transfer_ref,
    )  # fmt: skip


def _kind_asked(request: PageRequest, changes: Changes) -> str:
    """One that the transfer has; any other word is as if not said."""
    asked = NAMED.get(request.GET.get("genre", ""), "")
    return asked if asked in {item.kind for item in changes.counts} else ""


def _by_kind(changes: Changes, asked: str) -> list[tuple[str, str, bool]]:
    every = [(f"Tous les changements ({changes.total})", "?", not asked)]
    return every + [(change_words(item), _query(item.kind), item.kind == asked) for item in changes.counts]


def _count(changes: Changes, kind: str) -> int:
    first, last = changes.places(kind)
    return last - first + 1


def _shown_words(changes: Changes, asked: str) -> str:
    many = _count(changes, asked)
    return f"{many}{NBSP}{KINDS[asked][many > 1] if asked else 'changements' if many > 1 else 'changement'}"


def _places(changes: Changes, asked: str, shown: tuple[Change, ...]) -> str:
    """``51 à 100 sur 2 345``; nothing where all are shown."""
    first, last = changes.places(asked)
    if not shown or last - first + 1 == len(shown):
        return ""
    return f"{shown[0].place - first + 1} à {shown[-1].place - first + 1} sur {last - first + 1}"


def _query(kind: str, start: int | None = None) -> str:
    words = next((word for word, named in NAMED.items() if named == kind), "")
    pairs = {"genre": words, "a-partir": str(start or "")}
    kept = {name: value for name, value in pairs.items() if value}
    return f"?{urlencode(kept)}" if kept else ""


def _address(request: PageRequest, found: TransferLine) -> str:
    return reverse("payments-changes", args=[request.standing.account_reference, found.reference])


def _back(request: PageRequest, found: TransferLine) -> HttpResponseRedirect:
    """A first transfer is compared with none: its statement says so."""
    return HttpResponseRedirect(
        reverse("payments-statement", args=[request.standing.account_reference, found.reference])
    )
