"""The back office's application."""

from __future__ import annotations

from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    """Registers the pages with Django."""

    name = "parvis.web.backoffice"
    label = "web_backoffice"
