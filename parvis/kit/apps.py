"""The kit application."""

from __future__ import annotations

from django.apps import AppConfig


class KitConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.kit"
    label = "kit"
