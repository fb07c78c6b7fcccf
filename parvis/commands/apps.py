"""The commands application."""

from __future__ import annotations

from django.apps import AppConfig


class CommandsConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.commands"
    label = "commands"
