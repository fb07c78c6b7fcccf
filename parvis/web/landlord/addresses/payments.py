"""Addresses of the payments."""

from __future__ import annotations

from django.urls import path

from parvis.web.landlord.views.payments import changed, matching, overview, statement, tenant, year

_HERE = "c/<str:account>/bailleur/paiements"
_TENANT = f"{_HERE}/locataires/<uuid:reference>"
_STATEMENT = f"{_HERE}/<uuid:transfer>"

patterns = [
    path(f"{_HERE}/", overview.payments, name="payments"),
    path(f"{_HERE}/retenues/", overview.recoveries, name="payments-recoveries"),
    path(f"{_HERE}/retenues.csv", overview.recoveries_file, {"kind": "csv"}, name="payments-recoveries-csv"),
    path(f"{_HERE}/retenues.xlsx", overview.recoveries_file, {"kind": "xlsx"}, name="payments-recoveries-xlsx"),
    path(f"{_HERE}/retenues.pdf", overview.recoveries_file, {"kind": "pdf"}, name="payments-recoveries-pdf"),
    path(f"{_HERE}/rapprocher/", matching.bank_matching, name="payments-match"),
    path(f"{_TENANT}/", tenant.tenant_payments, name="payments-tenant"),
    path(f"{_TENANT}/versements.csv", tenant.tenant_payments_file, {"kind": "csv"}, name="payments-tenant-csv"),
    path(f"{_TENANT}/versements.xlsx", tenant.tenant_payments_file, {"kind": "xlsx"}, name="payments-tenant-xlsx"),
    path(f"{_TENANT}/versements.pdf", tenant.tenant_payments_file, {"kind": "pdf"}, name="payments-tenant-pdf"),
    path(f"{_HERE}/annees/<int:year>/", year.yearly, name="payments-year"),
    path(f"{_HERE}/annees/<int:year>/recapitulatif.csv", year.yearly_csv, name="payments-year-csv"),
    path(f"{_HERE}/annees/<int:year>/recapitulatif.xlsx", year.yearly_xlsx, name="payments-year-xlsx"),
    path(f"{_HERE}/annees/<int:year>/recapitulatif.pdf", year.yearly_pdf, name="payments-year-pdf"),
    path(f"{_STATEMENT}/", statement.statement, name="payments-statement"),
    path(f"{_STATEMENT}/changements/", changed.changed, name="payments-changes"),
    path(f"{_STATEMENT}/changements.csv", changed.changed_file, {"kind": "csv"}, name="payments-changes-csv"),
    path(f"{_STATEMENT}/changements.xlsx", changed.changed_file, {"kind": "xlsx"}, name="payments-changes-xlsx"),
    path(f"{_STATEMENT}/releve.csv", statement.statement_file, {"kind": "csv"}, name="payments-statement-csv"),
    path(f"{_STATEMENT}/releve.xlsx", statement.statement_file, {"kind": "xlsx"}, name="payments-statement-xlsx"),
    path(f"{_STATEMENT}/releve.pdf", statement.statement_file, {"kind": "pdf"}, name="payments-statement-pdf"),
]
