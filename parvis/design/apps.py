"""The design application."""

from __future__ import annotations

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.design"
    label = "design"
