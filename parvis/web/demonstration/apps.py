"""The demonstration pages' application."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register

from parvis.config.checks import agents_come_by_a_door_of_their_own, no_work_date_in_production


class DemonstrationConfig(AppConfig):
    """Registers the pages with Django, and what production looks at before it starts."""

    name = "parvis.web.demonstration"
    label = "web_demonstration"

    def ready(self) -> None:
        """Let every command look before it starts."""
        register(no_work_date_in_production)
        register(agents_come_by_a_door_of_their_own)
