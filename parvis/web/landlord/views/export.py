"""The list of tenants as a file: what is about to leave is said first, and written when it leaves."""

from __future__ import annotations

import os
from dataclasses import replace

from django.http.response import HttpResponseBase

from parvis.declarations.selectors.tenant_list import (
    TenantFilters,
    TenantRow,
    list_head,
    tenant_count,
    tenant_csv,
    tenant_rows,
)
from parvis.kit.actors import Right
from parvis.kit.money import decimal
from parvis.sheets import writing
from parvis.tenancies.paper import Paper, Table, statement_pdf
from parvis.tenancies.selectors.portfolio import portfolio_of
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, file_answer, paper_answer, table_answer
from parvis.web.landlord.forms.tenants import TenantListAddress, chosen
from parvis.web.landlord.views.payments.papers import heading_of
from parvis.web.landlord.views.tenants import suspended_at

MOST = {"csv": 400_000, "xlsx": 100_000, "pdf": 3_000}
"""Lines of one file: a workbook takes longer to make than a text, and nobody reads a longer paper. A paper is whole or not made."""
TAKEN = Taken("tenants", "locataires")
COLUMNS = (
    "N° allocataire", "Nom", "Prénom", "Votre référence", "Adresse", "Commune", "Jusqu’au", "Loyer hors charges",
    "Versement de l’aide", "Dernière aide", "Loyer de juillet",
)  # fmt: skip
_FREE = ("csv", "xlsx")
_PAPER_COLUMNS = ("Locataire", "N° alloc.", "Adresse", "Loyer hors charges", "Dernière aide", "Loyer de juillet")
_CARE = "Ce document contient des données personnelles\u00a0: gardez-le en lieu sûr."


@page(needing(Right.CONSULT), writes=True)
def export(request: PageRequest) -> HttpResponseBase:
    """How many lines are about to leave; a POST gives the file."""
    head = list_head(request.actor, at=request.now)
    request.frame_extras["campaign"] = head.card
    year, filters = head.card.year if head.card else None, _filters(request, suspended_at(request, head))
    kind = request.POST.get("format", "")
    count = 0 if request.method == "POST" and kind in _FREE else _count(request, filters, year)
    if request.method == "POST" and (kind in _FREE or (kind == "pdf" and 0 < count <= MOST["pdf"])):
        return _written(request, filters, year, kind)
    context = {"count": count, "most": MOST, "former": filters.former}
    return render(request, "landlord/tenants/export.html", context)


def _on_paper(request: PageRequest, filters: TenantFilters, year: int | None) -> HttpResponseBase:
    """The list to print: who, where, which rent, whose aid."""
    told = list(tenant_rows(request.actor, filters=filters, year=year, most=MOST["pdf"]))
    heading = heading_of(request)
    paper = Paper(
        title="Anciens locataires" if filters.former else "Mes locataires",
        subject=f"{len(told)}\u00a0locataire{'s' if len(told) > 1 else ''}",
        landlord=heading.landlord,
        facts=[("N° d’utilisateur", heading.user_number)],
        tables=[Table("Locataire par locataire", _PAPER_COLUMNS, [_line(row) for row in told], left=3, broad=(0, 2))],
        notes=[_CARE],
        foot=heading.foot,
        is_wide=True,
    )
    return paper_answer(request, TAKEN, statement_pdf(paper, at=request.now), rows=len(told))


def _written(request: PageRequest, filters: TenantFilters, year: int | None, kind: str) -> HttpResponseBase:
    if kind == "csv":
        file = writing.kept_file(kind, COLUMNS, ())
        file.seek(0, os.SEEK_END)
        count = tenant_csv(file, request.actor, filters=filters, year=year, most=MOST[kind])
        file.seek(0)
        return file_answer(request, TAKEN, kind, file, rows=count)
    if kind == "pdf":
        return _on_paper(request, filters, year)
    rows = map(_cells, tenant_rows(request.actor, filters=filters, year=year, most=MOST[kind]))
    return table_answer(request, TAKEN, kind, COLUMNS, rows, sheet="Locataires")


def _filters(request: PageRequest, suspended: tuple[str, ...]) -> TenantFilters:
    asked = TenantListAddress.read(request.GET)
    filters = asked.filters(former=request.GET.get("anciens") == "oui")
    # A file holds every tenant of the filters: no order that leaves some out.
    order = filters.order if filters.order == "building" else "name"
    return replace(filters, order=order, references=tuple(chosen(request.GET)), suspended=suspended)


def _count(request: PageRequest, filters: TenantFilters, year: int | None) -> int:
    """How many lines: kept by the writes for the whole list, read for a part of it."""
    if TenantListAddress.read(request.GET).is_plain and not filters.references:
        portfolio = portfolio_of(request.actor, user_number=request.standing.user_number)
        return portfolio.former if filters.former else portfolio.current
    return tenant_count(request.actor, filters=filters, year=year, most=MOST["csv"])


def _cells(row: TenantRow) -> tuple[writing.Cell, ...]:
    return (
        row.claimant_number,
        row.last_name,
        row.first_name,
        row.own_reference,
        row.address,
        row.town,
        f"{row.end_on:%d/%m/%Y}" if row.end_on else "",
        _amount(row.rent_cents),
        "au bailleur" if row.direct_payment else "au locataire",
        _amount(row.aid_cents),
        row.state_label,
    )


def _line(row: TenantRow) -> tuple[str, ...]:
    until = f"jusqu’au {row.end_on:%d/%m/%Y}" if row.end_on else ""
    amounts = (row.rent_cents, row.aid_cents)
    rent, aid = ("" if cents is None else decimal(cents) for cents in amounts)
    return (
        ", ".join(part for part in (f"{row.first_name} {row.last_name}".strip(), row.own_reference) if part),
        row.claimant_number,
        ", ".join(part for part in (row.address, row.town, until) if part),
        rent,
        aid if row.direct_payment else "au locataire",
        row.state_label,
    )


def _amount(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
