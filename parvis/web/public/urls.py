"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from parvis.web.public.addresses import pages

urlpatterns: list[URLPattern | URLResolver] = [*pages.patterns]
