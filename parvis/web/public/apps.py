"""The public pages' application."""

from __future__ import annotations

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """Registers the pages with Django."""

    name = "parvis.web.public"
    label = "web_public"

    def ready(self) -> None:
        """Read the help centre: a bad file stops the start. Its articles may be edited, and answer before one asks."""
        from parvis.contact import meanwhile
        from parvis.parameters import texts
        from parvis.web.public.help.centre import original
        from parvis.web.public.help.editing import FAMILY
        from parvis.web.public.help.meanwhile import articles_for

        original()
        texts.register(FAMILY)
        meanwhile.register(articles_for)
