"""The public pages' application."""

from __future__ import annotations

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """Registers the pages with Django."""

    name = "parvis.web.public"
    label = "web_public"
