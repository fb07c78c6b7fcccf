"""The parameters application."""

from __future__ import annotations

from django.apps import AppConfig


class ParametersConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.parameters"
    label = "parameters"
