"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path

from parvis.web.public.views import health, pages

patterns = [
    path("", pages.home, name="home"),
    path("aide/", pages.help_page, name="help"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("donnees-personnelles/", pages.personal_data, name="personal-data"),
    path("mentions-legales/", pages.legal_notice, name="legal-notice"),
    path("contact/", pages.contact, name="contact"),
    path("healthz", health.health, name="health"),
    path("readyz", health.ready, name="ready"),
]
