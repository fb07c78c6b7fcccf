"""The landlords application."""

from __future__ import annotations

from django.apps import AppConfig


class LandlordsConfig(AppConfig):
    """Registers the room with Django."""

    name = "parvis.landlords"
    label = "landlords"

    def ready(self) -> None:
        """Say who draws the secrets of our messages, and that they are of no office in particular."""
        from parvis.correspondence import secrets
        from parvis.correspondence.rendering import belonging
        from parvis.landlords.services.role import replacing
        from parvis.landlords.services.users import links

        secrets.register(replacing.CODE, replacing.draw_code)
        belonging.of_everybody(self.label)
        secrets.register(links.INVITATION_LINK, links.draw)
