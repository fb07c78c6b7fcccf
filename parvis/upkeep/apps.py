"""The upkeep application."""

from __future__ import annotations

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.upkeep"
    label = "upkeep"
