"""The yearly statement, on the page, on paper and for a spreadsheet."""

from __future__ import annotations

from datetime import date
from itertools import chain

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from parvis.kit.actors import Right
from parvis.kit.money import decimal, euros
from parvis.kit.periods import moment, month
from parvis.sheets import writing
from parvis.tenancies.paper import Paper, Table, statement_pdf
from parvis.tenancies.selectors.payments.transfers import years_of
from parvis.tenancies.selectors.payments.yearly import Sums, TenantYear, Year, tenants_of, year_of
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.views.payments import files

Cells = list[writing.Cell]
COLUMNS = ("Aide", "Rappel", "Retenue", "Versé")
TENANT_COLUMNS = ("Locataire", "N° allocataire", *COLUMNS)
WHAT_IT_IS = (
    "Sommes virées pendant l’année civile, quel que soit le mois auquel elles se rapportent. "
    "Les retenues sont déjà déduites de ce qui a été versé."
)


@page(needing(Right.PAYMENTS))
def yearly(request: PageRequest, year: int) -> HttpResponse:
    """One year, month by month, office by office, tenant by tenant."""
    found = year_of(request.actor, year)
    context = {"found": found, "whole": found.whole, "years": years_of(request.actor), "what_it_is": WHAT_IT_IS}
    return render(request, "landlord/payments/year.html", context)


@page(needing(Right.PAYMENTS))
def yearly_csv(request: PageRequest, year: int) -> HttpResponseBase:
    """Tenant by tenant, however many they are."""
    found = year_of(request.actor, year)
    tenants = tenants_of(request.actor, year) if found.tenants is None else found.tenants
    return files.streamed(chain([TENANT_COLUMNS], map(_tenant, tenants)), f"recapitulatif-{year}")


@page(needing(Right.PAYMENTS))
def yearly_xlsx(request: PageRequest, year: int) -> HttpResponse:
    """The same as a workbook; month by month where there are too many tenants for one."""
    found = year_of(request.actor, year)
    if found.tenants is None:
        months: list[Cells] = [[_label(item), *(cents / 100 for cents in _amounts(item))] for item in found.months]
        content = writing.xlsx(("Mois", *COLUMNS), months, name=f"Versements {year}")
    else:
        content = writing.xlsx(TENANT_COLUMNS, map(_tenant, found.tenants), name=f"Versements {year}")
    return files.sent(content, "xlsx", f"recapitulatif-{year}")


@page(needing(Right.PAYMENTS))
def yearly_pdf(request: PageRequest, year: int) -> HttpResponse:
    """The same on paper."""
    paper = _paper(request, year_of(request.actor, year))
    return files.sent(statement_pdf(paper, at=request.now), "pdf", f"recapitulatif-{year}")


def _paper(request: PageRequest, found: Year) -> Paper:
    total = ("Total", *_written(found.whole))
    tables = [
        Table("Mois par mois", ("Mois", *COLUMNS), [[_label(item), *_written(item)] for item in found.months], total)
    ]
    if len(found.offices) > 1:
        offices = [[_label(item), *_written(item)] for item in found.offices]
        tables.append(Table("Caisse par caisse", ("Caisse", *COLUMNS), offices, total))
    if found.tenants is not None:
        rows = [[f"{item.name} ({item.claimant_number})", *_written(item)] for item in found.tenants]
        tables.append(Table("Locataire par locataire", ("Locataire", *COLUMNS), rows, total))
    return Paper(
        title=f"Récapitulatif des versements {found.year}",
        subject=f"{euros(found.whole.total_cents)} versés en {found.year}",
        landlord=request.standing.landlord_name,
        facts=[("N° d’utilisateur", request.standing.user_number), ("Virements", str(found.whole.transfers))],
        tables=tables,
        notes=[WHAT_IT_IS],
        foot=f"{settings.PUBLIC_URL.split('://', 1)[-1]} · établi le {moment(request.now)} · montants en euros",
    )


def _tenant(item: TenantYear) -> Cells:
    return [item.name, item.claimant_number, *(cents / 100 for cents in _amounts(item))]


def _label(item: Sums) -> str:
    return month(item.label).capitalize() if isinstance(item.label, date) else item.label


def _amounts(item: Sums | TenantYear) -> tuple[int, int, int, int]:
    return item.aid_cents, item.back_payment_cents, item.recovery_cents, item.total_cents


def _written(item: Sums | TenantYear) -> list[str]:
    return [decimal(cents) if cents else "" for cents in _amounts(item)]
