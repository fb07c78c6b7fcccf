"""Address of the documents received and sent."""

from __future__ import annotations

from django.urls import path

from parvis.web.landlord.views import documents

_HERE = "c/<str:account>/bailleur/documents"

patterns = [
    path(f"{_HERE}/", documents.documents, name="documents"),
    path(f"{_HERE}/annees/<int:year>/", documents.year, name="documents-year"),
]
