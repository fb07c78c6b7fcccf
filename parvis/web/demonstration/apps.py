"""The demonstration pages' application."""

from __future__ import annotations

from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    """Registers the pages with Django."""

    name = "parvis.web.demonstration"
    label = "web_demonstration"
