"""The identity application."""

from __future__ import annotations

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.identity"
    label = "identity"
