"""The organisation pages."""

from __future__ import annotations

from django.apps import AppConfig


class OrganisationPagesConfig(AppConfig):
    """Registers the pages with Django."""

    name = "parvis.web.organisation"
    label = "web_organisation"
