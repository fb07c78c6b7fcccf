"""The yearly statement, on the page, on paper and for a spreadsheet."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.sheets import writing
from parvis.tenancies.paper import statement_pdf
from parvis.tenancies.selectors.payments.transfers import years_of
from parvis.tenancies.selectors.payments.yearly import TenantYear, tenants_of, year_of
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, paper_answer, table_answer
from parvis.web.landlord.views.payments import files
from parvis.web.landlord.views.payments.papers import (
    ACCOUNT_UNTOLD,
    COLUMNS,
    WHAT_IT_IS,
    amounts_of,
    heading_of,
    label_of,
    year_paper,
)

Cells = list[writing.Cell]
TENANT_COLUMNS = ("Locataire", "N° allocataire", *COLUMNS)


@page(needing(Right.PAYMENTS))
def yearly(request: PageRequest, year: int) -> HttpResponse:
    """One year, month by month, office by office, tenant by tenant."""
    found = year_of(request.actor, year, today=day_in_paris(request.now))
    context = {
        "found": found,
        "whole": found.whole,
        "years": years_of(request.actor, today=day_in_paris(request.now)),
        "account_untold": ACCOUNT_UNTOLD,
        "what_it_is": WHAT_IT_IS,
    }
    return render(request, "landlord/payments/year.html", context)


@page(needing(Right.PAYMENTS))
def yearly_csv(request: PageRequest, year: int) -> HttpResponseBase:
    """Tenant by tenant, however many they are."""
    today = day_in_paris(request.now)
    found = year_of(request.actor, year, today=today)
    tenants = tenants_of(request.actor, year, today=today) if found.tenants is None else found.tenants
    return table_answer(request, _taken(year), "csv", TENANT_COLUMNS, map(_tenant, tenants), sheet=_sheet(year))


@page(needing(Right.PAYMENTS))
def yearly_xlsx(request: PageRequest, year: int) -> HttpResponseBase:
    """The same as a workbook; month by month where there are too many tenants for one."""
    found = year_of(request.actor, year, today=day_in_paris(request.now))
    if found.tenants is None:
        months: list[Cells] = [[label_of(item), *files.amount_cells(*amounts_of(item))] for item in found.months]
        return table_answer(request, _taken(year), "xlsx", ("Mois", *COLUMNS), months, sheet=_sheet(year))
    tenants = map(_tenant, found.tenants)
    return table_answer(request, _taken(year), "xlsx", TENANT_COLUMNS, tenants, sheet=_sheet(year))


@page(needing(Right.PAYMENTS))
def yearly_pdf(request: PageRequest, year: int) -> HttpResponse:
    """The same on paper."""
    found = year_of(request.actor, year, today=day_in_paris(request.now))
    content = statement_pdf(year_paper(heading_of(request), found), at=request.now)
    return paper_answer(request, _taken(year), content, rows=len(found.tenants or found.months))


def _taken(year: int) -> Taken:
    return Taken("yearly-statement", f"recapitulatif-{year}", year)


def _sheet(year: int) -> str:
    return f"Versements {year}"


def _tenant(item: TenantYear) -> Cells:
    return [item.name, item.claimant_number, *files.amount_cells(*amounts_of(item))]
