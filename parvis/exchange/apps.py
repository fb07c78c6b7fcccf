"""The exchange application."""

from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.exchange"
    label = "exchange"
