"""The demo application."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.demo"
    label = "demo"
