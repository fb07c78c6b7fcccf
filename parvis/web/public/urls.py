"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from parvis.web.public.addresses import help as help_addresses
from parvis.web.public.addresses import offices, pages, receipts, texts

urlpatterns: list[URLPattern | URLResolver] = [
    *receipts.patterns,
    *pages.patterns,
    *help_addresses.patterns,
    *offices.patterns,
    *texts.patterns,
]
