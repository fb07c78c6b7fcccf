"""Addresses of the July rents by file."""

from __future__ import annotations

from django.urls import path

from parvis.web.landlord.views.files import across, across_report, confirming, report, start

FILES = "c/<str:account>/bailleur/fichiers"
ALL_FILES = "comptes/loyers-a-declarer/fichiers"

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
    path(f"{FILES}/<uuid:file>/annote.ods", report.annotated, {"kind": "ods"}, name="rent-file-annotated-ods"),
    path(f"{FILES}/<uuid:file>/annote.csv", report.annotated, {"kind": "csv"}, name="rent-file-annotated-csv"),
    path(f"{ALL_FILES}/", across.files, name="rents-across-files"),
    path(f"{ALL_FILES}/loyers.xlsx", across.table, {"kind": "xlsx"}, name="rents-across-xlsx"),
    path(f"{ALL_FILES}/loyers.ods", across.table, {"kind": "ods"}, name="rents-across-ods"),
    path(f"{ALL_FILES}/loyers.csv", across.table, {"kind": "csv"}, name="rents-across-csv"),
    path(f"{ALL_FILES}/<uuid:upload>/", across_report.report, name="rents-across-file"),
    path(f"{ALL_FILES}/<uuid:upload>/avancement/", across_report.progress, name="rents-across-file-progress"),
    path(f"{ALL_FILES}/<uuid:upload>/colonnes/", across.columns, name="rents-across-file-columns"),
    path(f"{ALL_FILES}/<uuid:upload>/confirmer/", across_report.confirm, name="rents-across-file-confirm"),
    path(f"{ALL_FILES}/<uuid:upload>/abandonner/", across_report.abandon, name="rents-across-file-abandon"),
    path(
        f"{ALL_FILES}/<uuid:upload>/annote.xlsx",
        across_report.annotated,
        {"kind": "xlsx"},
        name="rents-across-file-annotated-xlsx",
    ),
    path(
        f"{ALL_FILES}/<uuid:upload>/annote.ods",
        across_report.annotated,
        {"kind": "ods"},
        name="rents-across-file-annotated-ods",
    ),
    path(
        f"{ALL_FILES}/<uuid:upload>/annote.csv",
        across_report.annotated,
        {"kind": "csv"},
        name="rents-across-file-annotated-csv",
    ),
]
