"""Addresses of the landlord pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from parvis.web.landlord.addresses import changes, declare, documents, files, july, tenants

urlpatterns: list[URLPattern | URLResolver] = [
    *changes.patterns,
    *declare.patterns,
    *documents.patterns,
    *files.patterns,
    *july.patterns,
    *tenants.patterns,
]
