"""The landlord pages' application."""

from __future__ import annotations

from django.apps import AppConfig


class LandlordConfig(AppConfig):
    """Registers the pages with Django."""

    name = "parvis.web.landlord"
    label = "web_landlord"
