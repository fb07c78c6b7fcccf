"""The correspondence application."""

from __future__ import annotations

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.correspondence"
    label = "correspondence"
