"""Addresses of the payments."""

from __future__ import annotations

from django.urls import path

from parvis.web.landlord.views.payments import matching, overview, statement, tenant, year

_HERE = "c/<str:account>/bailleur/paiements"
_STATEMENT = f"{_HERE}/<uuid:transfer>"

patterns = [
    path(f"{_HERE}/", overview.payments, name="payments"),
    path(f"{_HERE}/retenues/", overview.recoveries, name="payments-recoveries"),
    path(f"{_HERE}/retenues.csv", overview.recoveries_csv, name="payments-recoveries-csv"),
    path(f"{_HERE}/rapprocher/", matching.bank_matching, name="payments-match"),
    path(f"{_HERE}/locataires/<uuid:reference>/", tenant.tenant_payments, name="payments-tenant"),
    path(f"{_HERE}/locataires/<uuid:reference>/versements.csv", tenant.tenant_payments_csv, name="payments-tenant-csv"),
    path(f"{_HERE}/annees/<int:year>/", year.yearly, name="payments-year"),
    path(f"{_HERE}/annees/<int:year>/recapitulatif.csv", year.yearly_csv, name="payments-year-csv"),
    path(f"{_HERE}/annees/<int:year>/recapitulatif.xlsx", year.yearly_xlsx, name="payments-year-xlsx"),
    path(f"{_HERE}/annees/<int:year>/recapitulatif.pdf", year.yearly_pdf, name="payments-year-pdf"),
    path(f"{_STATEMENT}/", statement.statement, name="payments-statement"),
    path(f"{_STATEMENT}/releve.csv", statement.statement_file, {"kind": "csv"}, name="payments-statement-csv"),
    path(f"{_STATEMENT}/releve.xlsx", statement.statement_file, {"kind": "xlsx"}, name="payments-statement-xlsx"),
    path(f"{_STATEMENT}/releve.pdf", statement.statement_file, {"kind": "pdf"}, name="payments-statement-pdf"),
]
