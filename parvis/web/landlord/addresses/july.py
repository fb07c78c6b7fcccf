"""Addresses of the July rents and of their receipts."""

from __future__ import annotations

from django.urls import path

from parvis.web.landlord.views import july, receipts, sending

patterns = [
    path("c/<str:account>/bailleur/loyers/", july.july_rents, name="july-rents"),
    path("c/<str:account>/bailleur/loyers/reprendre/", july.prefill, name="july-rents-prefill"),
    path("c/<str:account>/bailleur/loyers/verifier/", sending.check, name="july-rents-check"),
    path("c/<str:account>/bailleur/loyers/transmettre/", sending.submit, name="july-rents-submit"),
    path("c/<str:account>/bailleur/loyers/<uuid:tenancy>/", july.save, name="july-rent-save"),
    path("c/<str:account>/bailleur/loyers/<uuid:tenancy>/corriger/", sending.correct, name="july-rent-correct"),
    path("c/<str:account>/bailleur/accuses/", receipts.receipts, name="receipts"),
    path("c/<str:account>/bailleur/accuses/<str:number>/", receipts.receipt, name="receipt"),
    path("c/<str:account>/bailleur/accuses/<str:number>/pdf/", receipts.receipt_pdf, name="receipt-pdf"),
]
