"""Addresses of the July rents and of their receipts."""

from __future__ import annotations

from django.urls import path

from parvis.web.landlord.views import home, receipts
from parvis.web.landlord.views.july import (
    across,
    across_helping,
    across_sending,
    correcting,
    grid,
    leaving,
    paper,
    sending,
)

RENTS = "c/<str:account>/bailleur/loyers"
ALL_RENTS = "comptes/loyers-a-declarer"
RECEIPTS = "c/<str:account>/bailleur/accuses"

patterns = [
    path(f"{RENTS}/", grid.july_rents, name="july-rents"),
    path(f"{RENTS}/reprendre/", grid.prefill, name="july-rents-prefill"),
    path(f"{RENTS}/verifier/", sending.check, name="july-rents-check"),
    path(f"{RENTS}/transmettre/", sending.submit, name="july-rents-submit"),
    path(f"{RENTS}/plus-tard/", leaving.later, name="july-rents-later"),
    path(f"{RENTS}/recapitulatif/", home.july_recap, name="july-rents-recap"),
    path(f"{RENTS}/papier/", paper.paper_form_page, name="july-rents-paper"),
    path(f"{RENTS}/papier/formulaire/", paper.paper_form_pdf, name="july-rents-paper-pdf"),
    path(f"{RENTS}/<uuid:tenancy>/", grid.save, name="july-rent-save"),
    path(f"{RENTS}/<uuid:tenancy>/corriger/", correcting.correct, name="july-rent-correct"),
    path(f"{ALL_RENTS}/", across.rents_across, name="rents-across"),
    path(f"{ALL_RENTS}/reprendre/", across_helping.prefill, name="rents-across-prefill"),
    path(f"{ALL_RENTS}/papier/", across_helping.paper, name="rents-across-paper"),
    path(f"{ALL_RENTS}/papier/formulaire/", across_helping.paper_pdf, name="rents-across-paper-pdf"),
    path(f"{ALL_RENTS}/verifier/", across_sending.check, name="rents-across-check"),
    path(f"{ALL_RENTS}/transmis/", across_sending.sent, name="rents-across-sent"),
    path(f"{RECEIPTS}/", receipts.receipts, name="receipts"),
    path(f"{RECEIPTS}/<str:number>/", receipts.receipt, name="receipt"),
    path(f"{RECEIPTS}/<str:number>/pdf/", receipts.receipt_pdf, name="receipt-pdf"),
    path(f"{RECEIPTS}/<str:number>/loyers.csv", receipts.receipt_table, name="receipt-table"),
]
