"""Addresses of the landlord pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from parvis.web.landlord.addresses import declare, july, tenants

urlpatterns: list[URLPattern | URLResolver] = [*declare.patterns, *july.patterns, *tenants.patterns]
