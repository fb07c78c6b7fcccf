"""Addresses of the July rents by file."""

from __future__ import annotations

from django.urls import path

from parvis.web.landlord.views.files import confirming, report, start

FILES = "c/<str:account>/bailleur/fichiers"

patterns = [
    path(f"{FILES}/", start.files, name="rent-files"),
    path(f"{FILES}/format/", start.expected_format, name="rent-files-format"),
    path(f"{FILES}/loyers.xlsx", start.table, {"kind": "xlsx"}, name="rent-files-xlsx"),
    path(f"{FILES}/loyers.ods", start.table, {"kind": "ods"}, name="rent-files-ods"),
    path(f"{FILES}/loyers.csv", start.table, {"kind": "csv"}, name="rent-files-csv"),
    path(f"{FILES}/modele.xlsx", start.empty_table, {"kind": "xlsx"}, name="rent-files-model-xlsx"),
    path(f"{FILES}/modele.csv", start.empty_table, {"kind": "csv"}, name="rent-files-model-csv"),
    path(f"{FILES}/<uuid:file>/", report.report, name="rent-file"),
    path(f"{FILES}/<uuid:file>/avancement/", report.progress, name="rent-file-progress"),
    path(f"{FILES}/<uuid:file>/colonnes/", start.columns, name="rent-file-columns"),
    path(f"{FILES}/<uuid:file>/confirmer/", confirming.confirm, name="rent-file-confirm"),
    path(f"{FILES}/<uuid:file>/abandonner/", confirming.abandon, name="rent-file-abandon"),
    path(f"{FILES}/<uuid:file>/annote.xlsx", report.annotated, {"kind": "xlsx"}, name="rent-file-annotated-xlsx"),
    path(f"{FILES}/<uuid:file>/annote.csv", report.annotated, {"kind": "csv"}, name="rent-file-annotated-csv"),
]
