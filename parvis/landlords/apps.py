"""The landlords application."""

from __future__ import annotations

from django.apps import AppConfig


class LandlordsConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.landlords"
    label = "landlords"

    def ready(self) -> None:
        """Say who draws the secrets of our messages."""
        from parvis.correspondence import secrets
        from parvis.landlords.services.role import replacing
        from parvis.landlords.services.users import links

        secrets.register(replacing.CODE, replacing.draw_code)
        secrets.register(links.INVITATION_LINK, links.draw)
