"""The landlords application."""

from __future__ import annotations

from django.apps import AppConfig


class LandlordsConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.landlords"
    label = "landlords"
