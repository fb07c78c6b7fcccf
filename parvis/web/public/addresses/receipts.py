"""Address of the page that tells whether a receipt is authentic."""

from __future__ import annotations

from django.urls import path

from parvis.web.public.views import receipts

patterns = [
    path("verifier/", receipts.verify_receipt, name="verify-receipt"),
]
