"""The opinions application."""

from __future__ import annotations

from django.apps import AppConfig


class OpinionsConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.opinions"
    label = "opinions"
