"""The declarations application."""

from __future__ import annotations

from django.apps import AppConfig


class DeclarationsConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.declarations"
    label = "declarations"
