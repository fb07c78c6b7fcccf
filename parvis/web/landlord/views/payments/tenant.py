"""What was paid for one tenant, month by month."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from parvis.kit.actors import Right
from parvis.kit.clock import day_in_paris
from parvis.tenancies.paper import statement_pdf
from parvis.tenancies.selectors.payments.tenant import lines_of_tenant, payments_of_tenant
from parvis.web.frame.page import needing, page
from parvis.web.frame.render import render
from parvis.web.frame.requests import PageRequest
from parvis.web.landlord.downloads import Taken, paper_answer, table_answer
from parvis.web.landlord.forms.payments import year_in
from parvis.web.landlord.views.payments import files
from parvis.web.landlord.views.payments.papers import NATURES, heading_of, tenant_paper
from parvis.web.landlord.views.payments.words import aid_sentence, file_name
from parvis.web.landlord.words import chart_sentence

COLUMNS = (
    "Mois de droit", "Nature", "Montant", "Versé le", "Référence du virement", "Pourquoi", "À faire", "Compte crédité",
)  # fmt: skip


@page(needing(Right.PAYMENTS))
def tenant_payments(request: PageRequest, reference: UUID) -> HttpResponse:
    """The months of one year, drawn, listed, their gaps said in words."""
    today = day_in_paris(request.now)
    found = payments_of_tenant(request.actor, reference, year=year_in(request.GET), today=today)
    figures = [item.figures for item in found.months]
    has_rents = any(item.rent_cents is not None for item in figures)
    context = {
        "tenant": found,
        "figures": figures,
        "chart_sentence": chart_sentence(figures, paid_to_landlord=True) if has_rents else aid_sentence(figures),
        "has_rents": has_rents,
        "tabs_of_years": [(str(year), f"?annee={year}", year == found.year) for year in found.years],
        "may_consult": found.is_here and request.actor.may(Right.CONSULT),
    }
    return render(request, "landlord/payments/tenant.html", context)


@page(needing(Right.PAYMENTS))
def tenant_payments_file(request: PageRequest, reference: UUID, kind: str) -> HttpResponseBase:
    """Every line ever paid to the landlord for this tenant; a lease is too short for any of the formats to be full."""
    found = lines_of_tenant(request.actor, reference)
    taken = Taken("tenant-payments", file_name("versements", found.claimant_number))
    if kind == "pdf":
        content = statement_pdf(tenant_paper(heading_of(request), found), at=request.now)
        return paper_answer(request, taken, content, rows=len(found.lines))
    rows = (
        (
            f"{line.month:%m/%Y}", NATURES[line.kind], line.cents / 100, f"{line.paid_on:%d/%m/%Y}",
            line.transfer_ref, *files.reason_cells([line.reason_code], line.around), files.account_words(line.account_last4),
        )
        for line in found.lines
    )  # fmt: skip
    return table_answer(request, taken, kind, COLUMNS, rows, sheet="Versements")
