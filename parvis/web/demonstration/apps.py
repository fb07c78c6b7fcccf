"""The demonstration pages' application."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register

from parvis.config.checks import no_work_date_in_production


class DemonstrationConfig(AppConfig):
    """Registers the pages with Django, and what makes sure that production has nothing of a demonstration."""

    name = "parvis.web.demonstration"
    label = "web_demonstration"

    def ready(self) -> None:
        """Let every command look before it starts."""
        register(no_work_date_in_production)
