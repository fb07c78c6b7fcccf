"""The public pages' application."""

from __future__ import annotations

from django.apps import AppConfig

from parvis.web.public.help import help_centre


class PublicConfig(AppConfig):
    """Registers the pages with Django."""

    name = "parvis.web.public"
    label = "web_public"

    def ready(self) -> None:
        """Read the help centre: a bad file stops the start."""
        help_centre()
