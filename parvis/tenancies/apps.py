"""The tenancies application."""

from __future__ import annotations

from django.apps import AppConfig


class TenanciesConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.tenancies"
    label = "tenancies"

    def ready(self) -> None:
        """Say which of our texts may be edited."""
        from parvis.parameters import texts
        from parvis.tenancies.reasons import FAMILY

        texts.register(FAMILY)
