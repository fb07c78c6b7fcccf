"""Address of the documents received and sent."""

from __future__ import annotations

from django.urls import path

from parvis.web.landlord.views import documents

patterns = [path("c/<str:account>/bailleur/documents/", documents.documents, name="documents")]
