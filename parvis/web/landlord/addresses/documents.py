"""Addresses of the documents received and sent, and of the offices to write to."""

from __future__ import annotations

from django.urls import path

from parvis.web.landlord.views import documents
from parvis.web.landlord.views.changes import contact

_HERE = "c/<str:account>/bailleur/documents"

patterns = [
    path(f"{_HERE}/", documents.documents, name="documents"),
    path(f"{_HERE}/annees/<int:year>/", documents.year, name="documents-year"),
    path("c/<str:account>/bailleur/contact/", contact.contact_office, name="contact-office"),
]
