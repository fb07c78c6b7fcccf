"""The list of tenants as a file: what is about to leave is said first, and written when it leaves."""

from __future__ import annotations

import os
from dataclasses import replace

from django.http.response import HttpResponseBase

from parvis.declarations.selectors.tenant_list import TenantFilters, TenantRow, tenant_count, tenant_csv, tenant_rows
from parvis.kit.actors import Right
from parvis.sheets import writing
from parvis.tenancies.selectors.portfolio import portfolio_of
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, file_answer, table_answer
from parvis.web.landlord.forms.tenants import TenantListAddress, chosen
from parvis.web.landlord.views.tenants import campaign_of

MOST = {"csv": 400_000, "xlsx": 100_000}
"""Lines of one file: a workbook takes longer to make than a text."""
TAKEN = Taken("tenants", "locataires")
COLUMNS = (
    "N° allocataire", "Nom", "Prénom", "Votre référence", "Adresse", "Commune", "Jusqu’au", "Loyer hors charges",
    "Versement de l’aide", "Dernière aide", "Loyer de juillet",
)  # fmt: skip


@page(needing(Right.CONSULT), writes=True)
def export(request: PageRequest) -> HttpResponseBase:
    """How many lines are about to leave; a POST gives the file."""
    card, filters = campaign_of(request), _filters(request)
    year = card.year if card else None
    kind = request.POST.get("format", "")
    if request.method == "POST" and kind in MOST:
        return _written(request, filters, year, kind)
    return render(
        request,
        "landlord/tenants/export.html",
        {"count": _count(request, filters, year), "most": MOST, "former": filters.former},
    )


def _written(request: PageRequest, filters: TenantFilters, year: int | None, kind: str) -> HttpResponseBase:
    if kind == "csv":
        file = writing.kept_file(kind, COLUMNS, ())
        file.seek(0, os.SEEK_END)
        count = tenant_csv(file, request.actor, filters=filters, year=year, most=MOST[kind])
        file.seek(0)
        return file_answer(request, TAKEN, kind, file, rows=count)
    rows = map(_cells, tenant_rows(request.actor, filters=filters, year=year, most=MOST[kind]))
    return table_answer(request, TAKEN, kind, COLUMNS, rows, sheet="Locataires")


def _filters(request: PageRequest) -> TenantFilters:
    asked = TenantListAddress.read(request.GET)
    filters = asked.filters(former=request.GET.get("anciens") == "oui")
    # A file holds every tenant of the filters: no order that leaves some out.
    order = filters.order if filters.order == "building" else "name"
    return replace(filters, order=order, references=tuple(chosen(request.GET)))


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


def _amount(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
