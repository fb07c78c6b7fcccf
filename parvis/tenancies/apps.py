"""The tenancies application."""

from __future__ import annotations

from django.apps import AppConfig


class TenanciesConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.tenancies"
    label = "tenancies"
