"""The public pages' application."""

from __future__ import annotations

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """Registers the pages with Django."""

    name = "parvis.web.public"
    label = "web_public"

    def ready(self) -> None:
        """Read the help centre: a bad file stops the start. Its articles may be edited."""
        from parvis.parameters import texts
        from parvis.web.public.help.centre import original
        from parvis.web.public.help.editing import FAMILY

        original()
        texts.register(FAMILY)
