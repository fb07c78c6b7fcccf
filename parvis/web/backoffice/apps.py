"""The back office's application."""

from __future__ import annotations

from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    """Registers the pages with Django."""

    name = "parvis.web.backoffice"
    label = "web_backoffice"

    def ready(self) -> None:
        """Let what is said at the telephone be edited."""
        from parvis.parameters import texts
        from parvis.web.backoffice.desk.calls import FAMILY

        texts.register(FAMILY)
